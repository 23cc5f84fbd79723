import { AbortedError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Turnstile } from '../../lib/turnstile.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../providers/spec/tts.ts';
import { SentenceSound } from './sentence-sound.ts';

/** A sentence as the voice gets it. One with an empty text is passed through in its place and has no sound. */
export interface LineSentence {
  readonly voiceText: string;
}

/** The next of what the voice gives for a sentence; null: the sentence is over. */
export interface LineStep<S extends LineSentence> {
  readonly sentence: S;
  readonly chunk: SpeechChunk | null;
}

export interface VoiceLineOptions {
  readonly voice: TextToSpeech;
  /** How to say it: everything of a request but its text. */
  readonly style: Omit<SpeechRequest, 'text'>;
  readonly turns: Turnstile | undefined;
  /** The longest that one sentence may take at the voice; 60,000 ms when absent. */
  readonly limitMs?: number | undefined;
  /** While the listener has less sound than so much to hear, made or being made, up to three sentences are made ahead instead of one; 0 when absent. */
  readonly shortMs?: number;
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * Sentences on their way through a voice. The first is begun in the very call that adds it; while one is being taken the next
 * one is already with the voice, never many more, so a slow listener costs little memory and no turn at the voice. What comes
 * out is in order, whoever is quicker. Once somebody has taken over, all sentences after it are asked of them. One reader.
 */
export interface VoiceLine<S extends LineSentence> {
  add(sentence: S): void;
  /** Resolves when so few sentences wait that more may be added; undefined where that is so now. */
  room(): Promise<void> | undefined;
  /** No more are added; `error` is thrown to the reader after all that was said. */
  end(error?: unknown): void;
  /**
   * The next step; undefined after the last one.
   *
   * @throws {ProviderError} when no voice can speak a sentence; `TimeoutError` after the limit, both after all sound that came
   * before; {@link AbortedError} when the signal aborts.
   */
  next(): Promise<LineStep<S> | undefined>;
}

const MOST_AHEAD = 3;
const MOST_WAITING = 64;
const LIMIT_MS = 60_000;
/** A sentence that is being made will have so much sound a character at least, as a rule. */
const CHARACTER_MS = 90;

interface Begun<S> {
  readonly sentence: S;
  readonly sound: SentenceSound;
  takenMs: number;
}

export function createVoiceLine<S extends LineSentence>(
  options: VoiceLineOptions,
  signal: AbortSignal,
): VoiceLine<S> {
  const { voice, style, turns, limitMs = LIMIT_MS, shortMs = 0, clock, timers } = options;
  const waiting: S[] = [];
  const begun: Begun<S>[] = [];
  let current: Begun<S> | undefined;
  /** Sound of the current sentence was taken. */
  let isHeard = false;
  /** Who took over, or was the first to speak, where the voice says so. */
  let speaker: string | undefined;
  let hasSpoken = false;
  let outcome: { readonly error: unknown } | undefined;
  let added: Deferred<void> | undefined;
  let drained: Deferred<void> | undefined;
  /** When what was taken has been played, if it plays at once. */
  let playedAtMs = Number.NEGATIVE_INFINITY;

  const leftMs = ({ sentence, sound, takenMs }: Begun<S>) =>
    sound.isOver ? sound.heldMs : Math.max(sound.heldMs, sentence.voiceText.length * CHARACTER_MS - takenMs);
  const inHandMs = () => {
    const made = current === undefined ? begun : [current, ...begun];
    return made.reduce(
      (sum, sentence) => sum + leftMs(sentence),
      Math.max(0, playedAtMs - clock.monotonicMs()),
    );
  };
  const mayBegin = () => {
    if (current === undefined && begun.length === 0) return true;
    // The first sound of a sentence is worth more than an early start of the next.
    if (!isHeard) return false;
    const ahead = begun.filter(({ sentence }) => sentence.voiceText !== '').length;
    return ahead === 0 || (ahead < MOST_AHEAD && inHandMs() < shortMs);
  };
  const begin = (sentence: S): Begun<S> => {
    const sound = new SentenceSound();
    if (sentence.voiceText === '') sound.end();
    else {
      const isUrgent = !hasSpoken || inHandMs() < shortMs;
      const request = { ...followUp(style, speaker), text: sentence.voiceText };
      void sound.askFor(request, { voice, turns, isUrgent, limitMs, timers }, signal);
    }
    return { sentence, sound, takenMs: 0 };
  };
  const beginMore = () => {
    while (waiting.length > 0 && mayBegin()) begun.push(begin(waiting.shift()!));
    if (waiting.length < MOST_WAITING) drained?.resolve();
  };

  /** What was begun with who spoke before is begun again: the voice shall not change back. */
  const heardFrom = (provider: string) => {
    const isTakeover = speaker !== undefined && speaker !== provider;
    speaker = provider;
    if (!isTakeover) return;
    for (const { sound } of begun) sound.drop();
    begun.splice(0, begun.length, ...begun.map(({ sentence }) => begin(sentence)));
  };

  const nextSentence = async (): Promise<Begun<S> | undefined> => {
    while (begun.length === 0) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (outcome !== undefined) {
        if (outcome.error !== undefined) throw outcome.error;
        return undefined;
      }
      const more = (added = deferred());
      const wake = () => more.resolve();
      signal.addEventListener('abort', wake, { once: true });
      await more.promise;
      signal.removeEventListener('abort', wake);
    }
    return begun.shift();
  };

  return {
    add(sentence) {
      if (signal.aborted) return;
      waiting.push(sentence);
      beginMore();
      added?.resolve();
    },
    room() {
      if (waiting.length < MOST_WAITING || signal.aborted) return undefined;
      drained = deferred();
      return drained.promise;
    },
    end(error) {
      outcome ??= { error };
      added?.resolve();
    },
    async next() {
      current ??= await nextSentence();
      if (current === undefined) return undefined;
      const { sentence, sound } = current;
      const chunk = await sound.next();
      if (chunk === undefined) {
        current = undefined;
        isHeard = false;
        beginMore();
        return { sentence, chunk: null };
      }
      if (chunk.type === 'source') heardFrom(chunk.provider);
      if (chunk.type === 'audio') {
        hasSpoken = true;
        const lengthMs = (chunk.samples.length * 1_000) / chunk.sampleRate;
        current.takenMs += lengthMs;
        playedAtMs = Math.max(playedAtMs, clock.monotonicMs()) + lengthMs;
        isHeard = true;
        beginMore();
      }
      return { sentence, chunk };
    },
  };
}

/** Who spoke goes on speaking; a voice that was asked for stays only with the provider it was asked of. */
function followUp(
  style: Omit<SpeechRequest, 'text'>,
  provider: string | undefined,
): Omit<SpeechRequest, 'text'> {
  if (provider === undefined || provider === style.provider) return style;
  if (style.voice === undefined) return { ...style, provider };
  // Nobody knows whether who spoke has that voice, or only took over from one that has.
  if (style.provider === undefined) return style;
  const { voice: _voice, ...rest } = style;
  return { ...rest, provider };
}
