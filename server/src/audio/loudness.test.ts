import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromDecibels, toDecibels } from './level.ts';
import { limitPeaks, truePeak } from './limiter.ts';
import { createLoudnessMeter, kWeighting } from './loudness-meter.ts';
import { integratedLoudness, normaliseLoudness } from './loudness.ts';
import { sine, whiteNoise } from './testing/noise.ts';
import { decodeUtterance } from './utterance.ts';

/** Stretches of a 1 kHz sine at the given peak levels, joined. */
function stretches(
  sampleRate: number,
  parts: readonly (readonly [decibels: number, seconds: number])[],
): Float32Array {
  return Float32Array.from(
    parts.flatMap(([decibels, seconds]) => [
      ...sine(seconds * sampleRate, sampleRate, 1_000, fromDecibels(decibels)),
    ]),
  );
}

/** One channel instead of two equal ones reads 3.01 LU less. */
const MONO = -10 * Math.log10(2);

describe('kWeighting', () => {
  it('gives the coefficients of BS.1770-4, Annex 1, Tables 1 and 2, at 48 kHz', () => {
    const [shelf, pass] = kWeighting(48_000);
    const wanted = [
      [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585],
      [1, -2, 1, -1.99004745483398, 0.99007225036621],
    ];
    for (const [index, filter] of [shelf, pass].entries()) {
      for (const [at, value] of [...filter.b, ...filter.a].entries())
        expect(value).toBeCloseTo(wanted[index]![at]!, 8);
    }
  });
});

describe('integratedLoudness', () => {
  for (const sampleRate of [16_000, 22_050, 24_000, 44_100, 48_000]) {
    it(`reads -3.01 LKFS for a 997 Hz sine at full scale in one channel (BS.1770-4, Annex 1), ${sampleRate} Hz`, () => {
      expect(integratedLoudness(sine(sampleRate * 3, sampleRate, 997, 1), sampleRate)).toBeCloseTo(-3.01, 1);
      expect(integratedLoudness(sine(sampleRate * 3, sampleRate, 997, 0.1), sampleRate)).toBeCloseTo(
        -23.01,
        1,
      );
    });
  }

  it('gates as EBU Tech 3341 test cases 3 and 4 want', () => {
    const third = stretches(16_000, [
      [-36, 10],
      [-23, 60],
      [-36, 10],
    ]);
    const fourth = stretches(16_000, [
      [-72, 10],
      [-36, 10],
      [-23, 60],
      [-36, 10],
      [-72, 10],
    ]);
    for (const sound of [third, fourth]) {
      expect(Math.abs(integratedLoudness(sound, 16_000) - (-23 + MONO))).toBeLessThan(0.1);
    }
  });

  it('reads the same from pieces, and tells how much the reading rests on', () => {
    const sound = stretches(16_000, [
      [-80, 1],
      [-23, 2],
    ]);
    const meter = createLoudnessMeter(16_000);
    expect(meter.loudness()).toBe(-Infinity);
    for (let at = 0, size = 1; at < sound.length; at += size, size = (size * 7 + 1) % 613) {
      meter.push(sound.subarray(at, at + size));
    }
    expect(meter.loudness()).toBeCloseTo(integratedLoudness(sound, 16_000), 9);
    expect(meter.measuredMs()).toBeGreaterThan(1_900);
    expect(meter.measuredMs()).toBeLessThan(2_400);
  });

  it('has no loudness for silence, and some for sounds shorter than a block', () => {
    expect(integratedLoudness(new Float32Array(48_000), 48_000)).toBe(-Infinity);
    expect(integratedLoudness(new Float32Array(0), 48_000)).toBe(-Infinity);
    expect(integratedLoudness(sine(4_800, 48_000, 997, 0.1), 48_000)).toBeCloseTo(-23.01, 0);
  });
});

describe('truePeak', () => {
  it('finds the peak between samples', () => {
    // A quarter of the sample rate, 45 degrees off: every sample lies 3 dB below the peak.
    const between = Float32Array.from(
      { length: 4_800 },
      (_, at) => 0.5 * Math.sin((Math.PI / 2) * at + Math.PI / 4),
    );
    expect(toDecibels(truePeak(between.subarray(100, 4_700)) / 0.5)).toBeGreaterThan(-0.2);
    expect(toDecibels(truePeak(between) / 0.5)).toBeLessThan(0.7);
  });
});

describe('limitPeaks', () => {
  it('keeps every peak below the ceiling and leaves the rest alone', () => {
    const sound = sine(48_000, 48_000, 200, 0.3);
    for (let at = 0; at < 100; at++) sound[20_000 + at]! *= 4;
    const limited = limitPeaks(sound, 48_000, 0.5);
    expect(truePeak(limited)).toBeLessThanOrEqual(0.5001);
    for (let at = 0; at < sound.length; at++) {
      if (at > 18_000 && at < 22_000) continue;
      expect(limited[at]).toBeCloseTo(sound[at]!, 5);
    }
  });
});

describe('normaliseLoudness', () => {
  const sample = (name: string) =>
    decodeUtterance(readFileSync(new URL(`../../models/demo-ear/samples/${name}.wav`, import.meta.url)))
      .samples;
  for (const name of ['01', '04', '06', '09', '12']) {
    for (const level of [0, -30]) {
      it(`brings sample ${name} at ${level} dB to -16 LUFS within 0.5, peaks at most -1 dB`, () => {
        const made = normaliseLoudness(
          sample(name).map((value) => value * fromDecibels(level)),
          16_000,
        );
        expect(Math.abs(integratedLoudness(made, 16_000) + 16)).toBeLessThan(0.5);
        expect(toDecibels(truePeak(made))).toBeLessThanOrEqual(-0.99);
        expect(made).toHaveLength(sample(name).length);
      });
    }
  }

  it('turns loud sound down', () => {
    const made = normaliseLoudness(whiteNoise(48_000, -6), 16_000);
    expect(integratedLoudness(made, 16_000)).toBeCloseTo(-16, 0);
  });

  it('leaves silence alone', () => {
    const silence = new Float32Array(16_000);
    expect(normaliseLoudness(silence, 16_000)).toEqual(silence);
    expect(normaliseLoudness(new Float32Array(0), 16_000)).toHaveLength(0);
  });
});
