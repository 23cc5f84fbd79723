import { damagedAudio, tooLongAudio } from './decoded-audio.ts';

const MIN_RATE = 8_000;
const MAX_RATE = 192_000;
const MAX_CHANNELS = 8;
/** Shorter sound is the rest of a file that was cut off, or noise read as one. */
const MIN_SOUND_MS = 100;
/** A share of broken frames above which the file is no recording any more. */
const MAX_BROKEN_SHARE = 0.1;

/** Gathers what a decoder gives, mixed down, and stops it as soon as it is too much. */
export interface SoundCollector {
  /**
   * Adds decoded sound; channels are averaged and values that are no numbers become silence.
   *
   * @throws {AppError} AUDIO_UNREADABLE when it is too long, or absurd in its rate or channels, or changes its rate.
   */
  add(channels: readonly Float32Array[], sampleRate: number): void;
  /** Counts frames, and how many of them could not be decoded. */
  count(frames: number, broken: number): void;
  /** Milliseconds so far. */
  durationMs(): number;
  /** @throws {AppError} AUDIO_UNREADABLE for less than 0.1 s of sound, or when more than a tenth of its frames are broken. */
  finish(): CollectedSound;
}

export interface CollectedSound {
  readonly samples: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
}

export function createSoundCollector(maxDurationMs: number): SoundCollector {
  const pieces: Float32Array[] = [];
  let length = 0;
  let rate = 0;
  let allFrames = 0;
  let brokenFrames = 0;
  const durationMs = () => (rate === 0 ? 0 : (length / rate) * 1000);
  return {
    durationMs,
    count(frames, broken) {
      allFrames += frames;
      brokenFrames += broken;
    },
    add(channels, sampleRate) {
      if (channels.length === 0 || channels[0]!.length === 0) return;
      if (channels.length > MAX_CHANNELS) {
        throw damagedAudio(
          `The file says it has ${channels.length} channels; 1 to ${MAX_CHANNELS} are possible.`,
        );
      }
      if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
        throw damagedAudio(
          `The file says ${sampleRate} samples a second; ${MIN_RATE} to ${MAX_RATE} are possible.`,
        );
      }
      if (rate !== 0 && rate !== sampleRate) {
        throw damagedAudio(`The sound changes from ${rate} to ${sampleRate} samples a second.`);
      }
      rate = sampleRate;
      length += channels[0]!.length;
      if (durationMs() > maxDurationMs) throw tooLongAudio(maxDurationMs);
      pieces.push(toMono(channels));
    },
    finish() {
      if (brokenFrames > allFrames * MAX_BROKEN_SHARE) {
        throw damagedAudio(`The file is damaged: ${brokenFrames} of ${allFrames} frames can not be decoded.`);
      }
      if (durationMs() < MIN_SOUND_MS) {
        throw damagedAudio(
          `The file holds ${Math.round(durationMs())} ms of sound; it is empty, or was cut off at its beginning.`,
        );
      }
      const samples = new Float32Array(length);
      let at = 0;
      for (const piece of pieces) {
        samples.set(piece, at);
        at += piece.length;
      }
      return { samples, sampleRate: rate };
    },
  };
}

function toMono(channels: readonly Float32Array[]): Float32Array {
  const mono = new Float32Array(channels[0]!.length);
  const gain = 1 / channels.length;
  for (const channel of channels) {
    for (let at = 0; at < mono.length; at++) {
      const value = channel[at]!;
      // NaN and infinity alike: their difference from themselves is no zero.
      if (value - value === 0) mono[at]! += value * gain;
    }
  }
  return mono;
}
