import { VOICE_LOUDNESS } from '../audio/loudness.ts';
import { createLoudnessStream, type LoudnessStream } from '../audio/loudness-stream.ts';
import { fromPcm16, toPcm16 } from '../audio/pcm.ts';
import { createResampler, type Resampler } from '../audio/resample.ts';
import { createStreamEncoder, type StreamEncoder, type StreamFormat } from '../audio/stream-encoder.ts';
import { loudnessFor } from '../voice-files/finish-sound.ts';
import type { Spoken } from './speak-ahead.ts';

/** The gains that voices needed before, by voice. */
export interface GainMemory {
  get(voice: string): number | undefined;
  set(voice: string, gainDb: number): void;
}

/** Turns what is spoken into one file that leaves piece by piece: one rate, one loudness, whoever speaks. */
export interface SoundWriter {
  /** Whose sound comes next; another voice is brought to the same loudness anew. */
  source(voice: string): Buffer;
  /** Every byte that this sound makes ready; none may be. */
  push(sound: Extract<Spoken, { readonly type: 'audio' }>): Buffer;
  end(): Buffer;
  /** How far the loudness of the voice that ended last is from where it belongs, in LU; null for silence. */
  readonly offByLu: number | null;
  /** Gives the file up. Idempotent; without effect after `end`. */
  close(): void;
}

export interface SoundWriterOptions {
  readonly format: StreamFormat;
  /** Hertz of the file: that of the first sound. */
  readonly sampleRate: number;
  /** Factor on the amplitude at normal loudness. */
  readonly volume: number;
  readonly gains: GainMemory;
  /** Told of all sound that leaves, at the rate and the loudness of the file. */
  readonly onSound: (samples: Int16Array) => void;
}

export async function openSoundWriter(options: SoundWriterOptions): Promise<SoundWriter> {
  const { format, sampleRate, gains, onSound } = options;
  const target = loudnessFor(options.volume);
  const encoder: StreamEncoder = await createStreamEncoder(format, sampleRate);
  let voice = '';
  let offByLu: number | null = null;
  let loudness: LoudnessStream | undefined;
  let resampler: { readonly from: number; readonly stage: Resampler } | undefined;

  const volumeDb = target.lufs - VOICE_LOUDNESS.lufs;
  const priorGain = (): number | undefined => {
    const known = gains.get(voice);
    return known === undefined ? undefined : known + volumeDb;
  };
  const leave = (samples: Float32Array): Buffer => {
    const pcm = toPcm16(samples);
    onSound(pcm);
    return encoder.push(pcm);
  };
  const loud = (samples: Float32Array): Buffer => {
    loudness ??= createLoudnessStream({ sampleRate, target, priorGainDb: priorGain() });
    return leave(loudness.push(samples));
  };
  const endResampler = (): Buffer => {
    const rest = resampler?.stage.flush();
    resampler = undefined;
    return rest === undefined || rest.length === 0 ? NO_BYTES : loud(rest);
  };
  const endLoudness = (): Buffer => {
    if (loudness === undefined) return NO_BYTES;
    const { samples, rightGainDb, loudnessAfter } = loudness.end();
    loudness = undefined;
    offByLu = rightGainDb === null ? null : loudnessAfter - target.lufs;
    // Kept for normal loudness: another time it is another volume that is asked for.
    if (rightGainDb !== null) gains.set(voice, rightGainDb - volumeDb);
    return leave(samples);
  };

  const push: SoundWriter['push'] = ({ samples, sampleRate: from }) => {
    if (resampler !== undefined && resampler.from !== from) {
      return Buffer.concat([endResampler(), push({ type: 'audio', samples, sampleRate: from })]);
    }
    const sound = fromPcm16(samples);
    if (from === sampleRate) return loud(sound);
    resampler ??= { from, stage: createResampler(from, sampleRate) };
    return loud(resampler.stage.push(sound));
  };

  return {
    get offByLu() {
      return offByLu;
    },
    source(next) {
      if (next === voice) return NO_BYTES;
      const rest = Buffer.concat([endResampler(), endLoudness()]);
      voice = next;
      return rest;
    },
    push,
    end: () => Buffer.concat([endResampler(), endLoudness(), encoder.end()]),
    close: () => encoder.close(),
  };
}

const NO_BYTES = Buffer.alloc(0);

/** Remembers the gains of the `most` voices heard last. */
export function createGainMemory(most = 200): GainMemory {
  const gains = new Map<string, number>();
  return {
    get: (voice) => gains.get(voice),
    set(voice, gainDb) {
      gains.delete(voice);
      gains.set(voice, gainDb);
      if (gains.size > most) gains.delete(gains.keys().next().value!);
    },
  };
}
