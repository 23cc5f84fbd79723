import { AppError } from '../../errors/app-error.ts';
import { AbortedError } from '../../lib/abort.ts';
import { QueueFullError } from '../../lib/bounded-queue.ts';
import { createTurnstile } from '../../lib/turnstile.ts';
import { sniffMedia } from '../sniff.ts';
import { decodeWav } from '../wav.ts';
import type { CompressedKind } from './decode-compressed.ts';
import { openDecodeThread, type DecodeThread } from './decode-thread.ts';
import {
  damagedAudio,
  refusedAudio,
  tooLongAudio,
  type AudioFormat,
  type DecodedAudio,
} from './decoded-audio.ts';
import { decodeAac, findFfmpeg } from './ffmpeg.ts';

export interface DecodeOptions {
  /** Longer sound is refused, and decoded no further. */
  readonly maxDurationMs: number;
  readonly signal: AbortSignal;
}

/** Reads sound files of every kind, by what they are and not by what they are called. */
export interface AudioDecoder {
  /**
   * Decodes a WAV on the spot and everything else in threads beside the event loop. A compressed file that was cut off gives
   * what it holds, where that is 0.1 s at least; a WAV that was cut off is refused, as everywhere.
   *
   * @throws {AppError} UNSUPPORTED_MEDIA_TYPE for a kind that can't be read here; AUDIO_UNREADABLE when the file is empty,
   * damaged, absurd or too long (`reason` is `too_long` then); OVERLOADED when too many files wait already.
   * AbortedError when `signal` aborts.
   */
  decode(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedAudio>;
  /** Ends the threads. Idempotent. */
  close(): Promise<void>;
}

export interface AudioDecoderOptions {
  /** Files decoded at once; 2 when absent. */
  readonly threads?: number;
  /** Files that wait for a thread; 16 when absent. */
  readonly maxWaiting?: number;
  /** Milliseconds that one file may take; 10,000 when absent. */
  readonly limitMs?: number;
  /** Milliseconds after which a thread without work ends; 60,000 when absent. */
  readonly idleMs?: number;
  /** Path of the program that decodes AAC; looked for on the PATH when absent, null for none. */
  readonly ffmpeg?: string | null;
}

const FORMATS: Readonly<Record<string, AudioFormat>> = {
  WAV: 'wav',
  'WebM or Matroska': 'webm',
  Ogg: 'ogg',
  MP3: 'mp3',
  'MP4 or M4A': 'mp4',
  AAC: 'aac',
};
const INSTALL_FFMPEG = 'AAC is read by the program ffmpeg, which was not found on the PATH of this server.';

/** @returns a decoder whose threads start with the first compressed file. */
export function createAudioDecoder(options: AudioDecoderOptions = {}): AudioDecoder {
  const { threads = 2, maxWaiting = 16, limitMs = 10_000, idleMs = 60_000 } = options;
  const turns = createTurnstile({ places: () => threads, maxWaiting });
  const idle: DecodeThread[] = [];
  const open = new Set<DecodeThread>();
  let idleTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let ffmpeg: Promise<string | null> | undefined;

  const endIdle = () => {
    for (const thread of idle.splice(0)) {
      open.delete(thread);
      void thread.close();
    }
  };
  const takeThread = (): DecodeThread => {
    clearTimeout(idleTimer);
    for (let known = idle.pop(); known !== undefined; known = idle.pop()) {
      if (known.isOpen) return known;
      open.delete(known);
    }
    const thread = openDecodeThread();
    open.add(thread);
    return thread;
  };
  const giveBack = (thread: DecodeThread) => {
    if (thread.isOpen && !closed) idle.push(thread);
    else open.delete(thread);
    clearTimeout(idleTimer);
    idleTimer = setTimeout(endIdle, idleMs);
    idleTimer.unref();
  };

  const inThread = async (
    bytes: Uint8Array,
    kind: CompressedKind,
    { maxDurationMs, signal }: DecodeOptions,
  ) => {
    const thread = takeThread();
    try {
      // A copy goes to the thread: the caller's memory stays the caller's.
      return await thread.decode({ bytes: Uint8Array.from(bytes), kind, maxDurationMs }, limitMs, signal);
    } finally {
      giveBack(thread);
    }
  };

  const fromAac = async (adts: Uint8Array, format: AudioFormat, { maxDurationMs, signal }: DecodeOptions) => {
    ffmpeg ??= options.ffmpeg === undefined ? findFfmpeg() : Promise.resolve(options.ffmpeg);
    const program = await ffmpeg;
    if (program === null) throw refusedAudio(format === 'aac' ? 'AAC' : 'MP4 with AAC', INSTALL_FFMPEG);
    const wav = await decodeAac(adts, { program, maxDurationMs, limitMs }, signal);
    const { samples, sampleRate, durationMs } = decodeWav(wav);
    if (durationMs > maxDurationMs) throw tooLongAudio(maxDurationMs);
    return { samples, sampleRate, durationMs, format };
  };

  const enter = async (signal: AbortSignal): Promise<() => void> => {
    try {
      return await turns.enter(signal);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      const detail = 'Too many sounds are being decoded. Try again in a second.';
      throw new AppError('OVERLOADED', { detail, cause: error, retryAfterSeconds: 1 });
    }
  };

  const decodeNow = async (bytes: Uint8Array, format: Exclude<AudioFormat, 'wav'>, asked: DecodeOptions) => {
    if (format === 'aac') return fromAac(bytes, format, asked);
    const decoded = await inThread(bytes, format, asked);
    if (decoded.type === 'aac') return fromAac(decoded.adts, format, asked);
    const { samples, sampleRate } = decoded;
    return { samples, sampleRate, durationMs: (samples.length / sampleRate) * 1000, format };
  };

  return {
    async decode(bytes, asked) {
      if (asked.signal.aborted || closed) throw new AbortedError(asked.signal.reason);
      if (bytes.length === 0) throw damagedAudio('The file is empty.');
      const seen = sniffMedia(bytes);
      const format = seen === null ? undefined : FORMATS[seen];
      if (format === undefined) throw refusedAudio(seen ?? 'a file of an unknown kind');
      if (format === 'wav') {
        const { samples, sampleRate, durationMs } = decodeWav(bytes, asked);
        return { samples, sampleRate, durationMs, format };
      }
      const leave = await enter(asked.signal);
      try {
        return await decodeNow(bytes, format, asked);
      } finally {
        leave();
      }
    },
    async close() {
      closed = true;
      clearTimeout(idleTimer);
      await Promise.all([...open].map((thread) => thread.close()));
      open.clear();
    },
  };
}
