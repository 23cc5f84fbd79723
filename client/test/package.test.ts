import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { answer, json, startScriptedServer } from './scripted-server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

let folder: string;
let installed: string;

// What a stranger gets: built, packed and unpacked into an empty project.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-client-'));
  installed = join(folder, 'node_modules/@malbeot/client');
  await run('npm', ['run', 'build', '--workspace', 'client'], { cwd: root });
  const { stdout } = await run(
    'npm',
    ['pack', '--workspace', 'client', '--json', '--pack-destination', folder],
    { cwd: root },
  );
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

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
  await writeFile(config, JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  return run(process.execPath, [compiler, '--project', config], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

const consumer = `
import { ApiClient, MalbeotError, subscribeEvents, VoiceClient, type HubEvent, type KioskAction, type ServerResponse } from '@malbeot/client';
const voice = new VoiceClient({ baseUrl: 'http://localhost:8080', timeoutMs: 5 });
const tap: KioskAction = { type: 'add', item_id: 'cola', quantity: 1 };
const answered: ServerResponse = await voice.sendAction(tap, { signal: new AbortController().signal });
const total: number | undefined = answered.order_data?.total_amount;
const sound: ServerResponse = await voice.sendAudio(new Uint8Array(44));
const role = (await new ApiClient().me()).role;
const known: 'customer' | 'cook' | 'delivery' | 'manager' | 'admin' = role;
await subscribeEvents({
  accessToken: () => 'token',
  onEvent: (event: HubEvent) => { const kind: string = event.type; void kind; },
  signal: new AbortController().signal,
});
export const all = [total, sound, known, new MalbeotError('NETWORK').retryable];
// @ts-expect-error: the types are real ones, not any
export const wrong: number = answered.message;
// @ts-expect-error: no such tap
export const unknown: KioskAction = { type: 'dance' };
`;

describe('the packed client', () => {
  it('holds what it needs and nothing more', async () => {
    expect((await readdir(installed)).toSorted()).toEqual([
      'LICENSE',
      'NOTICE',
      'README.md',
      'dist',
      'package.json',
    ]);
    expect((await readdir(join(installed, 'dist'))).toSorted()).toEqual(['index.d.ts', 'index.js']);
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest['dependencies']).toBeUndefined();
    expect(manifest['private']).toBeUndefined();
  });

  it('imports nothing: neither the private protocol nor Node', async () => {
    for (const file of ['index.js', 'index.d.ts']) {
      const text = await readFile(join(installed, 'dist', file), 'utf8');
      expect(text.match(/\bfrom\s*['"][^'"]+['"]|\bimport\s*\(|\bimport\s*['"]|\brequire\s*\(/g)).toBeNull();
    }
  });

  it('type-checks without skipLibCheck: browser, Node and bundler', async () => {
    await writeFile(join(folder, 'consumer.ts'), consumer);
    expect(await check('browser', { lib: ['es2022', 'dom', 'dom.iterable'] })).toBe('');
    expect(
      await check('bundler', { lib: ['es2022', 'dom'], module: 'esnext', moduleResolution: 'bundler' }),
    ).toBe('');
    const types = dirname(dirname(require.resolve('@types/node/package.json')));
    expect(await check('node', { lib: ['es2022'], types: ['node'], typeRoots: [types] })).toBe('');
  });

  it('does what its README says', async () => {
    const readme = await readFile(join(installed, 'README.md'), 'utf8');
    const sample = /```js\n([\s\S]*?)```/.exec(readme)?.[1];
    await writeFile(join(folder, 'first-order.mjs'), sample ?? '');
    const server = await startScriptedServer();
    server.script(
      json(200, answer({ message: '담았어요.', tts_audio_url: '/api/voice/tts/vox_1' })),
      (reply) => void reply.writeHead(200).end('RIFF'),
    );
    const env = { ...process.env, MALBEOT_URL: server.baseUrl };
    const { stdout } = await run(process.execPath, ['first-order.mjs'], { cwd: folder, env });
    await server.close();
    expect(stdout).toBe('담았어요.\n4 bytes of voice\n');
    expect(server.arrived[0]?.turn()).toMatchObject({ kiosk_id: 'counter-1' });
  });

  it('is the same in source, for the workspaces', async () => {
    await cp(join(installed, 'dist/index.js'), join(folder, 'built.mjs'));
    const built = (await import(join(folder, 'built.mjs'))) as object;
    const source = (await import('../src/index.ts')) as object;
    expect(Object.keys(built).toSorted()).toEqual(Object.keys(source).toSorted());
  });
});
