import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pinkNoise } from '../../audio/testing/noise.ts';
import { decodeWav } from '../../audio/wav.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { openVadHost } from '../../vad-host/open-vad-host.ts';
import { quiet, withSubject, type Subject } from '../contract/provider.suite.ts';
import { voiceActivitySuite } from '../contract/vad.suite.ts';
import type { VoiceActivityDetector } from '../spec/vad.ts';
import { shippedModel } from './shipped-model.ts';
import { createSileroDetector, type SileroDetector, type SileroOptions } from './silero-detector.ts';
import type { VadHostPart, VadHostRequest } from './vad-host-protocol.ts';

const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);
const speech = decodeWav(readFileSync(SAMPLE)).samples;
const FRAMES = Math.floor(speech.length / 512);
/** A machine that does a lot else must not make these tests judge by level. */
const PATIENT = { patienceMs: 15_000, batchLimitMs: 20_000 };

type Host = ChildHost<VadHostRequest, VadHostPart>;
type Fixture = Subject<SileroDetector> & { readonly host: Host };

let shared: Host;
let folder: string;

beforeAll(async () => {
  shared = newHost();
  folder = await mkdtemp(join(tmpdir(), 'silero-'));
  await shared.start(quiet());
});
afterAll(async () => {
  await shared.close();
  await rm(folder, { recursive: true, force: true });
});

function newHost(): Host {
  return createChildHost({ name: 'vad-host', open: openVadHost(), startLimitMs: 30_000 });
}

function make(options: Partial<SileroOptions> = {}): Fixture {
  const host = options.host ?? newHost();
  return {
    host,
    provider: createSileroDetector({ ...PATIENT, ...options, host }),
    end: () => host.close(),
  };
}

/** On the child that all tests share, for what does not end it. */
const makeShared = (options: Partial<SileroOptions> = {}): Fixture => ({
  ...make({ ...options, host: shared }),
  end: () => Promise.resolve(),
});

/** Judges all frames of `sound`, `ahead` at a time. */
async function judge(detector: VoiceActivityDetector, sound: Float32Array, ahead = 1): Promise<number[]> {
  const session = detector.open();
  const all: number[] = [];
  for (let at = 0; at + 512 <= sound.length;) {
    const asked: Promise<number>[] = [];
    for (let count = 0; count < ahead && at + 512 <= sound.length; count++, at += 512)
      asked.push(session.accept(sound.slice(at, at + 512), quiet()));
    all.push(...(await Promise.all(asked)));
  }
  session.close();
  return all;
}

voiceActivitySuite('silero', {
  make: () => Promise.resolve(makeShared()),
  speech: () => Promise.resolve(speech),
});

/** Children start again, on a machine that may do a lot else. */
const LIMIT = { timeout: 90_000 };

describe('silero', LIMIT, () => {
  it('judges alike alone, with many at once, and whatever the pieces', () =>
    withSubject(
      () => Promise.resolve(makeShared()),
      async (provider) => {
        const alone = await judge(provider, speech);
        expect(Math.max(...alone)).toBeGreaterThan(0.9);
        const noise = Array.from({ length: 6 }, (_, index) => pinkNoise(speech.length, -40, index + 1));
        const [among, ...others] = await Promise.all([
          judge(provider, speech, 5),
          ...noise.map((sound) => judge(provider as VoiceActivityDetector, sound, 3)),
        ]);
        for (const [frame, probability] of among.entries()) expect(probability).toBeCloseTo(alone[frame]!, 3);
        for (const probabilities of others) expect(Math.max(...probabilities)).toBeLessThan(0.3);
      },
    ));

  it('puts the frames of all microphones in one message', async () => {
    const { provider } = makeShared({ gatherMs: 1 });
    await provider.preload?.(quiet());
    const sessions = Array.from({ length: 40 }, () => provider.open());
    await Promise.all(sessions.map((session) => session.accept(speech.slice(8_192, 8_704), quiet())));
    expect(provider.status()).toMatchObject({
      microphones: 40,
      batches: 1,
      judgedByModel: 40,
      judgedByLevel: 0,
    });
    for (const session of sessions) session.close();
    expect(provider.status().microphones).toBe(0);
    await provider.close?.();
  });

  it('goes on by level when its child is killed, and with the model once it is back', async () => {
    const subject = make({ gatherMs: 0 });
    const { provider, host } = subject;
    await provider.preload?.(quiet());
    const session = provider.open();
    const frame = speech.slice(8_192, 8_704);
    await session.accept(frame, quiet());
    process.kill(host.status().pid!, 'SIGKILL');
    const inFlight = session.accept(frame, quiet());
    expect(await inFlight).toBeGreaterThanOrEqual(0);
    await expect.poll(() => provider.status().state, { timeout: 40_000 }).toBe('ready');
    const { judgedByModel } = provider.status();
    expect(provider.availability()).toEqual({ available: true });
    await session.accept(frame, quiet());
    expect(provider.status().judgedByModel).toBe(judgedByModel + 1);
    expect(host.status().starts).toBe(2);
    await provider.close?.();
    await subject.end();
  });

  it('does not wait for a child that hangs, and gets another', async () => {
    const subject = make({ gatherMs: 0, patienceMs: 50, batchLimitMs: 600 });
    const { provider, host } = subject;
    await provider.preload?.(quiet());
    const session = provider.open();
    process.kill(host.status().pid!, 'SIGSTOP');
    const frames = [0, 0.3, 0.3, 0.3].map((value) => new Float32Array(512).fill(value));
    const byLevel = await Promise.all(frames.map((frame) => session.accept(frame, quiet())));
    expect(byLevel[0]).toBeLessThan(0.2);
    // A click is no voice by its level either.
    expect(byLevel[1]).toBeLessThan(0.5);
    expect(byLevel[3]).toBeGreaterThan(0.5);
    expect(provider.status()).toMatchObject({ judgedByModel: 0, judgedByLevel: 4 });
    await expect.poll(() => host.status().starts, { timeout: 40_000 }).toBe(2);
    await expect.poll(() => provider.status().state, { timeout: 40_000 }).toBe('ready');
    await provider.close?.();
    await subject.end();
  });

  it('says so of a model that is damaged, and does not hand it to the library', async () => {
    const model = shippedModel(folder);
    await copyFile(shippedModel().path, model.path);
    const bytes = readFileSync(model.path);
    bytes[100_000]! ^= 1;
    await writeFile(model.path, bytes);
    const { provider, host } = makeShared({ model, gatherMs: 0 });
    const { starts } = host.status();
    await expect(provider.preload?.(quiet())).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('is damaged') as unknown,
    });
    expect(provider.availability()).toMatchObject({ available: false });
    const judged = await judge(provider, speech);
    expect(judged).toHaveLength(FRAMES);
    expect(Math.max(...judged)).toBeGreaterThan(0.5);
    expect(provider.status()).toMatchObject({ state: 'away', judgedByModel: 0, judgedByLevel: FRAMES });
    expect(host.status().starts).toBe(starts);
    await provider.close?.();
  });

  it('says so of a model that is missing', async () => {
    const { provider } = makeShared({ model: shippedModel(join(folder, 'nowhere')) });
    expect(provider.availability()).toMatchObject({
      available: false,
      action: expect.stringContaining('Restore') as unknown,
    });
    expect(Math.max(...(await judge(provider, speech)))).toBeGreaterThan(0.5);
    await provider.close?.();
  });

  it('keeps 3 s of a microphone that is far ahead of the model, and judges what was before by level', async () => {
    const { provider } = makeShared();
    await provider.preload?.(quiet());
    const session = provider.open();
    const answers = Array.from({ length: 150 }, () => session.accept(new Float32Array(512), quiet()));
    expect(await Promise.all(answers)).toHaveLength(150);
    expect(provider.status()).toMatchObject({
      dropped: 150 - 94,
      judgedByLevel: 150 - 94,
      judgedByModel: 94,
    });
    await provider.close?.();
  });

  it('loses no other frame to one that is called off', async () => {
    const { provider } = makeShared({ gatherMs: 0 });
    await provider.preload?.(quiet());
    const session = provider.open();
    const controller = new AbortController();
    const calledOff = session.accept(speech.slice(0, 512), controller.signal);
    const kept = session.accept(speech.slice(512, 1_024), quiet());
    controller.abort();
    await expect(calledOff).rejects.toMatchObject({ name: 'AbortError' });
    expect(await kept).toBeGreaterThanOrEqual(0);
    expect(provider.status().judgedByModel).toBe(1);
    await provider.close?.();
  });
});
