import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromDecibels, isSilentOrNoise, peakOf, rootMeanSquare, toDecibels } from './level.ts';
import { atLevel, mix, pinkNoise, sine, whiteNoise } from './testing/noise.ts';
import { decodeUtterance } from './utterance.ts';

const RATE = 16_000;
const SAMPLES = new URL('../../models/demo-ear/samples/', import.meta.url);
const speech = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.wav'))
  .map((name) => ({ name, samples: decodeUtterance(readFileSync(new URL(name, SAMPLES))).samples }));

describe('levels', () => {
  it('measures a sine', () => {
    const tone = sine(RATE, RATE, 1_000, 0.5);
    expect(rootMeanSquare(tone)).toBeCloseTo(0.5 / Math.SQRT2, 4);
    expect(peakOf(tone)).toBeCloseTo(0.5, 4);
    expect(toDecibels(0.5)).toBeCloseTo(-6.02, 2);
    expect(fromDecibels(-20)).toBeCloseTo(0.1, 6);
    expect(rootMeanSquare(new Float32Array(0))).toBe(0);
    expect(toDecibels(0)).toBe(-Infinity);
  });
});

describe('isSilentOrNoise', () => {
  const seconds = (count: number) => Math.round(count * RATE);
  const hum = mix(
    sine(seconds(3), RATE, 60, 0.2),
    sine(seconds(3), RATE, 120, 0.1),
    sine(seconds(3), RATE, 180, 0.05),
  );
  const click = whiteNoise(seconds(3), -60);
  for (let at = 0; at < 160; at++) click[20_000 + at]! += 0.9 * Math.sin(at) * Math.exp(-at / 30);
  const muted = whiteNoise(seconds(2), -30);
  muted.fill(0, 0, seconds(0.8));

  const noSpeech: Readonly<Record<string, Float32Array>> = {
    nothing: new Float32Array(0),
    'digital silence': new Float32Array(seconds(3)),
    'a constant': new Float32Array(seconds(3)).fill(0.3),
    'hardly any noise': whiteNoise(seconds(3), -80),
    hum,
    'hum with noise': mix(hum, whiteNoise(hum.length, -50)),
    'a tone': sine(seconds(3), RATE, 1_000, 0.5),
    'a click in noise': click,
    'a click in nothing': Float32Array.from({ length: seconds(2) }, (_, at) => (at === 9_000 ? 1 : 0)),
    'a microphone unmuted into noise': muted,
  };
  for (const [name, sound] of Object.entries(noSpeech)) {
    it(`knows ${name}`, () => expect(isSilentOrNoise(sound, RATE)).toBe(true));
  }

  for (const [colour, noise] of [
    ['white', whiteNoise],
    ['pink', pinkNoise],
  ] as const) {
    it(`knows steady ${colour} noise of every level and length`, () => {
      for (const decibels of [-70, -40, -20]) {
        for (const length of [0.5, 1, 3, 10]) {
          for (let seed = 0; seed < 4; seed++) {
            expect([
              decibels,
              length,
              seed,
              isSilentOrNoise(noise(seconds(length), decibels, seed), RATE),
            ]).toEqual([decibels, length, seed, true]);
          }
        }
      }
    });

    for (const signalToNoise of [20, 10, 3]) {
      it(`lets speech through ${signalToNoise} dB above ${colour} noise, loud and 30 dB down`, () => {
        for (const { name, samples } of speech) {
          for (const level of [-20, -50]) {
            const noisy = mix(atLevel(samples, level), noise(samples.length, level - signalToNoise));
            expect([name, level, isSilentOrNoise(noisy, RATE)]).toEqual([name, level, false]);
          }
        }
      });
    }
  }

  it('lets clean speech through, also 30 dB down and after a long silence', () => {
    expect(speech).toHaveLength(12);
    for (const { name, samples } of speech) {
      const late = new Float32Array(seconds(20));
      late.set(samples, seconds(12));
      expect([name, isSilentOrNoise(samples, RATE)]).toEqual([name, false]);
      expect([name, isSilentOrNoise(atLevel(samples, -50), RATE)]).toEqual([name, false]);
      expect([name, isSilentOrNoise(late, RATE)]).toEqual([name, false]);
    }
  });

  it('lets pieces of 400 ms from within words through', () => {
    for (const { name, samples } of speech) {
      for (let at = 0; at + 6_400 < samples.length; at += 1_600) {
        const piece = samples.slice(at, at + 6_400);
        if (toDecibels(rootMeanSquare(piece)) < -30) continue;
        expect([name, at, isSilentOrNoise(piece, RATE)]).toEqual([name, at, false]);
      }
    }
  });
});
