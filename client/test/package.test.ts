import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeWav } from '../src/sound/write-wav.ts';
import { chromiumPath, launchChromium, whyNotHere } from '../../web/test/harness/chromium.ts';
import { startReadmeServer, type ReadmeServer } from './readme-server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

interface Block {
  readonly language: string;
  readonly text: string;
}

let folder: string;
let installed: string;
let readme: readonly Block[];
let server: ReadmeServer;

/** The commands of a README block, as they stand there. */
async function shell(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await run('bash', ['-euc', command], {
    cwd: folder,
    env: { ...cleanEnvironment(), MALBEOT_SERVER: server.baseUrl, ...environment },
  });
  return stdout;
}

/** Without what `npm test` sets for the workspaces: a stranger has none of it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|MALBEOT_|NODE_ENV$|VITEST)/.test(name)),
  );
}

function blocks(language: string): string[] {
  return readme.filter((block) => block.language === language).map(({ text }) => text);
}

/** The block whose command is or begins with `start`. */
function command(start: string): string {
  const found = blocks('sh').filter((text) => text.includes(start));
  if (found.length !== 1) throw new Error(`${found.length} blocks of the README hold ${start}.`);
  return found[0]!;
}

// What a stranger gets: packed, and installed into an empty folder without a network, as the README says.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-client-'));
  installed = join(folder, 'node_modules/@malbeot/client');
  server = await startReadmeServer();
  await run('npm', ['pack', '--workspace', 'client', '--pack-destination', folder], { cwd: root });
  const text = await readFile(join(root, 'client/README.md'), 'utf8');
  readme = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));
  await shell(command('npm install --offline'));
  // Programs of the README begin with the name of their file.
  for (const program of blocks('js')) {
    const [, name] = /^\/\/ ([a-z-]+\.js)\n/.exec(program) ?? [];
    await writeFile(join(folder, name!), program);
  }
}, 180_000);
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function check(name: string, options: Readonly<Record<string, unknown>>): Promise<string> {
  const config = join(folder, `tsconfig.${name}.json`);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
    ...options,
  };
  const files = name === 'node' ? ['consumer.ts', 'device.ts'] : ['consumer.ts'];
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  return run(process.execPath, [compiler, '--project', config], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

const consumer = `
import {
  ApiClient, createBrowserQueue, isQueued, MalbeotError, prepareUtterance, subscribeEvents, VoiceClient,
  type HubEvent, type KioskAction, type KioskPayment, type QueuedTurn, type ServerResponse,
} from '@malbeot/client';
const voice = new VoiceClient({ baseUrl: 'http://localhost:8080', timeoutMs: 5 });
const tap: KioskAction = { type: 'add', item_id: 'cola', quantity: 1 };
const answered: ServerResponse = await voice.sendAction(tap, { signal: new AbortController().signal });
const total: number | undefined = answered.order_data?.total_amount;
const sound: ServerResponse = await voice.sendAudio(prepareUtterance({ samples: new Float32Array(9), sampleRate: 48_000 }));
const role = (await new ApiClient().me()).role;
const known: 'customer' | 'cook' | 'delivery' | 'manager' | 'admin' = role;
await subscribeEvents({
  accessToken: () => 'token',
  onEvent: (event: HubEvent) => { const kind: string = event.type; void kind; },
  signal: new AbortController().signal,
});
const kept = await new VoiceClient({ queue: createBrowserQueue() }).sendText('cola');
const later: QueuedTurn | string = isQueued(kept) ? kept : kept.message;
const paid: KioskPayment['status'] = (await voice.waitForPayment('ord_1')).status;
export const all = [total, sound, known, later, paid, new MalbeotError('NETWORK').retryable];
// @ts-expect-error: the types are real ones, not any
export const wrong: number = answered.message;
// @ts-expect-error: with a queue a turn may have no answer yet
export const early: ServerResponse = kept;
// @ts-expect-error: no such tap
export const unknown: KioskAction = { type: 'dance' };
`;

const device = `
import { MalbeotError, VoiceClient } from '@malbeot/client';
import { createDiskQueue, createTrafficLog, loadClientSettings, SettingsError } from '@malbeot/client/node';
const settings = await loadClientSettings({ flags: { server: 'http://localhost:1' } });
const folder: string | null = settings.queueFolder;
const queue = createDiskQueue({ folder: folder ?? '.', maxTurns: 3, onDelivered: ({ answer }) => { void answer?.message; } });
export const voice: VoiceClient<typeof queue> = new VoiceClient({ queue, traffic: createTrafficLog({ folder: '.' }) });
export const errors: Error[] = [new MalbeotError('QUEUE_FULL'), new SettingsError([], 'ko')];
// @ts-expect-error: a number of milliseconds
export const wrong: string = settings.timeoutMs;
`;

describe('the packed client', () => {
  it('holds what it needs and nothing more', async () => {
    const top = ['LICENSE', 'NOTICE', 'README.md', 'dist', 'package.json'];
    expect((await readdir(installed)).toSorted()).toEqual(top);
    const dist = await readdir(join(installed, 'dist'));
    for (const entry of ['index', 'node', 'cli']) expect(dist).toContain(`${entry}.js`);
    // Besides the entries only what several of them share.
    for (const file of dist) expect(file).toMatch(/^[a-z-]+\.(js|d\.ts)$/);
    expect(dist.length).toBeLessThan(20);
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest['dependencies']).toBeUndefined();
    expect(manifest['private']).toBeUndefined();
    expect(Object.keys(manifest['exports'] as object)).toEqual(['.', './node']);
    expect((await stat(join(installed, 'dist/cli.js'))).mode & 0o111).not.toBe(0);
    expect(await readdir(join(folder, 'node_modules/@malbeot'))).toEqual(['client']);
  });

  /** Everything that `file` loads from its package, itself included, and what it imports from elsewhere. */
  async function reached(
    file: string,
    seen = new Set<string>(),
  ): Promise<{ own: Set<string>; others: string[] }> {
    seen.add(file);
    const text = await readFile(join(installed, 'dist', file), 'utf8');
    const others: string[] = [];
    for (const [, name = ''] of text.matchAll(/\b(?:from|import)\s*\(?['"]([^'"\n]+)['"]/g)) {
      const next = name.replace(/^\.\//, '').replace(/\.js$/, file.endsWith('.d.ts') ? '.d.ts' : '.js');
      if (!name.startsWith('./')) others.push(name);
      else if (!seen.has(next)) others.push(...(await reached(next, seen)).others);
    }
    return { own: seen, others };
  }

  it('imports nothing private, and for browsers nothing of Node', async () => {
    for (const file of ['index.js', 'index.d.ts']) expect((await reached(file)).others).toEqual([]);
    for (const file of ['node.js', 'node.d.ts', 'cli.js']) {
      for (const name of (await reached(file)).others) expect(name).toMatch(/^node:/);
    }
    for (const file of (await reached('index.js')).own)
      expect(await readFile(join(installed, 'dist', file), 'utf8')).not.toMatch(
        /\brequire\(|process\.(env|argv)|\bBuffer\./,
      );
  });

  it('type-checks without skipLibCheck: browser, Node and bundler', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, 'consumer.ts'), consumer);
    await writeFile(join(folder, 'device.ts'), device);
    expect(await check('browser', { lib: ['es2022', 'dom', 'dom.iterable'] })).toBe('');
    expect(
      await check('bundler', { lib: ['es2022', 'dom'], module: 'esnext', moduleResolution: 'bundler' }),
    ).toBe('');
    const types = dirname(dirname(require.resolve('@types/node/package.json')));
    expect(await check('node', { lib: ['es2022'], types: ['node'], typeRoots: [types] })).toBe('');
  });

  it('is the same in source, for the workspaces', async () => {
    const built = (await import(join(installed, 'dist/index.js'))) as object;
    const source = (await import('../src/index.ts')) as object;
    expect(Object.keys(built).toSorted()).toEqual(Object.keys(source).toSorted());
    const builtNode = (await import(join(installed, 'dist/node.js'))) as object;
    const sourceNode = (await import('../src/node/index.ts')) as object;
    expect(Object.keys(builtNode).toSorted()).toEqual(Object.keys(sourceNode).toSorted());
  });
});

describe('the README, followed', () => {
  it('a first order', async () => {
    expect(await shell(command('node first-order.js'))).toBe(
      '들었어요: 불고기버거 두 개랑 콜라 하나 주세요\n4 bytes of voice\n',
    );
    expect(server.arrived[0]?.turn()).toMatchObject({ kiosk_id: 'counter-1' });
    expect(server.arrived.at(-1)?.method).toBe('DELETE');
  });

  it('sound', async () => {
    const wav = writeWav(
      Float32Array.from({ length: 96_000 }, (_, index) => Math.sin(index / 9) / 2),
      48_000,
    );
    await writeFile(join(folder, 'order.wav'), wav);
    expect(await shell(command('node say-it.js'))).toBe('소리: 들었어요: 소리\n');
    const sent = server.arrived.at(-1)!.body.length;
    expect(sent).toBeGreaterThan(64_000);
    expect(sent).toBeLessThan(66_000);
  });

  it('ears and voices', async () => {
    expect(await shell(command('node speak.js'))).toBe('espeak: 어서 오세요\n');
    expect(await readFile(join(folder, 'hello.wav'), 'latin1')).toBe('RIFF');
  });

  it('the offline queue', async () => {
    const [first = '', second = ''] = command('node counter.js\n').trim().split('\n');
    expect(await shell(first)).toBe('적어 뒀어요 1\n적어 뒀어요 2\n');
    expect(await shell(second)).toBe(
      '전해졌어요 1: 들었어요: 콜라 하나 주세요\n전해졌어요 2: 들었어요: 주문할게요\n',
    );
    expect(await readdir(join(folder, 'queue'))).toEqual([]);
  });

  it('settings, metrics and the log', async () => {
    const [file = ''] = blocks('json');
    await writeFile(join(folder, 'malbeot-client.json'), file);
    await writeFile(join(folder, 'device-key'), 'dev_0123456789\n');
    expect(await shell(command('node settings.js'))).toBe('GET /api/kiosk/menu 200\n3 items\n');
    expect(server.arrived.at(-1)?.headers['x-device-key']).toBe('dev_0123456789');
    const log = await readFile(join(folder, 'log/traffic.jsonl'), 'utf8');
    expect(JSON.parse(log)).toMatchObject({ route: 'GET /api/kiosk/menu', status: 200, attempt: 1 });
    await rm(join(folder, 'malbeot-client.json'));
  });

  it('payments', async () => {
    expect(await shell(command('node pay.js'))).toBe('주문번호 7: 10900원\napproved: 결제됐어요.\n');
    expect(
      server.arrived.find(({ method, path }) => method === 'POST' && path.endsWith('/payment'))?.headers,
    ).toMatchObject({ 'idempotency-key': 'pay-ord_1-1' });
  });

  it.skipIf(chromiumPath === null)(`a page${whyNotHere}`, { timeout: 60_000 }, async () => {
    server.page(blocks('html')[0] ?? '', folder);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(server.baseUrl);
      await page.click('button');
      const said = () => page.evaluate(() => document.querySelector('p')?.textContent);
      await expect.poll(said, { timeout: 10_000 }).toBe('들었어요: 콜라 하나 주세요');
    } finally {
      await browser.close();
    }
  });

  it('the terminal kiosk', { timeout: 60_000 }, async () => {
    const printed = await shell(command('npx @malbeot/client kiosk'), { npm_config_offline: 'true' });
    expect(printed).toContain('들었어요: 콜라 하나 주세요');
    expect(printed).toContain('malbeot-client kiosk');
  });

  it('leaves no command out', () => {
    const followed = [
      'npm install',
      'first-order',
      'say-it',
      'speak.js',
      'counter.js',
      'settings.js',
      'pay.js',
      'kiosk',
    ];
    for (const text of blocks('sh'))
      expect(
        followed.some((word) => text.includes(word)),
        text,
      ).toBe(true);
    expect(blocks('js')).toHaveLength(6);
  });
});
