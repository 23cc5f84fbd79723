import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromDecibels, toDecibels } from './level.ts';
import { createPeakLimiter } from './limiter-stream.ts';
import { limitPeaks, truePeak } from './limiter.ts';
import { createLoudnessStream, type LoudnessStreamEnd } from './loudness-stream.ts';
import { integratedLoudness } from './loudness.ts';
import { mix, sine, whiteNoise } from './testing/noise.ts';
import { decodeUtterance } from './utterance.ts';

const RATE = 16_000;
const sample = (name: string) =>
  decodeUtterance(readFileSync(new URL(`../../models/demo-ear/samples/${name}.wav`, import.meta.url)))
    .samples;
const speech = ['01', '04', '06', '09'].map(sample);

function joined(pieces: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** All of `sound` through a stream, in pieces of `step`. */
function run(
  sound: Float32Array,
  options: { readonly priorGainDb?: number; readonly step?: number } = {},
): { made: Float32Array; end: LoudnessStreamEnd } {
  const { step = 1_600, priorGainDb } = options;
  const stream = createLoudnessStream({ sampleRate: RATE, priorGainDb });
  const pieces: Float32Array[] = [];
  for (let at = 0; at < sound.length; at += step) pieces.push(stream.push(sound.subarray(at, at + step)));
  const end = stream.end();
  return { made: joined([...pieces, end.samples]), end };
}

describe('createPeakLimiter', () => {
  const loud = mix(sine(RATE, RATE, 200, 0.3), whiteNoise(RATE, -20));
  for (let at = 0; at < 100; at++) loud[8_000 + at]! *= 4;
  loud[0] = 1.5;
  loud[RATE - 1] = -1.5;

  it('keeps every true peak below the ceiling, from the first sample to the last', () => {
    for (const sound of [loud, whiteNoise(RATE, 3), sine(RATE, RATE, 3_999, 1)]) {
      const limiter = createPeakLimiter(RATE, 0.5, 15);
      const made = joined([limiter.push(sound), limiter.flush()]);
      expect(made).toHaveLength(sound.length);
      expect(truePeak(made)).toBeLessThanOrEqual(0.5);
    }
  });

  it('leaves alone what is quiet enough, however loud it is elsewhere', () => {
    const sound = sine(RATE, RATE, 200, 0.3);
    sound[0] = 1;
    for (let at = 8_000; at < 8_100; at++) sound[at]! *= 4;
    const limiter = createPeakLimiter(RATE, 0.5, 15);
    const made = joined([limiter.push(sound), limiter.flush()]);
    for (let at = 0; at < RATE; at++) {
      const isNear = at < 500 || (at > 7_700 && at < 8_400);
      if (!isNear) expect(made[at]).toBeCloseTo(sound[at]!, 6);
    }
  });

  it('turns down no more than the whole-file limiter does', () => {
    const limiter = createPeakLimiter(RATE, 0.5, 15);
    const made = joined([limiter.push(loud), limiter.flush()]);
    const lost = toDecibels(integratedPower(limitPeaks(loud, RATE, 0.5)) / integratedPower(made));
    expect(lost).toBeLessThan(0.5);
  });

  it('lags by no more than its look-ahead', () => {
    const limiter = createPeakLimiter(RATE, 0.5, 15);
    expect(limiter.push(loud.subarray(0, 4_000)).length).toBeGreaterThanOrEqual(4_000 - 0.015 * RATE);
  });

  it('takes sounds of hardly any samples', () => {
    for (let length = 0; length < 30; length++) {
      const limiter = createPeakLimiter(RATE, 0.5, 15);
      const made = joined([limiter.push(new Float32Array(length).fill(1)), limiter.flush()]);
      expect(made).toHaveLength(length);
      expect(truePeak(made)).toBeLessThanOrEqual(0.5);
    }
  });
});

function integratedPower(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

describe('createLoudnessStream', () => {
  for (const level of [0, -12, -30]) {
    it(`tells the gain that would have been right at ${level} dB, and reaches -16 LUFS with it`, () => {
      for (const original of speech) {
        const sound = original.map((value) => value * fromDecibels(level));
        let priorGainDb = run(sound).end.rightGainDb!;
        const second = run(sound, { priorGainDb });
        expect(Math.abs(integratedLoudness(second.made, RATE) + 16)).toBeLessThan(1);
        priorGainDb = second.end.rightGainDb!;
        const third = run(sound, { priorGainDb });
        expect(Math.abs(integratedLoudness(third.made, RATE) + 16)).toBeLessThan(0.75);
        expect(third.end.loudnessAfter).toBeCloseTo(integratedLoudness(third.made, RATE), 1);
        expect(third.end.loudnessBefore).toBeCloseTo(integratedLoudness(sound, RATE), 6);
        expect(toDecibels(truePeak(third.made))).toBeLessThanOrEqual(-1);
        expect(third.made).toHaveLength(sound.length);
      }
    });
  }

  it('comes near -16 LUFS also at the first sound of a voice, and keeps the peaks down', () => {
    for (const level of [0, -20]) {
      const { made } = run(joined(speech).map((value) => value * fromDecibels(level)));
      expect(Math.abs(integratedLoudness(made, RATE) + 16)).toBeLessThan(1.5);
      expect(toDecibels(truePeak(made))).toBeLessThanOrEqual(-1);
    }
  });

  it('moves slowly away from a prior that is wrong', () => {
    const tone = sine(RATE * 2, RATE, 1_000, 0.05);
    const { made } = run(tone, { priorGainDb: 0 });
    const levelAt = (second: number) =>
      toDecibels(integratedPower(made.subarray(second * RATE, (second + 0.1) * RATE)));
    for (let tenth = 2; tenth < 19; tenth++) {
      expect(Math.abs(levelAt(tenth / 10) - levelAt((tenth - 1) / 10))).toBeLessThan(0.35);
    }
    expect(levelAt(1.8) - levelAt(0.1)).toBeGreaterThan(2);
  });

  it('gives the same however the sound is cut, 20 ms after it came', () => {
    const sound = speech[0]!;
    const whole = run(sound, { step: sound.length });
    for (const step of [1, 37, 441, 8_000]) {
      const { made, end } = run(sound.subarray(0, 20_000), { step });
      expect(made.subarray(0, 19_000)).toEqual(whole.made.subarray(0, 19_000));
      expect(end.rightGainDb).not.toBeNull();
    }
    const stream = createLoudnessStream({ sampleRate: RATE });
    expect(stream.push(sound.subarray(0, 1_600)).length).toBeGreaterThanOrEqual(1_600 - 0.02 * RATE);
  });

  it('leaves silence alone and has no gain for it', () => {
    for (const length of [0, 1, 100, RATE]) {
      const { made, end } = run(new Float32Array(length));
      expect(made).toEqual(new Float32Array(length));
      expect(end).toMatchObject({ rightGainDb: null, loudnessAfter: -Infinity });
    }
  });
});
