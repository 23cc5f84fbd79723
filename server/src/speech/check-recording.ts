import { isSilentOrNoise, peakOf, toDecibels } from '../audio/level.ts';
import { resample } from '../audio/resample.ts';
import { AppError } from '../errors/app-error.ts';

/** Mono sound in [-1, 1]. */
export interface Recording {
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hertz. */
  readonly sampleRate: number;
}

/** What the models that take a recording were made for. */
export const RECORDING_MS = { least: 3_000, most: 30_000 };
const CHECKED_RATE = 16_000;
/** A voice below this was recorded from afar: what is brought up is the room. */
const QUIETEST_PEAK_DECIBELS = -40;
const CLIPPED_AT = 0.985;
/** Two samples at the top are a loud peak; more in a row are a peak that was cut off. */
const CLIPPED_IN_ROW = 3;
/** The share of clipped samples that is heard as distortion, and copied. */
const MOST_CLIPPED = 0.002;

/**
 * Makes sure that a recording can stand for a voice.
 *
 * @throws {AppError} INVALID_INPUT that says what is wrong with it and what to do.
 */
export function checkRecording(recording: Recording): void {
  const { samples, sampleRate } = recording;
  const durationMs = (samples.length * 1000) / sampleRate;
  const seconds = (ms: number) => (ms / 1000).toFixed(1).replace(/\.0$/, '');
  if (durationMs < RECORDING_MS.least || durationMs > RECORDING_MS.most) {
    throw refuse(
      `it is ${seconds(durationMs)} s long; ${seconds(RECORDING_MS.least)} to ${seconds(RECORDING_MS.most)} s are taken`,
    );
  }
  if (isSilentOrNoise(resample(samples, sampleRate, CHECKED_RATE), CHECKED_RATE)) {
    throw refuse('there is no speech in it; record one person speaking without a break');
  }
  const peak = toDecibels(peakOf(samples));
  if (peak < QUIETEST_PEAK_DECIBELS) {
    throw refuse(`its loudest moment is at ${Math.round(peak)} dB; record again, closer to the microphone`);
  }
  const clipped = clippedShare(samples);
  if (clipped > MOST_CLIPPED) {
    throw refuse(
      `${(clipped * 100).toFixed(1)}% of it is clipped; record again with the microphone turned down`,
    );
  }
}

function refuse(finding: string): AppError {
  return new AppError('INVALID_INPUT', {
    detail: `The recording can not be used: ${finding}.`,
    issues: [{ path: 'body.file', message: finding }],
  });
}

/** The share of samples in runs at the top of the scale. */
function clippedShare(samples: Float32Array): number {
  let clipped = 0;
  let inRow = 0;
  for (let at = 0; at <= samples.length; at++) {
    if (at < samples.length && Math.abs(samples[at]!) >= CLIPPED_AT) {
      inRow++;
      continue;
    }
    if (inRow >= CLIPPED_IN_ROW) clipped += inRow;
    inRow = 0;
  }
  return clipped / samples.length;
}
