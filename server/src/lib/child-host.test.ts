import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { getEventListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { HostError, type FromChild, type HostChannelEvents, type ToChild } from './child-host-channel.ts';
import { forkChannel } from './child-host-fork.ts';
import { frameChannel } from './child-host-frames.ts';
import { createChildHost, type ChildHost, type ChildHostOptions } from './child-host.ts';
import { harmlessStderr } from './harmless-stderr.ts';
import { recordingLogger } from '../../test/edge-kit.ts';

/** A child that does as it is told; over IPC, or over frames when its first argument says so. */
const CHILD = `
const overFrames = process.argv[2] === 'frames';
const send = (message) => {
  if (!overFrames) return process.send(message);
  const payload = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(5);
  header.writeUInt32BE(payload.length, 0);
  header[4] = 1;
  process.stdout.write(Buffer.concat([header, payload]));
};
const obey = ({ type, id, request }) => {
  if (type === 'cancel') return request === undefined && send({ type: 'end', id });
  const [word, count] = request.split(' ');
  if (word === 'die') process.exit(3);
  if (word === 'cry') return process.stderr.write('I was told: ' + request + '\\nSegmentation fault\\n', () => process.exit(3));
  if (word === 'spin') for (;;);
  if (word === 'wait') return;
  if (word === 'refuse') return send({ type: 'error', id, kind: 'invalid_input', message: 'I do not want to.' });
  if (word === 'garble') return process.stdout.write(Buffer.from([255, 255, 255, 255, 1]));
  for (let part = 0; part < Number(count ?? 1); part++) send({ type: 'part', id, part: word + part });
  send({ type: 'end', id });
};
if (process.argv.includes('crash-at-start')) process.exit(4);
if (overFrames) {
  let held = Buffer.alloc(0);
  process.stdin.on('data', (bytes) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(0)) {
      const length = held.readUInt32BE(0);
      obey(JSON.parse(held.subarray(5, 5 + length)));
      held = held.subarray(5 + length);
    }
  });
  process.stdin.on('end', () => process.exit(0));
} else {
  process.on('message', obey);
  process.on('disconnect', () => process.exit(0));
}
if (!process.argv.includes('never-ready')) send({ type: 'ready' });
`;

const CALL = { limitMs: 5_000 };
const quiet = () => new AbortController().signal;
let folder: string;
let program: string;
const hosts: ChildHost<string, string>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-host-'));
  program = join(folder, 'child.mjs');
  await writeFile(program, CHILD);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));

function overFork(...args: string[]) {
  return forkChannel<string, string>({ entry: pathToFileURL(program), args });
}

function overFrames() {
  return frameChannel<string, string>({
    command: process.execPath,
    args: [program, 'frames'],
    encode: (message) => ({ kind: 1, payload: Buffer.from(JSON.stringify(message)) }),
    decode: ({ payload }) => JSON.parse(payload.toString()) as FromChild<string>,
  });
}

function hostOf(options: Partial<ChildHostOptions<string, string>> = {}): ChildHost<string, string> {
  const host = createChildHost<string, string>({ name: 'helper', open: overFork(), ...options });
  hosts.push(host);
  return host;
}

async function failure(work: Promise<unknown>): Promise<HostError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HostError);
  return error as HostError;
}

async function collect(parts: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.each([
  ['IPC', () => overFork()],
  ['frames', () => overFrames()],
])('a child over %s', (_, open) => {
  it('starts with the first request, answers in parts and leaves when it is closed', async () => {
    const host = hostOf({ open: open() });
    expect(host.status()).toMatchObject({ state: 'idle', pid: null, starts: 0 });
    expect(await collect(host.stream('part 3', CALL, quiet()))).toEqual(['part0', 'part1', 'part2']);
    expect(await host.call('again', CALL, quiet())).toBe('again0');
    const { pid, starts } = host.status();
    expect(starts).toBe(1);
    await host.close();
    await host.close();
    expect(isRunning(pid!)).toBe(false);
    expect((await failure(host.call('more', CALL, quiet()))).kind).toBe('unavailable');
  });

  it('loses the request that it died with, and no other', async () => {
    const host = hostOf({ open: open() });
    const dying = failure(host.call('die', CALL, quiet()));
    const waiting = host.call('next', CALL, quiet());
    expect(await dying).toMatchObject({
      kind: 'unavailable',
      died: true,
      start: 1,
      message: 'helper ended with status 3 during the request.',
    });
    expect(await waiting).toBe('next0');
    expect(host.status()).toMatchObject({ starts: 2, failuresInRow: 0, lastFailure: 'ended with status 3' });
  });

  it('is ended when it hangs, and started again for the next request', async () => {
    const host = hostOf({ open: open() });
    await host.start(quiet());
    const { pid } = host.status();
    expect(await failure(host.call('spin', { limitMs: 50 }, quiet()))).toMatchObject({
      kind: 'timeout',
      died: true,
    });
    expect(await host.call('next', CALL, quiet())).toBe('next0');
    expect(isRunning(pid!)).toBe(false);
  });

  it('passes its own errors on', async () => {
    const host = hostOf({ open: open() });
    const error = await failure(host.call('refuse', CALL, quiet()));
    expect(error).toMatchObject({ kind: 'invalid_input', died: false, message: 'I do not want to.' });
    expect(host.status().starts).toBe(1);
  });
});

describe('a child host', () => {
  it('ends a child that answers what nobody can read', async () => {
    const host = hostOf({ open: overFrames() });
    const error = await failure(host.call('garble', CALL, quiet()));
    expect(error.message).toContain('a payload of 4294967295 bytes, 1048576 are allowed');
    expect(await host.call('next', CALL, quiet())).toBe('next0');
  });

  it('says so when the program can not be started', async () => {
    const open = frameChannel<string, string>({
      command: join(folder, 'no-such-program'),
      args: [],
      encode: () => ({ kind: 1, payload: Buffer.alloc(0) }),
      decode: () => undefined,
    });
    const host = hostOf({ open, restartDelayMs: 30_000 });
    const error = await failure(host.call('x', CALL, quiet()));
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000 });
    expect(error.message).toContain('could not be started');
  });

  it('ends a child that does not become ready', async () => {
    const host = hostOf({ open: overFork('never-ready'), startLimitMs: 100, restartDelayMs: 60_000 });
    const error = await failure(host.start(quiet()));
    expect(error.message).toContain('was not ready within 100 ms');
    expect(host.status()).toMatchObject({ state: 'backing-off', pid: null });
  });

  it('pauses longer from death to death, and refuses at once meanwhile', async () => {
    const host = hostOf({
      open: overFork('crash-at-start'),
      restartDelayMs: 40_000,
      maxRestartDelayMs: 60_000,
    });
    const first = await failure(host.call('x', CALL, quiet()));
    expect(first).toMatchObject({ kind: 'unavailable', died: false, retryAfterMs: 40_000 });
    expect(host.status()).toMatchObject({ state: 'backing-off', starts: 2, failuresInRow: 2 });
    const second = await failure(host.call('x', CALL, quiet()));
    expect(second.retryAfterMs).toBeGreaterThan(30_000);
    expect(host.status().starts).toBe(2);
  });

  it('logs of a dying child’s last words only what may be told', async () => {
    const { log, lines } = recordingLogger();
    const host = hostOf({ open: overFork(), logger: log, tellStderr: harmlessStderr });
    await failure(host.call('cry 김말벗', CALL, quiet()));
    const [line] = lines;
    expect(line!.fields['stderr']).toMatch(/^\d+ bytes, which may hold what was said\nSegmentation fault$/);
    expect(JSON.stringify(lines)).not.toContain('김말벗');
  });

  it('comes back before anybody asks', async () => {
    const host = hostOf();
    let ready = 0;
    const isBack = new Promise<void>((resolve) => {
      host.onReady(() => {
        ready += 1;
        if (ready === 2) resolve();
      });
    });
    await failure(host.call('die', CALL, quiet()));
    await isBack;
    expect(host.status()).toMatchObject({ state: 'ready', starts: 2 });
  });

  it('lets only so many wait, and says that it is busy', async () => {
    const host = hostOf({ maxWaiting: 2 });
    const controller = new AbortController();
    const calls = ['wait', 'a', 'b'].map((request) => host.call(request, CALL, controller.signal));
    const settled = Promise.allSettled(calls);
    await host.start(quiet());
    const fourth = host.call('c', CALL, controller.signal);
    const error = await failure(host.call('d', CALL, quiet()));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('2 requests wait already');
    controller.abort();
    await settled;
    await expect(fourth).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('gives up a request whose turn does not come', async () => {
    const host = hostOf({ waitLimitMs: 50 });
    await host.start(quiet());
    const first = failure(host.call('wait', { limitMs: 300 }, quiet()));
    expect(await failure(host.call('a', CALL, quiet()))).toMatchObject({ kind: 'timeout', died: false });
    expect((await first).kind).toBe('timeout');
  });

  it('calls a request off by its signal, and leaves no listener', async () => {
    const host = hostOf();
    await host.start(quiet());
    const controller = new AbortController();
    const waiting = host.call('wait', CALL, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await expect(host.call('a', CALL, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(await host.call('a', CALL, quiet())).toBe('a0');
    expect(host.status()).toMatchObject({ starts: 1, running: 0, waiting: 0 });
  });

  it('calls the work off when the reader leaves early', async () => {
    const host = hostOf();
    for await (const part of host.stream('part 1000', CALL, quiet())) if (part === 'part3') break;
    expect(await host.call('a', CALL, quiet())).toBe('a0');
    expect(host.status()).toMatchObject({ starts: 1, running: 0 });
  });

  it('finds out a child that hangs even when nobody waits any more', async () => {
    const host = hostOf();
    await host.start(quiet());
    const controller = new AbortController();
    const spinning = host.call('spin', { limitMs: 100 }, controller.signal);
    controller.abort();
    await expect(spinning).rejects.toMatchObject({ name: 'AbortError' });
    expect(await host.call('next', CALL, quiet())).toBe('next0');
    expect(host.status().lastFailure).toBe('did not finish a request within 100 ms');
  });

  it('fails what is in flight when it is closed', async () => {
    const host = hostOf({ exitLimitMs: 100 });
    const calls = ['spin', 'a'].map((request) => failure(host.call(request, CALL, quiet())));
    await host.start(quiet());
    const { pid } = host.status();
    await host.close();
    for (const error of await Promise.all(calls)) expect(error.kind).toBe('unavailable');
    expect(isRunning(pid!)).toBe(false);
  });

  it('bounds the parts that nobody reads', async () => {
    let events: HostChannelEvents<string> | undefined;
    const sent: ToChild<string>[] = [];
    const host = hostOf({
      maxParts: 10,
      exitLimitMs: 1,
      open: (given) => {
        events = given;
        return {
          pid: 1,
          send: (message) => sent.push(message),
          end: () => given.closed('left', ''),
          kill: () => {},
        };
      },
    });
    const parts = host.stream('flood', CALL, quiet());
    const first = parts.next();
    events!.message({ type: 'ready' });
    for (let part = 0; part < 20; part++) events!.message({ type: 'part', id: 1, part: `${part}` });
    expect(await first).toEqual({ done: false, value: '0' });
    const error = await failure(collect(parts));
    expect(error.message).toContain('more than 10 parts that nobody read');
    expect(sent).toEqual([
      { type: 'request', id: 1, request: 'flood' },
      { type: 'cancel', id: 1 },
    ]);
  });

  it('gives a child no secrets of ours', async () => {
    process.env['MALBEOT_SECRET'] = 'do-not-tell';
    try {
      const { childEnvironment } = await import('./child-host-process.ts');
      expect(JSON.stringify(childEnvironment())).not.toContain('do-not-tell');
    } finally {
      delete process.env['MALBEOT_SECRET'];
    }
  });

  it('leaves no listener on the process', async () => {
    const before = process.listenerCount('exit');
    const host = hostOf();
    await host.start(quiet());
    expect(process.listenerCount('exit')).toBe(before + 1);
    await host.close();
    expect(process.listenerCount('exit')).toBe(before);
  });
});
