import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruptedPulls } from './model-folders.ts';
import { takeLock } from './pull-lock.ts';
import { verifyModel } from './verify-model.ts';
import { sha256 } from './testing/tiny-model.ts';
import { openPullBench, type PullBench } from './testing/pull-bench.ts';
import type { Fault } from './testing/fault-mirror.ts';

const { signal } = new AbortController();

describe('a pull', () => {
  let bench: PullBench;
  beforeEach(async () => {
    bench = await openPullBench();
  });
  afterEach(() => bench.close());

  const reasons = () => bench.events.flatMap((event) => (event.type === 'failure' ? [event.reason.key] : []));

  it('puts a whole model in place and leaves nothing else', async () => {
    const model = await bench.pull();
    expect(bench.isTrue()).toBe(true);
    expect(model).toMatchObject({ id: 'tiny-voice', kind: 'voice', family: 'matcha', builtIn: false });
    expect(Object.keys(model.roles).toSorted()).toEqual(['acousticModel', 'tokens', 'vocoder']);
    expect(model.roles['vocoder']).toEqual({
      path: join(bench.home, 'vocoder.onnx'),
      size: 20_000,
      sha256: sha256(bench.files.get('vocoder.onnx')!),
    });
    expect(model.folders['dataDir']?.files).toHaveLength(2);
    expect(model.sources).toEqual([
      `${bench.mirror.url}/source/tiny.tar.bz2`,
      `${bench.mirror.url}/source/vocoder.onnx`,
    ]);
    expect(await verifyModel(model, signal)).toEqual({ id: 'tiny-voice', builtIn: false, problems: [] });
    expect((await readdir(bench.folder)).toSorted()).toEqual(['.pulling', 'tiny-voice']);
    expect(await readdir(join(bench.folder, '.pulling'))).toEqual([]);
    expect(existsSync(join(bench.home, 'README.md'))).toBe(false);
    expect(reasons()).toEqual([]);
  });

  const half: Fault = { type: 'stall', at: 0.5 };
  const recovered: readonly [string, readonly Fault[]][] = [
    ['a connection that ends before an answer', [{ type: 'reset' }]],
    ['cuts at every kind of place', [0, 0.001, 0.3, 0.5, 0.999].map((at) => ({ type: 'cut', at }) as const)],
    ['a stall', [{ type: 'stall', at: 0.4 }]],
    [
      'errors that pass',
      [
        { type: 'status', status: 500 },
        { type: 'status', status: 503 },
      ],
    ],
    ['a file that changes between two tries', [half, { type: 'changed-range' }]],
    ['a server that has no ranges', [half, { type: 'ignores-range' }]],
    ['another range than was asked for', [half, { type: 'wrong-range' }]],
    ['a range that is refused', [half, { type: 'unsatisfiable' }]],
    ['a server that proves nothing', [{ type: 'cut', at: 0.5 }, { type: 'no-validator' }]],
    ['an answer that ends early without a sign', [{ type: 'quiet-end', at: 0.5 }]],
  ];
  it.each(recovered)('gets over %s', async (_, faults) => {
    bench.mirror.plan(...faults);
    await bench.pull();
    expect(bench.isTrue()).toBe(true);
  });

  it('goes on where it broke off', async () => {
    bench.mirror.plan(half);
    await bench.pull();
    const middle = Math.floor(bench.served.get('tiny.tar.bz2')!.length / 2);
    const again = bench.mirror.seen[1]!;
    expect(again.path).toBe('/source/tiny.tar.bz2');
    expect(Number(/^bytes=(\d+)-$/.exec(again.range ?? '')?.[1])).toBeGreaterThan(0);
    expect(Number(/^bytes=(\d+)-$/.exec(again.range ?? '')?.[1])).toBeLessThanOrEqual(middle);
  });

  const refused: readonly [Fault, string][] = [
    [{ type: 'status', status: 404 }, 'models.reason.absent'],
    [{ type: 'status', status: 403 }, 'models.reason.forbidden'],
    [{ type: 'short', at: 0.5 }, 'models.reason.wrong_size'],
    [{ type: 'long' }, 'models.reason.wrong_size'],
    [{ type: 'endless' }, 'models.reason.too_long'],
    [{ type: 'corrupt', at: 0.5 }, 'models.reason.wrong_hash'],
    [{ type: 'changed' }, 'models.reason.wrong_hash'],
    [{ type: 'gzip' }, 'models.reason.encoded'],
    [{ type: 'page' }, 'models.reason.page'],
    [{ type: 'loop' }, 'models.reason.redirects'],
    [{ type: 'to-file' }, 'models.reason.redirect_unsafe'],
  ];
  it.each(refused)('turns from a place that answers with %j to the next', async (fault, reason) => {
    // The mirror answers the first request (and every hop of a loop); the source is right.
    bench.mirror.plan(...(fault.type === 'loop' ? Array<Fault>(4).fill(fault) : [fault]));
    await bench.pull({ mirror: `${bench.mirror.url}/mirror/` });
    expect(reasons()).toEqual([reason]);
    expect(bench.isTrue()).toBe(true);
    expect(bench.mirror.seen.at(-1)?.path).toBe('/mirror/tiny-voice/vocoder.onnx');
    expect(bench.mirror.seen.some(({ path }) => path === '/source/tiny.tar.bz2')).toBe(true);
  });

  it.each(refused)('never makes a model of %j', async (fault) => {
    bench.mirror.plan(...Array<Fault>(20).fill(fault));
    await expect(bench.pull()).rejects.toMatchObject({ name: 'PullError' });
    expect(existsSync(bench.home)).toBe(false);
    expect(bench.installed()).toBeNull();
    await bench.mirror.close();
  });

  it('sends the name and password of a mirror, and to nobody else', async () => {
    bench.mirror.plan({ type: 'status', status: 404 });
    const withName = bench.mirror.url.replace('//', '//shop:s%40crit@');
    await bench.pull({ mirror: `${withName}/mirror` });
    const [first, second] = bench.mirror.seen;
    expect(first?.authorization).toBe(`Basic ${Buffer.from('shop:s@crit').toString('base64')}`);
    expect(second?.authorization).toBeNull();
    expect(readFileSync(join(bench.home, 'model.json'), 'utf8')).not.toContain('crit');
    expect(JSON.stringify(bench.events)).not.toContain('crit');
  });

  it('takes an offline folder before anything else', async () => {
    const offline = join(bench.folder, 'stick');
    mkdirSync(join(offline, 'tiny-voice'), { recursive: true });
    for (const [file, bytes] of bench.served) writeFileSync(join(offline, 'tiny-voice', file), bytes);
    await bench.pull({ offline });
    expect(bench.isTrue()).toBe(true);
    expect(bench.mirror.seen).toEqual([]);
  });

  it('turns from damaged files of an offline folder to the sources', async () => {
    const offline = join(bench.folder, 'stick');
    mkdirSync(join(offline, 'tiny-voice'), { recursive: true });
    const archive = Buffer.from(bench.served.get('tiny.tar.bz2')!);
    archive[100]! ^= 1;
    writeFileSync(join(offline, 'tiny-voice', 'tiny.tar.bz2'), archive);
    await bench.pull({ offline });
    expect(reasons()).toEqual(['models.reason.wrong_hash', 'models.reason.no_file']);
    expect(bench.isTrue()).toBe(true);
  });

  it('takes another way when one can not be had, and a damaged archive for none', async () => {
    const whole = bench.model.sources[0]!;
    const broken = { ...whole[0]!, file: 'broken.tar.bz2', size: null, sha256: null };
    const served = new Map([
      ['/source/broken.tar.bz2', bench.served.get('tiny.tar.bz2')!.subarray(0, 9_000)],
    ]);
    const { openFaultMirror } = await import('./testing/fault-mirror.ts');
    const other = await openFaultMirror(() => served);
    try {
      const urls = [`${other.url}/source/broken.tar.bz2`];
      const sources = [[{ ...broken, urls }, whole[1]!], whole];
      await bench.pull({ model: { ...bench.model, sources } });
      expect(reasons()).toContain('models.archive.damaged');
      expect(bench.isTrue()).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('refuses an archive that is not the model, file by file', async () => {
    const { acousticModel, ...others } = bench.model.files;
    const files = { ...others, acousticModel: { ...acousticModel!, sha256: '0'.repeat(64) } };
    await expect(bench.pull({ model: { ...bench.model, files } })).rejects.toMatchObject({
      name: 'PullError',
    });
    expect(reasons()).toContain('models.archive.other');
    expect(existsSync(bench.home)).toBe(false);
  });

  it('keeps what it has when it is stopped, and goes on from there', async () => {
    const stopping = new AbortController();
    bench.mirror.setPiece(2_000, (path, sent) => {
      if (path.endsWith('vocoder.onnx') && sent >= 8_000) stopping.abort(new Error('Ctrl+C'));
    });
    await expect(bench.pull({ signal: stopping.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(bench.installed()).toBeNull();
    expect(await interruptedPulls(bench.folder)).toEqual(['tiny-voice']);
    const before = bench.mirror.seen.length;
    await bench.pull();
    expect(bench.isTrue()).toBe(true);
    expect(bench.mirror.seen.slice(before).map(({ path }) => path)).toEqual(['/source/vocoder.onnx']);
    expect(await interruptedPulls(bench.folder)).toEqual([]);
  });

  it('replaces a damaged model in one step', async () => {
    await bench.pull();
    writeFileSync(join(bench.home, 'vocoder.onnx'), Buffer.alloc(20_000));
    await bench.pull();
    expect(bench.isTrue()).toBe(true);
  });

  it('is one at a time for a model', async () => {
    mkdirSync(join(bench.folder, '.pulling'), { recursive: true });
    const release = await takeLock(join(bench.folder, '.pulling', 'tiny-voice.lock'));
    await expect(bench.pull()).rejects.toMatchObject({ told: [{ key: 'models.pull.locked' }] });
    await release();
    const both = await Promise.allSettled([bench.pull(), bench.pull()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(bench.isTrue()).toBe(true);
  });

  it('takes over the lock of a process that died', async () => {
    mkdirSync(join(bench.folder, '.pulling'), { recursive: true });
    const lock = join(bench.folder, '.pulling', 'tiny-voice.lock');
    const { hostname } = await import('node:os');
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: 2 ** 30, nonce: 'gone' }));
    await bench.pull();
    writeFileSync(
      lock,
      JSON.stringify({ host: hostname(), pid: process.pid, nonce: 'of an earlier process' }),
    );
    await bench.pull();
    expect(existsSync(lock)).toBe(false);
  });

  it('looks for room first', async () => {
    await expect(bench.pull({ freeBytes: () => Promise.resolve(1_000_000) })).rejects.toMatchObject({
      told: [{ key: 'models.pull.no_room' }],
    });
    expect(bench.mirror.seen).toEqual([]);
  });
});

describe('a pull of files whose hashes nobody has published', () => {
  it('remembers what came, and says so', async () => {
    const bench = await openPullBench({ isKnown: false });
    try {
      const model = await bench.pull();
      const learned = bench.events.flatMap((event) => (event.type === 'learned' ? [event] : []));
      expect(learned).toEqual(
        [...bench.served].map(([file, bytes]) => ({ type: 'learned', file, sha256: sha256(bytes) })),
      );
      expect((await verifyModel(model, signal)).problems).toEqual([]);
      writeFileSync(join(bench.home, 'tokens.txt'), 'a 0\nb 2\n');
      const { problems } = await verifyModel(model, signal);
      expect(problems).toMatchObject([{ problem: 'wrong-content' }]);
    } finally {
      await bench.close();
    }
  });

  it('never takes a broken archive for a model', async () => {
    const bench = await openPullBench({ isKnown: false });
    try {
      bench.mirror.plan({ type: 'short', at: 0.6 }, { type: 'none' }, { type: 'short', at: 0.6 });
      await expect(bench.pull()).rejects.toMatchObject({ name: 'PullError' });
      expect(existsSync(bench.home)).toBe(false);
    } finally {
      await bench.close();
    }
  });
});
