import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { makeWav } from './testing/make-wav.ts';
import { mutateWav, wavCorpus } from './testing/mutate-wav.ts';
import { sine } from './testing/noise.ts';
import { decodeUtterance } from './utterance.ts';

describe('decodeUtterance', () => {
  it('brings sound to 16 kHz mono', () => {
    const channel = sine(48_000, 48_000, 440, 0.5);
    const made = decodeUtterance(
      makeWav({ coding: 'pcm', bits: 24, sampleRate: 48_000, channels: [channel, channel] }),
    );
    const wanted = sine(16_000, 16_000, 440, 0.5);
    expect(made.durationMs).toBe(1_000);
    expect(made.samples).toHaveLength(16_000);
    for (let at = 100; at < 15_900; at++)
      expect(Math.abs(made.samples[at]! - wanted[at]!)).toBeLessThan(1e-3);
  });

  it('says when there is nothing to hear', () => {
    const wav = makeWav({ coding: 'pcm', bits: 16, sampleRate: 8_000, channels: [new Float32Array(8_000)] });
    expect(decodeUtterance(wav).silent).toBe(true);
  });

  it('takes 60 seconds and no more', () => {
    const wav = (frames: number) =>
      makeWav({ coding: 'mulaw', bits: 8, sampleRate: 8_000, channels: [new Float32Array(frames)] });
    expect(decodeUtterance(wav(480_000)).durationMs).toBe(60_000);
    expect(() => decodeUtterance(wav(480_001))).toThrow(/at most 60/);
  });

  it('refuses or decodes 5,000 damaged files, and never fails in another way', () => {
    const corpus = wavCorpus();
    const outcomes = new Map<string, number>();
    for (let seed = 0; seed < 5_000; seed++) {
      const bytes = mutateWav(corpus[seed % corpus.length]!, seed);
      let outcome: string;
      try {
        const { samples, durationMs } = decodeUtterance(bytes);
        outcome = 'decoded';
        // 8 kHz and 8 bits: one byte becomes two samples, and no file can do more.
        expect(samples.length).toBeLessThanOrEqual(bytes.length * 2);
        expect(samples.every((sample) => Math.abs(sample) < 4)).toBe(true);
        expect(durationMs).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof AppError))
          throw new Error(`Seed ${seed} broke the decoder.`, { cause: error });
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual(['AUDIO_NOT_WAV', 'AUDIO_UNREADABLE', 'decoded']);
    // Each way is really walked.
    for (const count of outcomes.values()) expect(count).toBeGreaterThan(400);
  });
});
