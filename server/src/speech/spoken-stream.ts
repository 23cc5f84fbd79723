import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { AbortedError, childOf } from '../lib/abort.ts';
import type { Turnstile } from '../lib/turnstile.ts';
import { ProviderError, type Skipped } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { SoundPiece } from '../voice-files/finish-sound.ts';
import { styleOf } from '../voice-files/make-sound.ts';
import type { SoundSource } from '../voice-files/sound-key.ts';
import type { Sounds } from '../voice-files/sounds.ts';
import type { ByteBudget } from './byte-budget.ts';
import { openSoundWriter, type GainMemory, type SoundWriter } from './sound-writer.ts';
import { speakAhead, type Spoken } from './speak-ahead.ts';
import type { SpeechOrder } from './speech-order.ts';

export interface SpokenStreamOptions {
  readonly voice: TextToSpeech;
  readonly turns: Turnstile | undefined;
  readonly gains: GainMemory;
  /** For sound that is held until it is whole, to be kept. */
  readonly heldBytes: ByteBudget;
  readonly keep: Sounds['keep'];
  readonly stallLimitMs: number;
  /** Called once, when nothing is spoken any more. */
  readonly onEnd: () => void;
}

/** What is known with the first byte. */
export interface Begun {
  readonly provider: string;
  readonly skipped: readonly Skipped[];
  readonly sampleRate: number;
}

/** One file of speech that is sent while it is spoken. */
export interface SpokenStream {
  /** Resolves when the first byte is there. Rejects with what went wrong before it. */
  readonly begun: Promise<Begun>;
  /** The file, to be read once. Throws what goes wrong; AbortedError after `cancel`. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Ends it, read or not. Idempotent. */
  cancel(): void;
  /** Aborts when the client took nothing for too long: whoever sends it waits for that client, and reads no more. */
  readonly stalled: AbortSignal;
}

/** More of one sound is not held: it is longer than what is asked for twice. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;
/** The longest stretch that is encoded without letting go of the event loop. */
const PIECE_SECONDS = 0.25;

/** Begins to speak `order` at once. Whoever opens it reads it to its end or cancels it. */
export function openSpokenStream(
  options: SpokenStreamOptions,
  order: SpeechOrder,
  signal: AbortSignal,
): SpokenStream {
  const node = childOf(signal);
  const { request } = order;
  const held = holdPieces(options.heldBytes);
  const sources: SoundSource[] = [];
  let skipped: readonly Skipped[] = [];
  let sampleRate = 0;
  let writer: SoundWriter | undefined;
  let isOver = false;
  const stalled = new AbortController();

  const end = () => {
    if (isOver) return;
    isOver = true;
    writer?.close();
    held.letGo();
    node.abort();
    node.unlink();
    options.onEnd();
  };
  node.signal.addEventListener('abort', end, { once: true });

  const hearSource = (source: Extract<Spoken, { type: 'source' }>): Buffer => {
    const { provider, revision } = source;
    if (sources.length === 0) {
      if (order.accepts?.(provider) === false) {
        const message = `${provider} would speak, which can't speak like the recording that was asked for.`;
        throw new ProviderError('unavailable', provider, message, { skipped: source.skipped });
      }
      skipped = source.skipped;
    }
    sources.push({ provider, revision });
    return writer?.source(voiceKey(source, order)) ?? NO_BYTES;
  };

  async function* file(): AsyncGenerator<Buffer, void, void> {
    const style = styleOf(request, order.reference);
    const { voice, turns, gains } = options;
    for await (const part of speakAhead(request.text, voice, style, { early: true, turns }, node.signal)) {
      if (part.type === 'source') {
        yield hearSource(part);
        continue;
      }
      if (writer === undefined) {
        ({ sampleRate } = part);
        if (sources.length === 0) sources.push({ provider: voice.info.id, revision: voice.revision });
        const { format } = order;
        const onSound = (samples: Int16Array) => held.add({ samples, sampleRate });
        writer = await openSoundWriter({ format, sampleRate, volume: request.volume ?? 1, gains, onSound });
        writer.source(voiceKey(sources[0]!, order));
      }
      const step = Math.ceil(part.sampleRate * PIECE_SECONDS);
      for (let at = 0; at < part.samples.length; at += step) {
        if (node.signal.aborted) throw new AbortedError(node.signal.reason);
        yield writer.push({ ...part, samples: part.samples.subarray(at, at + step) });
      }
    }
    if (writer === undefined)
      throw new ProviderError('failed', options.voice.info.id, 'The voice gave no sound.');
    yield writer.end();
    const { offByLu } = writer;
    // What two voices shared is not what anyone asks for again.
    if (sources.length === 1 && offByLu !== null) {
      held.keep((pieces) => options.keep(request, sources[0]!, { pieces, offByLu }));
    }
  }

  const parts = file();
  /** The next bytes; lets go of the event loop between pieces once the first are out. */
  const read = async (isFirst: boolean): Promise<IteratorResult<Buffer, void>> => {
    while (true) {
      if (!isFirst) await nextTurnOfTheLoop();
      const next = await parts.next();
      if (next.done === true || next.value.length > 0) return next;
    }
  };
  const first = read(true);
  const begun = first.then(() => ({ provider: sources[0]!.provider, skipped, sampleRate }));
  // Whoever has called it off asks for it no more.
  begun.catch(() => {});

  const stall = () => {
    const reason = new Error('The client takes nothing any more.');
    node.abort(reason);
    stalled.abort(reason);
  };
  async function* bytes(): AsyncGenerator<Buffer, void, void> {
    try {
      for (let next = await first; next.done !== true; next = await read(false)) {
        const timer = setTimeout(stall, options.stallLimitMs);
        try {
          yield next.value;
        } finally {
          clearTimeout(timer);
        }
        if (node.signal.aborted) throw new AbortedError(node.signal.reason);
      }
    } finally {
      end();
    }
  }

  return {
    begun,
    bytes: bytes(),
    cancel: () => node.abort(),
    stalled: stalled.signal,
  };
}

const NO_BYTES = Buffer.alloc(0);

/** Whose loudness it is: another voice of the same provider is another. */
function voiceKey({ provider, revision }: SoundSource, { request }: SpeechOrder): string {
  return JSON.stringify([provider, revision, request.reference ?? request.voice ?? null]);
}

/** The sound so far, as long as there is room for it. */
function holdPieces(budget: ByteBudget) {
  let pieces: SoundPiece[] | undefined = [];
  let bytes = 0;
  const letGo = () => {
    if (pieces === undefined) return;
    pieces = undefined;
    budget.giveBack(bytes);
  };
  return {
    letGo,
    add({ samples, sampleRate }: SoundPiece): void {
      if (pieces === undefined) return;
      const { byteLength } = samples;
      if (bytes + byteLength > MAX_HELD_BYTES || !budget.take(byteLength)) return letGo();
      bytes += byteLength;
      pieces.push({ samples, sampleRate });
    },
    /** Hands the sound over; its room is free again when it is kept. */
    keep(store: (pieces: readonly SoundPiece[]) => Promise<void>): void {
      if (pieces === undefined) return;
      const whole = pieces;
      pieces = undefined;
      void store(whole).finally(() => budget.giveBack(bytes));
    },
  };
}
