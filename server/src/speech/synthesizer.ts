import { STREAM_MEDIA_TYPES, type StreamFormat } from '../audio/stream-encoder.ts';
import { readWavFormat } from '../audio/wav-format.ts';
import { AbortedError, childOf, withTimeout } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { createTurnstile, type Turnstile } from '../lib/turnstile.ts';
import { ProviderError, type Skipped } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { Sound, Sounds } from '../voice-files/sounds.ts';
import { createByteBudget } from './byte-budget.ts';
import { createGainMemory } from './sound-writer.ts';
import { noVoice, speechError, tooMany } from './speech-errors.ts';
import type { SpeechOrder } from './speech-order.ts';
import { openSpokenStream, type SpokenStream } from './spoken-stream.ts';

export interface SynthesizerOptions {
  /** Usually a chain. */
  readonly voice: TextToSpeech;
  readonly sounds: Pick<Sounds, 'expect' | 'find' | 'make' | 'encode' | 'keep'>;
  /** Where sentences wait for their turn at the voice, shared with `sounds`. */
  readonly turns?: Turnstile;
  readonly clock: Clock;
  /** Requests that are spoken at once; 40 when absent. */
  readonly maxActive?: number;
  /** Requests that may wait for a place; 40 when absent. */
  readonly maxWaiting?: number;
  /** The longest that a request waits for a place; 10,000 ms when absent. */
  readonly waitLimitMs?: number;
  /** From its place to the first byte; 20,000 ms when absent. */
  readonly firstSoundLimitMs?: number;
  /** For a sound that is wanted whole; 300,000 ms when absent. */
  readonly wholeLimitMs?: number;
  /** A client that takes nothing for so long is let go of; 60,000 ms when absent. */
  readonly stallLimitMs?: number;
  /** Bytes of sound, of all requests, that are held to be kept in the cache; 64 MiB when absent. What is beyond is not kept. */
  readonly maxHeldBytes?: number;
}

/** Speech that has begun. */
export interface Synthesis {
  /** Who speaks. */
  readonly provider: string;
  readonly skipped: readonly Skipped[];
  readonly cached: boolean;
  readonly mediaType: string;
  /** Hertz. */
  readonly sampleRate: number;
  /** Waiting for a place, and from there to the first byte. */
  readonly waitMs: number;
  readonly firstSoundMs: number;
  readonly body:
    | { readonly type: 'whole'; readonly bytes: Buffer }
    | ({ readonly type: 'stream' } & Pick<SpokenStream, 'bytes' | 'cancel' | 'stalled'>);
}

export interface Synthesizer {
  /**
   * Resolves with the first byte, or with all of it where it is wanted whole or was made before. What goes wrong later is thrown
   * where the bytes are read.
   *
   * @throws {AppError} INVALID_INPUT, PROVIDER_UNAVAILABLE, OVERLOADED, TIMEOUT, SHUTTING_DOWN; AbortedError when `signal` aborts.
   */
  synthesize(order: SpeechOrder, signal: AbortSignal): Promise<Synthesis>;
}

const MEBIBYTE = 1024 * 1024;

export function createSynthesizer(options: SynthesizerOptions): Synthesizer {
  const { voice, sounds, turns, clock } = options;
  const { maxActive = 40, maxWaiting = 40, waitLimitMs = 10_000, wholeLimitMs = 300_000 } = options;
  const { firstSoundLimitMs = 20_000, stallLimitMs = 60_000 } = options;
  const places = createTurnstile({ places: () => maxActive, maxWaiting });
  const gains = createGainMemory();
  const heldBytes = createByteBudget(options.maxHeldBytes ?? 64 * MEBIBYTE);

  /** A place, waited for no longer than the limit. */
  const enter = async (signal: AbortSignal): Promise<() => void> => {
    const node = childOf(signal);
    const timer = setTimeout(() => node.abort(), waitLimitMs);
    try {
      return await places.enter(node.signal);
    } catch (error) {
      throw signal.aborted ? new AbortedError(signal.reason) : tooMany(error);
    } finally {
      clearTimeout(timer);
      node.unlink();
    }
  };

  /** The sound as it was made before. */
  const find = async (
    { request, format, accepts }: SpeechOrder,
    signal: AbortSignal,
  ): Promise<Sound | null> => {
    const found = await sounds.find(sounds.expect(request), format === 'pcm' ? 'wav' : format, signal);
    return found === null || accepts?.(found.provider) === false ? null : found;
  };

  const whole = async (order: SpeechOrder, signal: AbortSignal): Promise<Sound> => {
    const { request, format } = order;
    const wav = await withTimeout(wholeLimitMs, signal, (limited) => sounds.make(request, limited));
    return format === 'wav' || format === 'pcm' ? wav : sounds.encode(wav, format);
  };

  const begin = async (order: SpeechOrder, leave: () => void, signal: AbortSignal): Promise<SpokenStream> => {
    const stream = openSpokenStream(
      { voice, turns, gains, heldBytes, keep: sounds.keep, stallLimitMs, onEnd: leave },
      order,
      signal,
    );
    try {
      await withTimeout(firstSoundLimitMs, signal, () => stream.begun);
      return stream;
    } catch (error) {
      stream.cancel();
      throw error;
    }
  };

  const speak = async (order: SpeechOrder, signal: AbortSignal): Promise<Synthesis> => {
    const { format } = order;
    const started = clock.monotonicMs();
    const found = await find(order, signal);
    if (found !== null) {
      return {
        ...finished(found, format),
        cached: true,
        waitMs: 0,
        firstSoundMs: clock.monotonicMs() - started,
      };
    }
    const hindrance = voice.availability();
    if (!hindrance.available) throw noVoice(hindrance);
    const isFull = places.inside >= maxActive;
    const leave = await enter(signal);
    const entered = clock.monotonicMs();
    const times = () => ({ waitMs: entered - started, firstSoundMs: clock.monotonicMs() - entered });
    // Who had the place before may have asked for the same.
    const madeMeanwhile = isFull ? await find(order, signal).catch(() => null) : null;
    if (madeMeanwhile !== null) {
      leave();
      return { ...finished(madeMeanwhile, format), cached: true, ...times() };
    }
    if (order.stream) {
      const { begun, ...spoken } = await begin(order, leave, signal);
      const body = { type: 'stream', ...spoken } as const;
      return { ...(await begun), mediaType: STREAM_MEDIA_TYPES[format], cached: false, ...times(), body };
    }
    try {
      const made = await whole(order, signal);
      if (order.accepts?.(made.provider) === false) {
        const message = `${made.provider} would speak, which can't speak like the recording that was asked for.`;
        throw new ProviderError('unavailable', made.provider, message);
      }
      return { ...finished(made, format), cached: false, ...times() };
    } finally {
      leave();
    }
  };

  return {
    async synthesize(order, signal) {
      try {
        return await speak(order, signal);
      } catch (error) {
        if (signal.aborted) throw new AbortedError(signal.reason);
        throw speechError(error, order.request.language);
      }
    },
  };
}

/** A sound that is there as a whole, in the words of a {@link Synthesis}. */
function finished(
  sound: Sound,
  format: StreamFormat,
): Pick<Synthesis, 'provider' | 'skipped' | 'mediaType' | 'sampleRate' | 'body'> {
  const isWav = format === 'wav' || format === 'pcm';
  const wav = isWav ? readWavFormat(sound.bytes) : undefined;
  const bytes = format === 'pcm' ? sound.bytes.subarray(wav!.dataStart) : sound.bytes;
  return {
    provider: sound.provider,
    skipped: [],
    mediaType: STREAM_MEDIA_TYPES[format],
    sampleRate: wav?.sampleRate ?? 0,
    body: { type: 'whole', bytes },
  };
}
