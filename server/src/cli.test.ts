import type { Language } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { runCli, type CliActions, type Flags } from './cli.ts';
import { loadConfig, type LoadedConfig } from './config/load.ts';
import { createLocalSecrets } from './config/local-secrets.ts';
import { AppError } from './errors/app-error.ts';
import { systemRandom } from './lib/ids.ts';
import type { InstalledModel } from './models/installed-model.ts';
import type { ListedModel } from './models/listed-model.ts';

const model: InstalledModel = {
  id: 'demo-ear',
  kind: 'ears',
  languages: ['ko'],
  licence: 'Apache-2.0',
  builtIn: true,
  files: [{ path: '/models/demo-ear.onnx', size: 4_971_099, sha256: 'aa' }],
};

const listed: ListedModel = {
  id: 'demo-ear',
  name: null,
  kind: 'ears',
  languages: ['ko'],
  licence: 'Apache-2.0',
  state: 'built_in',
  bytes: 4_971_099,
  isExact: true,
  downloadBytes: 0,
};

const load = (flags: Flags): LoadedConfig =>
  loadConfig({
    flags,
    env: { GROQ_API_KEY: 'gsk_12345678', REDIS_URL: 'redis://shop:6379' },
    cwd: '/shop',
    readFile: () => null,
    localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
  });

/** Runs a command over actions that note how they were called. */
async function run(line: string, change: Partial<CliActions> = {}, language: Language = 'en') {
  const called: unknown[][] = [];
  const note =
    <T>(name: string, answer: T) =>
    (...rest: unknown[]): Promise<T> => {
      called.push([name, ...rest]);
      return Promise.resolve(answer);
    };
  const actions: CliActions = {
    serve: note('serve', 0),
    worker: note('worker', 0),
    config: (flags) => Promise.resolve(load(flags)),
    writeDocs: note('writeDocs', ['docs/errors.md']),
    doctor: note('doctor', [{ part: 'Port', status: 'ok', what: 'free', action: null } as const]),
    migrationStatus: note('migrationStatus', [
      { name: 'kiosk-0001-tables', state: 'pending', appliedAt: null } as const,
    ]),
    migrateForward: note('migrateForward', ['kiosk-0001-tables']),
    migrateBack: note('migrateBack', []),
    listModels: note('listModels', [listed]),
    modelsHere: note('modelsHere', [model]),
    pullModels: note('pullModels', 'done' as const),
    removeModels: note('removeModels', 'failed' as const),
    verifyModels: note('verifyModels', [{ id: 'demo-ear', builtIn: true, problems: [] }]),
    createKey: note('createKey', {
      id: 'key_1',
      kind: 'api',
      name: 'till',
      prefix: 'mbk_abcdef',
      key: 'mbk_abcdefgh',
      kioskId: null,
      createdAt: 0,
      lastUsedAt: null,
      revokedAt: null,
    } as const),
    listKeys: note('listKeys', [
      {
        id: 'dev_1',
        kind: 'device',
        name: '1층',
        prefix: 'mbd_abcdef',
        kioskId: 'kiosk-1',
        createdAt: 0,
        lastUsedAt: 86_400_000,
        revokedAt: null,
      } as const,
    ]),
    revokeKey: (_, id) => Promise.resolve(id === 'key_1'),
    ...change,
  };
  const printed: string[] = [];
  const complained: string[] = [];
  const exitCode = await runCli(line.split(' ').filter(Boolean), actions, {
    language,
    version: '0.1.0',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  });
  return { exitCode, called, printed: printed.join('\n'), complained: complained.join('\n') };
}

describe('malbeot', () => {
  it('serves when no command is named, with settings from flags', async () => {
    expect((await run('')).called).toEqual([['serve', {}]]);
    const flags = { PORT: '9000', MALBEOT_DATA: '/d', RATE_LIMIT: 'off', LOG_LEVEL: 'debug' };
    expect((await run('--port 9000 --data /d --set RATE_LIMIT=off --log-level debug')).called).toEqual([
      ['serve', flags],
    ]);
    expect((await run('serve --port 9000')).called).toEqual([['serve', { PORT: '9000' }]]);
    expect((await run('serve', { serve: () => Promise.resolve(1) })).exitCode).toBe(1);
    expect((await run('worker --profile docker')).called).toEqual([
      ['worker', { MALBEOT_PROFILE: 'docker' }],
    ]);
  });

  it.each([
    ['nonsense', 2],
    ['--nonsense', 2],
    ['serve --set PORT', 2],
    ['migrate --down 0', 2],
    ['migrate --down --status', 2],
    ['keys create', 2],
    ['keys create --name a --device', 2],
    ['keys create --name a --kiosk k', 2],
    ['backup --to there', 2],
    ['restore there', 2],
    ['models pull', 2],
    ['models remove', 2],
    ['models verify whisper', 2],
    ['--help', 0],
    ['--version', 0],
    ['bench', 0],
  ])('%s ends with %i', async (line, exitCode) => {
    const result = await run(line);
    expect(result.exitCode).toBe(exitCode);
    expect(exitCode === 0 ? result.printed : result.complained).not.toBe('');
    expect(result.called.filter(([name]) => name !== 'modelsHere')).toEqual([]);
  });

  it('names the commands there are when it is given another', async () => {
    const { complained } = await run('frob now', {}, 'ko');
    expect(complained).toMatch(/^frob라는 명령은 없어요\. 있는 것: serve, worker, config, doctor, .*keys/);
  });

  it('says of what is not in this version what to do until then', async () => {
    expect((await run('backup')).complained).toContain('copy the data folder');
  });

  it('tells wrong settings in the language of the terminal', async () => {
    const result = await run('config --port x', {}, 'ko');
    expect(result.exitCode).toBe(3);
    expect(result.complained).toContain('PORT (명령 옵션): 받은 값 "x"');
  });

  it('tells errors with a code, and lets bugs through', async () => {
    const refused = await run('keys list', {
      listKeys: () => Promise.reject(new AppError('CONFLICT', { detail: 'No.' })),
    });
    expect(refused).toMatchObject({ exitCode: 1, complained: 'No.' });
    await expect(run('keys list', { listKeys: () => Promise.reject(new TypeError('bug')) })).rejects.toThrow(
      'bug',
    );
  });

  it('prints the settings in force, with what is not used yet and without secrets', async () => {
    const { printed } = await run('config --port 9000');
    expect(printed).toMatch(/^NAME +VALUE +FROM +NOTE\n/);
    expect(printed).toMatch(/^PORT +9000 +flag$/m);
    expect(printed).toMatch(/^GROQ_API_KEY +\*{8} +environment *$/m);
    expect(printed).toMatch(/^REDIS_URL .+ environment +not used by this version yet$/m);
    expect(printed).toMatch(/^MALBEOT_SECRET +\*{8} +made at first start \(\/shop\/data\/secrets\.json\)$/m);
    expect(printed).toMatch(/^DATABASE_URL +sqlite:\/shop\/data\/malbeot\.db +default$/m);
    expect(printed).not.toContain('gsk_');
    expect((await run('config', {}, 'ko')).printed).toMatch(/^이름 +값 +어디서 +메모\n/);
  });

  it('writes the files made from the code', async () => {
    expect(await run('config --write-docs')).toMatchObject({ exitCode: 0, printed: 'Wrote docs/errors.md.' });
  });

  it('ends with 1 when the doctor found something to repair', async () => {
    expect(await run('doctor')).toMatchObject({ exitCode: 0, printed: '✓ Port: free\n\nAll is well.' });
    const finding = { part: 'Port', status: 'fail', what: 'gone', action: 'Look.' } as const;
    const { exitCode, printed } = await run('doctor', { doctor: () => Promise.resolve([finding]) });
    expect(exitCode).toBe(1);
    expect(printed).toContain('✗ Port: gone\n    → Look.');
  });

  it('migrates, forward, back and not at all', async () => {
    expect((await run('migrate')).printed).toBe('kiosk-0001-tables: done.');
    expect((await run('migrate --status')).printed).toMatch(/^kiosk-0001-tables +pending +-$/m);
    expect((await run('migrate --down')).called).toEqual([['migrateBack', {}, 1]]);
    const back = await run('migrate --down 3');
    expect(back.called).toEqual([['migrateBack', {}, 3]]);
    expect(back.printed).toBe('Nothing to take back.');
  });

  it('lists and verifies models', async () => {
    expect((await run('models list')).printed).toMatch(
      /^demo-ear +ears +ko +5\.0 MB +Apache-2\.0 +built in$/m,
    );
    expect(JSON.parse((await run('models list --json')).printed)).toEqual([listed]);
    const large = { ...listed, state: 'available', isExact: false, languages: [...'abcdefgh'] } as const;
    const { printed } = await run('models list', { listModels: () => Promise.resolve([large]) }, 'ko');
    expect(printed).toMatch(/^demo-ear +귀 +a, b, c \+5 +~5\.0 MB +Apache-2\.0 +-$/m);
    expect(await run('models verify demo-ear')).toMatchObject({
      exitCode: 0,
      printed: 'demo-ear: size and content are right.',
    });
    const problem = { path: 'x.onnx', problem: 'wrong-size', found: '1', expected: '2' } as const;
    const bad = await run('models verify', {
      verifyModels: () => Promise.resolve([{ id: 'demo-ear', builtIn: false, problems: [problem] }]),
    });
    expect(bad.exitCode).toBe(1);
    expect(bad.printed).toContain('x.onnx: it has 1 bytes and has to have 2.');
    expect(bad.printed).toContain('malbeot models pull demo-ear');
  });

  it('pulls and removes models, and ends as that ends', async () => {
    const pulled = await run('models pull a b --yes --data /d');
    expect(pulled.called).toEqual([['pullModels', { MALBEOT_DATA: '/d' }, ['a', 'b'], true]]);
    expect(pulled.exitCode).toBe(0);
    const removed = await run('models remove a');
    expect(removed.called).toEqual([['removeModels', {}, ['a'], false]]);
    expect(removed.exitCode).toBe(1);
    const asked = await run('models pull a', { pullModels: () => Promise.resolve('usage') });
    expect(asked.exitCode).toBe(2);
  });

  it('makes, lists and revokes keys', async () => {
    const api = await run('keys create --name till');
    expect(api.called).toEqual([['createKey', {}, { kind: 'api', name: 'till' }]]);
    expect(api.printed).toBe('key_1\nmbk_abcdefgh');
    const device = await run('keys create --name 1층 --device --kiosk kiosk-1');
    expect(device.called).toEqual([['createKey', {}, { kind: 'device', name: '1층', kioskId: 'kiosk-1' }]]);
    expect((await run('keys list')).printed).toMatch(
      /^dev_1 +device +1층 +mbd_abcdef… +kiosk-1 +1970-01-01 +1970-01-02 +valid$/m,
    );
    expect(await run('keys revoke key_1')).toMatchObject({ exitCode: 0, printed: 'key_1 is revoked.' });
    expect((await run('keys revoke key_2')).exitCode).toBe(1);
  });
});
