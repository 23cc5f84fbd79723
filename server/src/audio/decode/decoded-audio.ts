import { AppError } from '../../errors/app-error.ts';

/** Kinds of sound files, by their container. */
export type AudioFormat = 'wav' | 'webm' | 'ogg' | 'mp3' | 'mp4' | 'aac';

/** Sound out of a file, mixed down to one channel. */
export interface DecodedAudio {
  /** Mono, finite; in [-1, 1] but for the overshoots of a lossy codec. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hertz, 8,000 to 192,000. */
  readonly sampleRate: number;
  readonly durationMs: number;
  /** What the file was, by its content. */
  readonly format: AudioFormat;
}

/** For people: what can be read without any other program. */
export const ACCEPTED_AUDIO = 'WAV, WebM with Opus, Ogg with Opus or Vorbis, MP3, and MP4 with Opus or MP3';

/** @returns an AUDIO_UNREADABLE error; `problem` is a sentence that says what is wrong with the file. */
export function damagedAudio(problem: string, fields: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('AUDIO_UNREADABLE', { detail: problem, fields });
}

/** @returns the error for a kind of sound that can not be read here; `what` names what came. */
export function refusedAudio(what: string, advice = ''): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', {
    detail: `This is ${what}.${advice === '' ? '' : ` ${advice}`} Accepted: ${ACCEPTED_AUDIO}.`,
    fields: { reason: 'audio_format' },
  });
}

/** @returns the error for sound that goes on beyond `maxDurationMs`. */
export function tooLongAudio(maxDurationMs: number): AppError {
  const seconds = maxDurationMs / 1000;
  return damagedAudio(`The sound is longer than ${seconds} seconds; no more are taken.`, {
    reason: 'too_long',
    max_seconds: seconds,
  });
}
