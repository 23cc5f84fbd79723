import { readdirSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mix, pinkNoise, sine } from '../../audio/testing/noise.ts';
import { addAt, musicSound, roomSound, spokenAt } from '../../audio/testing/room.ts';
import { decodeWav } from '../../audio/wav.ts';
import { createChildHost } from '../../lib/child-host.ts';
import { createSileroDetector } from '../../providers/silero/silero-detector.ts';
import type { VoiceActivityDetector } from '../../providers/spec/vad.ts';
import { openVadHost } from '../../vad-host/open-vad-host.ts';
import type { VoiceFrame } from './voice-frame.ts';
import { createVoiceMeter } from './voice-meter.ts';

const SAMPLES = new URL('../../../models/demo-ear/samples/', import.meta.url);
const RATE = 16_000;
const SECONDS = 7;
/** The room is known by then. */
const SPEAKS_AT_MS = 3_500;
/** Thousands of questions go to another process, one after the other. */
const LIMIT = { timeout: 90_000 };
const spoken = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.wav'))
  .sort()
  .map((name) => decodeWav(readFileSync(new URL(name, SAMPLES))).samples);

const host = createChildHost({ name: 'vad-host', open: openVadHost(), startLimitMs: 30_000 });
const silero = createSileroDetector({ host, gatherMs: 0, patienceMs: 30_000, batchLimitMs: 40_000 });
let asked = 0;
/** Silero, counting what it is asked. */
const detector: VoiceActivityDetector = {
  kind: 'vad',
  info: silero.info,
  frameSamples: silero.frameSamples,
  availability: silero.availability,
  open() {
    const session = silero.open();
    return {
      accept(frame, signal) {
        asked += 1;
        return session.accept(frame, signal);
      },
      close: () => session.close(),
    };
  },
};

beforeAll(() => silero.preload?.(new AbortController().signal));
afterAll(async () => {
  await silero.close?.();
  await host.close();
});

/** Lets many microphones hear at once, 20 ms after 20 ms, as they would come; nothing is pushed while an answer is due. */
async function hear(sounds: readonly Float32Array[]): Promise<readonly VoiceFrame[][]> {
  asked = 0;
  const open = sounds.map((sound) => {
    const frames: VoiceFrame[] = [];
    const onTrouble = (error: unknown) => {
      throw error;
    };
    const options = { detector, onFrame: (frame: VoiceFrame) => void frames.push(frame), onTrouble };
    return { sound, frames, meter: createVoiceMeter(options, new AbortController().signal) };
  });
  for (let at = 0; open.some(({ sound }) => at < sound.length); at += 320) {
    for (const { sound, meter } of open) meter.push(sound.subarray(at, at + 320));
    while (open.some(({ meter }) => meter.backlogMs > 0)) await new Promise(setImmediate);
  }
  for (const { meter } of open) meter.close();
  return open.map(({ frames }) => frames);
}

/** Every sample spoken once at `decibels` into what `background` gives, each begun elsewhere in a frame. */
async function noticing(decibels: number, background: (index: number) => Float32Array) {
  const starts = spoken.map((_, index) => SPEAKS_AT_MS + index * 7);
  const sounds = spoken.map((sound, index) => {
    const all = background(index).slice();
    addAt(all, spokenAt(decibels, sound), (starts[index]! * RATE) / 1_000);
    return all;
  });
  const heard = await hear(sounds);
  const first = heard.map((frames, index) =>
    frames.find(({ isSpeech, endMs }) => isSpeech && endMs > starts[index]!),
  );
  return {
    delaysMs: first.map((frame, index) => (frame?.endMs ?? Infinity) - starts[index]!),
    /** Frames that are called speech before anybody spoke. */
    phantoms: heard.flatMap((frames, index) =>
      frames.filter(({ isSpeech, endMs }) => isSpeech && endMs <= starts[index]!),
    ).length,
  };
}

const rooms = Array.from({ length: 4 }, (_, seed) => roomSound(SECONDS, seed + 1));
const fans = Array.from({ length: 4 }, (_, seed) => pinkNoise(SECONDS * RATE, -35, seed + 1));
const music = Array.from({ length: 4 }, (_, seed) => musicSound(SECONDS, -35, seed + 1));

describe('who speaks is noticed', LIMIT, () => {
  it.each([
    ['in silence', -35, () => new Float32Array(SECONDS * RATE)],
    ['in a room that breathes and clicks', -35, (index: number) => rooms[index % 4]!],
    ['in that room, loudly', -20, (index: number) => rooms[index % 4]!],
    ['10 dB over a fan', -25, (index: number) => fans[index % 4]!],
  ] as const)('%s, within 150 ms', async (_, decibels, background) => {
    const { delaysMs, phantoms } = await noticing(decibels, background);
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(150);
    expect(phantoms).toBe(0);
  });

  it('10 dB over music, within 150 ms', async () => {
    const { delaysMs, phantoms } = await noticing(-25, (index) => music[index % 4]!);
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(150);
    // Single frames, which no turn begins with.
    expect(phantoms).toBeLessThanOrEqual(12);
  });

  it('who speaks as soon as the microphone is open', async () => {
    const heard = await hear(spoken.map((sound) => spokenAt(-35, sound)));
    for (const frames of heard)
      expect(frames.find(({ isSpeech }) => isSpeech)!.endMs).toBeLessThanOrEqual(160);
  });
});

describe('what is no voice', LIMIT, () => {
  it('a room with breaths and clicks is hardly asked about, and never speaks', async () => {
    const heard = await hear(rooms);
    const frames = heard.flat();
    expect(frames.some(({ isSpeech }) => isSpeech)).toBe(false);
    // The first 1.2 s of every microphone are asked about, in which the room becomes known, and the breaths.
    expect(asked / frames.length).toBeLessThan(0.35);
    const late = frames.filter(({ endMs }) => endMs > 2_000);
    expect(late.filter(({ probability }) => probability > 0).length / late.length).toBeLessThan(0.22);
  });

  it('fans and music that go on are asked about less and less', async () => {
    const [fan, loudFan, tune] = await hear([
      fans[0]!,
      pinkNoise(SECONDS * RATE, -25, 9),
      musicSound(14, -35, 9),
    ]);
    const askedShare = (frames: readonly VoiceFrame[], fromMs: number) => {
      const late = frames.filter(({ endMs }) => endMs > fromMs);
      return late.filter(({ probability }) => probability > 0).length / late.length;
    };
    expect(askedShare(fan!, 2_000)).toBeLessThan(0.02);
    expect(askedShare(loudFan!, 2_000)).toBeLessThan(0.02);
    expect(askedShare(tune!, 6_000)).toBeLessThan(0.7);
  });

  it('keys of a telephone, a tone and a hum never speak', async () => {
    const keys = new Float32Array(SECONDS * RATE);
    const key = mix(sine(3_200, RATE, 770, 0.05), sine(3_200, RATE, 1_336, 0.05));
    for (let at = 0; at < keys.length; at += 8_000) addAt(keys, key, at);
    const heard = await hear([
      keys,
      sine(SECONDS * RATE, RATE, 440, 0.1),
      sine(SECONDS * RATE, RATE, 60, 0.2),
    ]);
    for (const frames of heard) expect(frames.some(({ isSpeech }) => isSpeech)).toBe(false);
  });
});
