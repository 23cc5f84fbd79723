import { describe, expect, it } from 'vitest';
import { createAudioEncoder } from './encode.ts';
import { sniffMedia } from './sniff.ts';
import { sine } from './testing/noise.ts';

const signal = new AbortController().signal;
const TONE = sine(22_050 * 2, 22_050, 440, 0.5);

describe('createAudioEncoder', () => {
  const encoder = createAudioEncoder();
  for (const [format, name] of [
    ['mp3', 'MP3'],
    ['ogg', 'Ogg'],
  ] as const) {
    it(`makes ${name}, the same bytes for the same sound, also side by side and at odd rates`, async () => {
      const [first, odd, second] = await Promise.all([
        encoder.encode(format, TONE, 22_050, signal),
        encoder.encode(format, TONE, 23_456, signal),
        encoder.encode(format, TONE, 22_050, signal),
      ]);
      expect(sniffMedia(first)).toBe(name);
      expect(sniffMedia(odd)).toBe(name);
      expect(first.length).toBeGreaterThan(5_000);
      expect(first.length).toBeLessThan(40_000);
      expect(second.equals(first)).toBe(true);
    });

    it(`stops ${name} when it is called off, and goes on with the next`, async () => {
      const controller = new AbortController();
      const stopped = encoder.encode(format, TONE, 22_050, controller.signal);
      controller.abort();
      await expect(stopped).rejects.toThrow(/abort/i);
      expect(sniffMedia(await encoder.encode(format, TONE, 22_050, signal))).toBe(name);
    });
  }
});
