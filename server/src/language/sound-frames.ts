/** What can be heard of a short stretch of sound without knowing who speaks. */
export interface SoundFrame {
  /** Decibels below full scale. */
  readonly level: number;
  /** Share of high tones, 0 to 4: hissing has much of it, vowels have little. */
  readonly sharpness: number;
}

export const FRAME_MS = 10;

/** Makes a frame of every 10 ms of sound. */
export interface SoundFrames {
  push(samples: Int16Array, sampleRate: number): void;
  /** All frames so far; only whole ones. */
  readonly frames: readonly SoundFrame[];
  /** Milliseconds of sound so far. */
  readonly durationMs: number;
}

export function createSoundFrames(): SoundFrames {
  const frames: SoundFrame[] = [];
  let durationMs = 0;
  let energy = 0;
  let highEnergy = 0;
  let last = 0;
  let count = 0;
  return {
    frames,
    get durationMs() {
      return durationMs;
    },
    push(samples, sampleRate) {
      const frameSamples = Math.round((sampleRate * FRAME_MS) / 1_000);
      // The same hiss changes less from sample to sample at a higher rate.
      const scale = (sampleRate / 22_050) ** 2;
      for (const sample of samples) {
        energy += sample * sample;
        highEnergy += (sample - last) ** 2;
        last = sample;
        if (++count < frameSamples) continue;
        const power = energy / count / 32_768 ** 2;
        frames.push({
          level: 10 * Math.log10(power + 1e-9),
          sharpness: energy === 0 ? 0 : Math.min(4, (highEnergy / energy) * scale),
        });
        energy = 0;
        highEnergy = 0;
        count = 0;
      }
      durationMs += (samples.length * 1_000) / sampleRate;
    },
  };
}
