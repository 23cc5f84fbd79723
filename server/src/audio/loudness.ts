import { fromDecibels } from './level.ts';
import { limitPeaks, truePeak } from './limiter.ts';
import { createLoudnessMeter } from './loudness-meter.ts';

/** Integrated loudness of one channel in LUFS, as a meter reads it at the end. */
export function integratedLoudness(samples: Float32Array, sampleRate: number): number {
  const meter = createLoudnessMeter(sampleRate);
  meter.push(samples);
  return meter.loudness();
}

export interface LoudnessTarget {
  /** Integrated loudness in LUFS. */
  readonly lufs: number;
  /** Highest true peak in decibels relative to full scale. */
  readonly peakDecibels: number;
}

/** What every voice is brought to. */
export const VOICE_LOUDNESS: LoudnessTarget = { lufs: -16, peakDecibels: -1 };

/** Half the change in loudness that listeners notice. */
const CLOSE_ENOUGH = 0.25;
const MOST_ROUNDS = 4;
/** More gain than this would bring up nothing but the background. */
export const MOST_GAIN_DECIBELS = 40;

/**
 * Sound at the target's loudness, with peaks above its limit turned down smoothly; what the limiter takes from the loudness is
 * given back in up to four rounds. Silence comes back as it is.
 */
export function normaliseLoudness(
  samples: Float32Array,
  sampleRate: number,
  target: LoudnessTarget = VOICE_LOUDNESS,
): Float32Array {
  const measured = integratedLoudness(samples, sampleRate);
  if (measured === -Infinity) return samples;
  const ceiling = fromDecibels(target.peakDecibels);
  const peak = truePeak(samples);
  let gain = Math.min(target.lufs - measured, MOST_GAIN_DECIBELS);
  const first = scale(samples, fromDecibels(gain));
  if (peak * fromDecibels(gain) <= ceiling) return first;
  let limited = limitPeaks(first, sampleRate, ceiling);
  for (let round = 1; round < MOST_ROUNDS; round++) {
    const missing = target.lufs - integratedLoudness(limited, sampleRate);
    if (Math.abs(missing) < CLOSE_ENOUGH) break;
    gain = Math.min(gain + missing, MOST_GAIN_DECIBELS);
    limited = limitPeaks(scale(samples, fromDecibels(gain)), sampleRate, ceiling);
  }
  return limited;
}

function scale(samples: Float32Array, factor: number): Float32Array {
  return samples.map((sample) => sample * factor);
}
