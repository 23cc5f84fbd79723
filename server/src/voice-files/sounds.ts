import { setMaxListeners } from 'node:events';
import { createAudioEncoder } from '../audio/encode.ts';
import { decodeWav } from '../audio/wav.ts';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Turnstile } from '../lib/turnstile.ts';
import type { TextToSpeech, VoiceReference } from '../providers/spec/tts.ts';
import type { FileStore } from '../storage/files.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { SoundPiece } from './finish-sound.ts';
import { makeSound } from './make-sound.ts';
import { createSoundCache, type CachedSound } from './sound-cache.ts';
import { createSoundFinisher } from './sound-finisher.ts';
import { soundKey, soundKeyPrefix, type SoundSource } from './sound-key.ts';
import type { VoiceFormat, VoiceRequest } from './voice-files.ts';
import { wavOfPieces } from './wav-of-pieces.ts';
import { createWorkPool } from './work-pool.ts';

export interface SoundsOptions {
  /** A folder of its own: what is in it and looks like a sound is swept. */
  readonly files: FileStore;
  /** Usually a chain. */
  readonly voice: TextToSpeech;
  /**
   * Who would speak now. When absent it is whoever spoke last, and `voice` itself before anyone has: right for one provider, and
   * for a chain from its second sound on.
   */
  readonly expectedSource?: (request: VoiceRequest) => SoundSource | null;
  /** The recording of a custom voice; null for one that is not there, or no longer. */
  readonly reference?: (id: string) => Promise<VoiceReference | null>;
  /** Where sentences wait for their turn at the voice. */
  readonly turns?: Turnstile;
  readonly clock: Clock;
  readonly log: Logger;
  /** Sound on disk; 512 MiB when absent. */
  readonly maxCacheBytes?: number;
  /** Sound kept in memory too; 8 MiB when absent. */
  readonly maxMemoryBytes?: number;
  /** A sound that nobody asked for in this time is deleted; 7 days when absent. */
  readonly soundIdleMs?: number;
  /** Sounds made at once; 2 when absent. */
  readonly concurrency?: number;
  /** Sounds that may wait to be made; 64 when absent. */
  readonly maxWaiting?: number;
  /** The longest that making one sound may take; 30,000 ms when absent. */
  readonly makeLimitMs?: number;
}

/** A sound, with where it is kept and who speaks in it. */
export interface Sound extends CachedSound {
  readonly key: string;
  readonly provider: string;
}

/** Where the sound of a request is expected, and who is expected to speak. */
export interface ExpectedSound {
  readonly key: string;
  readonly provider: string;
}

/** Sound that somebody heard while it was made. */
export interface SpokenSound {
  /** At one rate, and about at its loudness. */
  readonly pieces: readonly SoundPiece[];
  /** How far its loudness is from where it belongs, in LU; what is further off than anyone hears is finished once more. */
  readonly offByLu: number;
}

/** All spoken sound of this server: one cache and one maker, behind every door that gives out speech. */
export interface Sounds {
  /** Who would speak this now, and where their sound is kept. */
  expect(request: VoiceRequest): ExpectedSound;
  /** The sound at `key` in `format`; also made from the WAV there. Null when there is none yet. */
  find(expected: ExpectedSound, format: VoiceFormat, signal: AbortSignal): Promise<Sound | null>;
  /** The WAV at `expected`, from the cache or made once for all who ask; goes on when they leave. Other errors as `make`. */
  share(expected: ExpectedSound, request: VoiceRequest): Promise<Sound>;
  /**
   * Makes the WAV of `request` for one who asks, and keeps it.
   *
   * @throws {ProviderError} when no voice can speak it; {@link AppError} NOT_FOUND when its custom voice is gone; AbortedError.
   */
  make(request: VoiceRequest, signal: AbortSignal): Promise<Sound>;
  /** A WAV in another format, kept beside it. */
  encode(wav: Sound, format: Exclude<VoiceFormat, 'wav'>): Promise<Sound>;
  /** Keeps what was spoken elsewhere; the pieces' memory is handed over. Failures are logged. */
  keep(request: VoiceRequest, source: SoundSource, spoken: SpokenSound): Promise<void>;
  /** Deletes every sound of a custom voice, also those that are still being made. */
  forget(reference: string): Promise<void>;
  sweep(signal: AbortSignal): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Ends what is being made. */
  close(): Promise<void>;
}

/** What `Sounds` needs of the table of ids, which the same sounds stand in. */
export interface SoundIds {
  /** When sounds were last asked for, by key. */
  lastAsked(): Promise<ReadonlyMap<string, number>>;
  /** Others than expected spoke: the ids that wait for `askedKey` find their sound at `sound`. */
  moved(askedKey: string, sound: ExpectedSound): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
/** A change in loudness that listeners begin to notice. */
const NOTICEABLE_LU = 0.5;

export function createSounds(options: SoundsOptions, ids: SoundIds): Sounds {
  const { voice, clock, log, turns } = options;
  const { concurrency = 2, maxWaiting = 64, makeLimitMs = 30_000 } = options;
  const encoder = createAudioEncoder();
  const finisher = createSoundFinisher();
  const pool = { concurrency, maxWaiting, limitMs: makeLimitMs };
  const makers = createWorkPool<Sound>(pool);
  const encoders = createWorkPool<CachedSound>(pool);
  const cache = createSoundCache({
    files: options.files,
    clock,
    log,
    maxBytes: options.maxCacheBytes ?? 512 * MEBIBYTE,
    maxMemoryBytes: options.maxMemoryBytes ?? 8 * MEBIBYTE,
    idleMs: options.soundIdleMs ?? 7 * 24 * 60 * 60_000,
    lastAsked: ids.lastAsked,
  });
  const closing = new AbortController();
  // Every sound that is being kept listens, and that is no leak.
  setMaxListeners(0, closing.signal);
  const keeping = new Set<Promise<void>>();
  /** Who spoke last, and which revision of the whole voice that was. */
  let lastSpoken: { readonly source: SoundSource; readonly revision: string } | undefined;

  const expectedSource = (request: VoiceRequest): SoundSource => {
    const expected = options.expectedSource?.(request);
    if (expected) return expected;
    if (lastSpoken?.revision === voice.revision) return lastSpoken.source;
    return { provider: voice.info.id, revision: voice.revision };
  };

  const referenceOf = async (id: string | undefined): Promise<VoiceReference | null> => {
    if (id === undefined) return null;
    const reference = (await options.reference?.(id)) ?? null;
    if (reference !== null) return reference;
    throw new AppError('NOT_FOUND', { detail: 'The custom voice is not there, or no longer.' });
  };

  const put = async (request: VoiceRequest, sources: readonly SoundSource[], wav: Buffer): Promise<Sound> => {
    const key = soundKey(sources, request);
    lastSpoken = { source: sources.at(-1)!, revision: voice.revision };
    return { ...(await cache.put(key, 'wav', wav)), key, provider: sources[0]!.provider };
  };

  const make = async (request: VoiceRequest, signal: AbortSignal): Promise<Sound> => {
    const reference = await referenceOf(request.reference);
    const made = await makeSound({ voice, finisher, turns }, request, reference, signal);
    return put(request, made.sources, made.wav);
  };

  const encode = async (wav: Sound, format: Exclude<VoiceFormat, 'wav'>): Promise<Sound> => {
    const encoded = await encoders.run(`${wav.key}.${format}`, async (signal) => {
      const { samples, sampleRate } = decodeWav(wav.bytes);
      return cache.put(wav.key, format, await encoder.encode(format, samples, sampleRate, signal));
    });
    return { ...wav, ...encoded };
  };

  const finishSpoken = async (request: VoiceRequest, { pieces, offByLu }: SpokenSound): Promise<Buffer> => {
    // The thread takes as long for a sentence as speaking it does.
    if (Math.abs(offByLu) > NOTICEABLE_LU) return finisher.finish(pieces, closing.signal, request.volume);
    return wavOfPieces(
      pieces.map(({ samples }) => samples),
      pieces[0]!.sampleRate,
    );
  };

  return {
    make,
    encode,
    expect(request) {
      const source = expectedSource(request);
      return { key: soundKey([source], request), provider: source.provider };
    },
    async find(expected, format, signal) {
      const cached = await cache.get(expected.key, format);
      if (cached !== null) return { ...cached, ...expected };
      if (format === 'wav') return null;
      const wav = await cache.get(expected.key, 'wav');
      return wav === null || signal.aborted ? null : encode({ ...wav, ...expected }, format);
    },
    async share(expected, request) {
      const cached = await cache.get(expected.key, 'wav');
      if (cached !== null) return { ...cached, ...expected };
      return makers.run(expected.key, async (signal) => {
        // Another process may have made it while this one waited for its turn.
        const there = await cache.get(expected.key, 'wav');
        if (there !== null) return { ...there, ...expected };
        const sound = await make(request, signal);
        if (sound.key !== expected.key) await ids.moved(expected.key, sound);
        return sound;
      });
    },
    keep(request, source, spoken) {
      const kept = finishSpoken(request, spoken)
        .then((wav) => put(request, [source], wav))
        .then(
          () => {},
          (error: unknown) => {
            if (!closing.signal.aborted) log.warn({ error }, 'a voice that was heard can not be kept');
          },
        )
        .finally(() => keeping.delete(kept));
      keeping.add(kept);
      return kept;
    },
    forget: (reference) => cache.forget(soundKeyPrefix(reference)),
    sweep: cache.sweep,
    async close() {
      closing.abort();
      await Promise.all([makers.close(), encoders.close()]);
      await finisher.close();
      await Promise.all(keeping);
      await cache.settle();
    },
  };
}
