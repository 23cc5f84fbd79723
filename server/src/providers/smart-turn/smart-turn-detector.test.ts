import { readFileSync } from 'node:fs';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeSmartTurn } from '../../../fixtures/onnx/make-smart-turn.ts';
import { makeOtherModel } from './testing/other-model.ts';
import { decodeWav } from '../../audio/wav.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import type { CheckedFile } from '../../lib/read-checked-file.ts';
import { openTurnEndHost } from '../../turn-end-host/open-turn-end-host.ts';
import { quiet, type Subject } from '../contract/provider.suite.ts';
import { turnEndSuite } from '../contract/turn-end.suite.ts';
import {
  createSmartTurnDetector,
  type SmartTurnDetector,
  type SmartTurnOptions,
} from './smart-turn-detector.ts';
import type { TurnEndHostPart, TurnEndHostRequest } from './turn-end-host-protocol.ts';

const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);
const speech = decodeWav(readFileSync(SAMPLE)).samples;
/** A machine that does a lot else must not make an answer late. */
const PATIENT = { patienceMs: 20_000, questionLimitMs: 30_000 };

type Host = ChildHost<TurnEndHostRequest, TurnEndHostPart>;
type Fixture = Subject<SmartTurnDetector> & { readonly host: Host };

let shared: Host;
let folder: string;
let model: CheckedFile;

beforeAll(async () => {
  shared = newHost();
  folder = await mkdtemp(join(tmpdir(), 'smart-turn-'));
  model = await makeSmartTurn(folder);
  await shared.start(quiet());
});
afterAll(async () => {
  await shared.close();
  await rm(folder, { recursive: true, force: true });
});

function newHost(): Host {
  return createChildHost({ name: 'turn-end-host', open: openTurnEndHost(), startLimitMs: 30_000 });
}

function make(options: Partial<SmartTurnOptions> = {}): Fixture {
  const host = options.host ?? newHost();
  const provider = createSmartTurnDetector({
    model,
    name: 'Smart Turn',
    languages: ['ko', 'en'],
    restore: 'Pull it again.',
    ...PATIENT,
    ...options,
    host,
  });
  return { host, provider, end: () => host.close() };
}

/** On the child that all tests share, for what does not end it. */
const makeShared = (options: Partial<SmartTurnOptions> = {}): Fixture => ({
  ...make({ ...options, host: shared }),
  end: () => Promise.resolve(),
});

/** A copy of the model, for what damages it. */
async function copyOfModel(name: string): Promise<CheckedFile> {
  const path = join(folder, name);
  await copyFile(model.path, path);
  return { ...model, path };
}

turnEndSuite('smart turn', {
  make: async () => {
    const subject = makeShared();
    await subject.provider.preload?.(quiet());
    return subject;
  },
  speech: () => Promise.resolve(speech),
});

/** Children start again, on a machine that may do a lot else. */
const LIMIT = { timeout: 90_000 };

describe('smart turn', LIMIT, () => {
  it('tells a turn that dies away from one that breaks off', async () => {
    const { provider } = makeShared();
    const loudest = speech.reduce(
      (top, value, at) => (Math.abs(value) > Math.abs(speech[top]!) ? at : top),
      0,
    );
    const brokenOff = speech.subarray(0, loudest);
    const diedAway = new Float32Array(speech.length + 6_400);
    diedAway.set(speech);
    expect(await provider.judge(diedAway, quiet())).toBeGreaterThan(0.5);
    expect(await provider.judge(brokenOff, quiet())).toBeLessThan(0.5);
    expect(provider.status()).toEqual({ answered: 2, refused: 0, late: 0, failed: 0 });
    await provider.close?.();
  });

  it('answers that it does not know where too many ask at once, and to the others', async () => {
    const { provider } = makeShared({ mostOpen: 3 });
    await provider.preload?.(quiet());
    const answers = await Promise.all(Array.from({ length: 7 }, () => provider.judge(speech, quiet())));
    expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, false, false, false, false]);
    expect(provider.status()).toMatchObject({ answered: 3, refused: 4 });
    expect(await provider.judge(speech, quiet())).not.toBeNull();
    await provider.close?.();
  });

  it('does not wait for its model to be loaded', async () => {
    const subject = make({ patienceMs: 1 });
    const { provider } = subject;
    expect(await provider.judge(speech, quiet())).toBeNull();
    expect(provider.status()).toMatchObject({ late: 1 });
    await provider.preload?.(quiet());
    expect(provider.availability()).toEqual({ available: true });
    await provider.close?.();
    await subject.end();
  });

  it('knows nothing while its child is killed, and answers again once it is back', async () => {
    const subject = make();
    const { provider, host } = subject;
    await provider.preload?.(quiet());
    const before = await provider.judge(speech, quiet());
    const asking = provider.judge(speech, quiet());
    process.kill(host.status().pid!, 'SIGKILL');
    expect(await asking).toBeNull();
    expect(provider.status()).toMatchObject({ answered: 1, failed: 1 });
    await expect.poll(() => provider.availability().available, { timeout: 40_000 }).toBe(true);
    expect(await provider.judge(speech, quiet())).toBe(before);
    expect(host.status().starts).toBe(2);
    await provider.close?.();
    await subject.end();
  });

  it('does not wait for a child that hangs, and gets another', async () => {
    const subject = make({ patienceMs: 50, questionLimitMs: 500 });
    const { provider, host } = subject;
    await provider.preload?.(quiet());
    process.kill(host.status().pid!, 'SIGSTOP');
    expect(await Promise.all([1, 2, 3].map(() => provider.judge(speech, quiet())))).toEqual([
      null,
      null,
      null,
    ]);
    expect(provider.status()).toMatchObject({ late: 3 });
    await expect.poll(() => host.status().starts, { timeout: 40_000 }).toBe(2);
    await provider.preload?.(quiet());
    await expect.poll(() => provider.judge(speech, quiet()), { timeout: 40_000 }).not.toBeNull();
    await provider.close?.();
    await subject.end();
  });

  it('says so where it is late again and again', async () => {
    const subject = make({ patienceMs: 5 });
    const { provider, host } = subject;
    await provider.preload?.(quiet());
    process.kill(host.status().pid!, 'SIGSTOP');
    for (let time = 0; time < 10; time++) {
      expect(provider.availability()).toEqual({ available: true });
      expect(await provider.judge(speech, quiet())).toBeNull();
    }
    expect(provider.availability()).toMatchObject({
      available: false,
      reason: 'Its last 10 answers took longer than 5 ms.',
      action: expect.stringContaining('TURN_DETECTOR=rules') as string,
    });
    await provider.close?.();
    await subject.end();
  });

  it('lets its child go when nobody asks, and has it back for the next', async () => {
    const subject = make({ idleMs: 300 });
    const { provider, host } = subject;
    const before = await provider.judge(speech, quiet());
    await expect.poll(() => host.status().state, { timeout: 10_000 }).toBe('idle');
    expect(provider.availability()).toEqual({ available: true });
    expect(await provider.judge(speech, quiet())).toBe(before);
    expect(host.status()).toMatchObject({ starts: 2, failuresInRow: 0 });
    await provider.close?.();
    await subject.end();
  });

  it('does not hand a damaged file to the library: another byte, another size, none at all', async () => {
    const changed = await copyOfModel('changed.onnx');
    const bytes = await readFile(changed.path);
    bytes[1_000]! ^= 1;
    await writeFile(changed.path, bytes);
    const longer = await copyOfModel('longer.onnx');
    await appendFile(longer.path, 'x');
    const gone = await copyOfModel('gone.onnx');
    const { starts } = shared.status();
    for (const [damaged, what] of [
      [changed, 'changed.onnx is damaged: its SHA-256'],
      [longer, `longer.onnx has ${model.size + 1} bytes instead of ${model.size}`],
      [gone, 'gone.onnx can not be read (ENOENT)'],
    ] as const) {
      const { provider } = makeShared({ model: damaged });
      if (damaged === gone) await rm(gone.path);
      await expect(provider.preload?.(quiet()), what).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining(what) as string,
      });
      expect(provider.availability()).toMatchObject({
        available: false,
        reason: expect.stringContaining(what) as string,
        action: expect.stringContaining('Pull it again.') as string,
      });
      expect(await provider.judge(speech, quiet())).toBeNull();
      expect(provider.status()).toMatchObject({ failed: 1 });
      await provider.close?.();
    }
    expect(shared.status().starts).toBe(starts);
  });

  it('refuses a model of another kind, and a file that is none', async () => {
    const other = await makeOtherModel(folder);
    const none = { path: join(folder, 'none.onnx'), size: 3, sha256: '' };
    await writeFile(none.path, 'abc');
    for (const strange of [
      other,
      { ...none, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ]) {
      const { provider } = makeShared({ model: strange });
      await expect(provider.preload?.(quiet())).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('none of Smart Turn') as string,
      });
      await provider.close?.();
    }
  });

  it('says where the file should come from when it was never there', async () => {
    const { provider } = makeShared({ model: { ...model, path: join(folder, 'nowhere.onnx') } });
    expect(provider.availability()).toMatchObject({ available: false, action: 'Pull it again.' });
    await provider.close?.();
  });
});
