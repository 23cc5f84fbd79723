import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLogMel, MEL_BANDS, MEL_FRAMES, WINDOW_SAMPLES } from './log-mel.ts';
import { createMelFilters } from './mel-filters.ts';

interface Reference {
  readonly samples: number;
  readonly mean: number;
  readonly deviation: number;
  /** Band, frame, value. */
  readonly points: readonly (readonly [number, number, number])[];
}

/**
 * Made with NumPy in double precision from the definition of Whisper's front-end (`numpy.fft.rfft` of each frame, a dense matrix
 * of Slaney's bands), of {@link trial} at four lengths.
 */
const reference = JSON.parse(
  readFileSync(new URL('./testing/log-mel-reference.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Reference>>;

/** A signal that is the same to the last bit in every language: whole numbers, over a power of two. */
function trial(length: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => {
    const index = BigInt(at);
    const carrier = Number((index * index * 7n + index * 13n) % 2003n) - 1001 + (((at * 37) % 401) - 200) * 2;
    const envelope = Math.floor(Math.abs(((at * 3) % 24_001) - 12_000) / 100);
    return Math.floor(at / 5_000) % 3 === 2 ? 0 : (carrier * envelope) / 2 ** 18;
  });
}

const tone = (hz: number, length = WINDOW_SAMPLES) =>
  Float32Array.from({ length }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / 16_000));

const bandsAt = (features: Float32Array, frame: number) =>
  Array.from({ length: MEL_BANDS }, (_, band) => features[band * MEL_FRAMES + frame]!);

describe("the front-end of Whisper's encoder", () => {
  it.each(Object.entries(reference))(
    'agrees with the reference: %s',
    (_, { samples, mean, deviation, points }) => {
      const features = createLogMel()(trial(samples));
      expect(features).toHaveLength(MEL_BANDS * MEL_FRAMES);
      for (const [band, frame, value] of points)
        expect(features[band * MEL_FRAMES + frame], `band ${band}, frame ${frame}`).toBeCloseTo(value, 4);
      const average = features.reduce((sum, value) => sum + value, 0) / features.length;
      expect(average).toBeCloseTo(mean, 4);
      const squares = features.reduce((sum, value) => sum + (value - average) ** 2, 0);
      expect(Math.sqrt(squares / features.length)).toBeCloseTo(deviation, 4);
    },
  );

  it('remembers nothing from one sound to the next', () => {
    const logMel = createLogMel();
    const first = logMel(trial(20_000));
    logMel(trial(150_000));
    expect(logMel(trial(20_000))).toEqual(first);
  });

  it('does not care how loud the sound is', () => {
    const logMel = createLogMel();
    const quiet = trial(WINDOW_SAMPLES).map((sample) => sample / 4);
    const loud = logMel(trial(WINDOW_SAMPLES));
    for (const [at, value] of logMel(quiet).entries()) expect(Math.abs(value - loud[at]!)).toBeLessThan(0.01);
  });

  it('puts a tone where it belongs: higher tones into higher bands', () => {
    const logMel = createLogMel();
    const tops = [200, 500, 1_000, 2_000, 4_000, 7_000].map((hz) => {
      const bands = bandsAt(logMel(tone(hz)), 400);
      return bands.indexOf(Math.max(...bands));
    });
    expect(tops).toEqual(tops.toSorted((left, right) => left - right));
    expect(new Set(tops).size).toBe(tops.length);
  });

  it('hears short sound at the end, behind silence', () => {
    const features = createLogMel()(tone(1_000, 16_000));
    const loudest = Array.from({ length: MEL_FRAMES }, (_, frame) => Math.max(...bandsAt(features, frame)));
    expect(Math.max(...loudest.slice(0, 690))).toBeLessThan(Math.min(...loudest.slice(702)) - 0.5);
  });

  it('makes finite numbers within 80 dB of anything', () => {
    for (const samples of [
      new Float32Array(0),
      new Float32Array(WINDOW_SAMPLES),
      tone(0),
      trial(9),
      tone(300).fill(1),
    ]) {
      const features = createLogMel()(samples);
      expect(features.every(Number.isFinite)).toBe(true);
      expect(Math.max(...bandsAt(features, 0)) - Math.min(...bandsAt(features, 799))).toBeLessThanOrEqual(2);
    }
  });
});

it('has bands of the same area that overlap by half', () => {
  const filters = createMelFilters({ bands: 80, points: 400, sampleRate: 16_000 });
  expect(filters).toHaveLength(80);
  for (const [band, { first, weights }] of filters.entries()) {
    expect(first + weights.length).toBeLessThanOrEqual(201);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
    expect(first).toBeGreaterThanOrEqual(filters[band - 1]?.first ?? 0);
    // Narrow ones hold too few bins to measure their area by.
    if (weights.length < 8) continue;
    const area = weights.reduce((sum, weight) => sum + weight, 0) * 40;
    expect(area).toBeCloseTo(1, 1);
  }
});
