import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { createLocalSecrets } from '../config/local-secrets.ts';
import { deferred } from '../lib/deferred.ts';
import { systemRandom } from '../lib/ids.ts';
import type { Provider } from '../providers/spec/provider.ts';
import { describeFindings, runDoctor, type DoctorCheck, type Finding } from './doctor.ts';
import { certificateCheck, dataFolderCheck, nodeCheck, portCheck, secretsCheck } from './doctor-machine.ts';
import {
  databaseCheck,
  nativeModuleCheck,
  providerCheck,
  settingsCheck,
  switchedOffCheck,
} from './doctor-parts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malbeot-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;

/** The findings of one check, as `status: words`. */
async function look(check: DoctorCheck): Promise<readonly string[]> {
  const findings = await runDoctor([check], { signal });
  return findings.map((finding) => `${finding.status}: ${wordsOf(finding)}`);
}

function wordsOf(finding: Finding): string {
  return describeFindings([{ ...finding, part: 'x', action: null }], 'en')
    .split('\n')[0]!
    .replace(/^. x: /, '');
}

describe('the doctor', () => {
  it('goes on when a check breaks or hangs', async () => {
    const findings = await runDoctor(
      [
        { part: 'broken', run: () => Promise.reject(new Error('no luck\nat line 1')) },
        { part: 'hanging', run: () => deferred<never>().promise },
        { part: 'fine', run: () => [{ part: 'fine', status: 'ok', what: 'All right.', action: null }] },
      ],
      { signal, limitMs: 10 },
    );
    expect(findings.map(({ status }) => status)).toEqual(['fail', 'fail', 'ok']);
    expect(describeFindings(findings, 'en').split('\n')).toEqual([
      '✗ broken: It could not be checked: no luck',
      '✗ hanging: It did not answer within 0.01 s.',
      '    → See in the log what is slow.',
      '✓ fine: All right.',
      '',
      '2 things have to be repaired, 0 are worth a look.',
    ]);
    expect(describeFindings(findings, 'ko')).toContain('고칠 것이 2가지');
  });

  it('stops when it is told to', async () => {
    await expect(
      runDoctor([nodeCheck('v20.19.0', '20.19.0')], { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('checks of the machine', () => {
  it.each([
    ['v20.19.0', 'ok'],
    ['v20.20.2', 'ok'],
    ['v22.0.0', 'ok'],
    ['v20.18.9', 'fail'],
    ['v18.20.0', 'fail'],
  ])('Node %s: %s', async (version, status) => {
    expect((await look(nodeCheck(version, '20.19.0')))[0]).toMatch(`${status}: ${version}`);
  });

  it('looks at the data folder, there or not yet', async () => {
    expect((await look(dataFolderCheck(folder)))[0]).toMatch(/^(ok|warn|fail): /);
    expect((await look(dataFolderCheck(join(folder, 'a', 'b'))))[0]).not.toContain('can not be written');
    writeFileSync(join(folder, 'file'), '');
    expect((await look(dataFolderCheck(join(folder, 'file', 'data'))))[0]).toMatch('fail: ');
  });

  it.runIf(process.getuid?.() !== 0)('sees a folder that can not be written', async () => {
    chmodSync(folder, 0o500);
    expect((await look(dataFolderCheck(folder)))[0]).toMatch(/^fail: .* can not be written \(EACCES\)/);
  });

  it('sees secrets that others can read', async () => {
    const check = () => secretsCheck({ profile: 'local', data: { folder: join(folder, 'data') } });
    expect(await look(check())).toEqual(['ok: The first start makes them.']);
    mkdirSync(join(folder, 'data'));
    createLocalSecrets({ random: systemRandom, write: true })(join(folder, 'data'));
    expect(await look(check())).toEqual(['ok: Only their owner can read them.']);
    chmodSync(join(folder, 'data', 'secrets.json'), 0o644);
    expect((await look(check()))[0]).toMatch(/^warn: .* can be read by other users/);
  });

  describe('the port', () => {
    let server: Server;
    let port: number;
    beforeEach(async () => {
      server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ({ port } = server.address() as AddressInfo);
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    it('is taken, by a program that is named where the system tells', async () => {
      const [finding] = await look(portCheck({ host: '127.0.0.1', port }));
      expect(finding).toMatch(`warn: Port ${port} is taken by `);
    });

    it.runIf(process.platform === 'linux')('tells which process holds it', async () => {
      expect((await look(portCheck({ host: '127.0.0.1', port })))[0]).toContain(`(PID ${process.pid})`);
    });

    it('is free again', async () => {
      await new Promise((resolve) => server.close(resolve));
      expect(await look(portCheck({ host: '127.0.0.1', port }))).toEqual([`ok: Port ${port} is free.`]);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });

    it('can not be had on an address of another machine', async () => {
      expect((await look(portCheck({ host: '192.0.2.1', port })))[0]).toMatch(
        /^fail: Can not listen on 192\.0\.2\.1/,
      );
    });
  });

  describe('the certificate', () => {
    const tls = (required = false) => ({
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'key.pem'),
      required,
    });
    const hasOpenssl = (() => {
      try {
        execFileSync('openssl', ['version']);
        return true;
      } catch {
        return false;
      }
    })();
    const make = (days: number, name = 'cert') => {
      const out = [
        '-keyout',
        join(folder, name === 'cert' ? 'key.pem' : `${name}-key.pem`),
        '-out',
        join(folder, `${name}.pem`),
      ];
      const subject = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example'];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-days',
          `${days}`,
          ...subject,
          ...out,
        ],
        { stdio: 'ignore' },
      );
    };

    it('need not be there, unless it was named', async () => {
      expect((await look(certificateCheck(tls(), Date.now())))[0]).toMatch(/^ok: There is none/);
      expect((await look(certificateCheck(tls(true), Date.now())))[0]).toMatch(/^fail: .*cert\.pem/);
    });

    it('is no use when it is something else', async () => {
      writeFileSync(join(folder, 'cert.pem'), 'no certificate');
      expect((await look(certificateCheck(tls(), Date.now())))[0]).toMatch(/^fail: .*key\.pem/);
      writeFileSync(join(folder, 'key.pem'), 'no key');
      expect((await look(certificateCheck(tls(), Date.now())))[0]).toMatch(
        /^fail: Certificate and key can not be used/,
      );
    });

    it.runIf(hasOpenssl)('is good, ends soon, has ended, or belongs to another key', async () => {
      make(90);
      const at = (days: number) => certificateCheck(tls(), Date.now() + days * 86_400_000);
      expect((await look(at(0)))[0]).toMatch(/^ok: DNS:shop\.example, good until \d{4}-/);
      expect((await look(at(70)))[0]).toMatch(/^warn: It ends on /);
      expect((await look(at(91)))[0]).toMatch(/^fail: It ended on /);
      make(90, 'other');
      const mixed = { ...tls(), keyFile: join(folder, 'other-key.pem') };
      expect((await look(certificateCheck(mixed, Date.now())))[0]).toMatch(/^fail: .*does not belong/);
    });
  });
});

describe('checks of parts', () => {
  const provider = (change: Partial<Provider> = {}, standIn = false): Provider => ({
    info: {
      id: 'demo_ear',
      name: 'Demo ear',
      cost: 'free',
      local: true,
      standIn,
      languages: ['ko'],
      needs: '',
    },
    availability: () => ({ available: true }),
    ...change,
  });

  it('names settings that were given and are not used yet', async () => {
    const loaded = loadConfig({
      env: { REDIS_URL: 'redis://r', DB_USER: 'x', PORT: '81' },
      cwd: folder,
      readFile: () => null,
      localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
    });
    expect(await look(settingsCheck(loaded))).toEqual([
      'warn: REDIS_URL is not used by this version yet.',
      'warn: DB_USER has no effect without DB_HOST.',
    ]);
    expect(await look(settingsCheck({ inForce: [], warnings: [] }))).toEqual([
      'ok: All that are given are in use.',
    ]);
  });

  it.each([
    [[], 'ok: sqlite:x, its tables are up to date.'],
    [[{ name: 'a', state: 'pending', appliedAt: null }], 'warn: sqlite:x, 1 migrations are pending.'],
    [[{ name: 'a', state: 'unknown', appliedAt: 1 }], 'fail: sqlite:x has tables of another version: a'],
    [new Error('connect ECONNREFUSED'), 'fail: sqlite:x can not be reached: connect ECONNREFUSED'],
  ] as const)('database with %j', async (states, words) => {
    const migrations = () => (states instanceof Error ? Promise.reject(states) : Promise.resolve(states));
    expect(await look(databaseCheck({ shown: 'sqlite:x', migrations }))).toEqual([words]);
  });

  it('tries native modules', async () => {
    expect(await look(nativeModuleCheck('better-sqlite3', () => Promise.resolve()))).toEqual([
      'ok: It loads.',
    ]);
    const [broken] = await look(
      nativeModuleCheck('better-sqlite3', () => Promise.reject(new Error('wrong ELF class'))),
    );
    expect(broken).toBe('fail: It does not load: wrong ELF class');
  });

  it('tries providers', async () => {
    const check = (tried: Provider, prove?: () => Promise<void>) =>
      look(providerCheck({ part: 'Ears', provider: tried, ...(prove === undefined ? {} : { prove }) }));
    expect(await check(provider())).toEqual(['ok: Demo ear works.']);
    expect(await check(provider({}, true))).toEqual([
      'ok: Demo ear works. It only stands in for a better one.',
    ]);
    const gone = provider({
      availability: () => ({ available: false, reason: 'no file.', action: 'Get it.' }),
    });
    expect(await check(gone)).toEqual(['fail: Demo ear can not be used: no file.']);
    const corrupt = provider({ preload: () => Promise.reject(new Error('corrupt')) });
    expect(await check(corrupt)).toEqual(['fail: Demo ear can not be used: corrupt']);
    expect(await check(provider(), () => Promise.reject(new Error('heard nothing')))).toEqual([
      'fail: Demo ear can not be used: heard nothing',
    ]);
    expect(await look(switchedOffCheck('Voice', 'TTS_ENABLED'))).toEqual([
      'ok: Switched off by TTS_ENABLED.',
    ]);
  });
});
