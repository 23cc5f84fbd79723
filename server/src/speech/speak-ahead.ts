import { createSentenceCutter } from '../language/sentences.ts';
import { AbortedError, childOf, withTimeout } from '../lib/abort.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { Turnstile } from '../lib/turnstile.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';

/** How to say it: everything of a request but its text. */
export type SpeakingStyle = Omit<SpeechRequest, 'text'>;

/** Whose voice it is from here on, or the next sound. */
export type Spoken = Extract<SpeechChunk, { readonly type: 'source' | 'audio' }>;

export interface SpeakAheadOptions {
  /** Cuts the first sentence at a clause already, for who waits for the first sound. */
  readonly early: boolean;
  /** Where sentences wait for their turn at the voice; they don't when absent. */
  readonly turns?: Turnstile | undefined;
  /** The longest that one sentence may take at the voice; 60,000 ms when absent. */
  readonly sentenceLimitMs?: number;
}

/** A sentence that nobody ends would hold the voice and the memory; what is longer is cut at a space. */
const LONGEST_SENTENCE = 240;
/** What {@link LONGEST_SENTENCE} characters take at most when read as slowly as can be asked for, with room to spare. */
const MAX_SENTENCE_SECONDS = 300;

/**
 * Speaks `text` sentence by sentence, in order. While one sentence is being taken, the next one is already with the voice; never
 * more than that one, so a slow listener costs two sentences of memory and no turn at the voice. Once somebody has taken over,
 * the rest of the text stays with them. Ending the iteration stops the voice.
 *
 * @throws {ProviderError} when no voice can speak a sentence; `timeout` after the limit; AbortedError when `signal` aborts.
 */
export async function* speakAhead(
  text: string,
  voice: TextToSpeech,
  style: SpeakingStyle,
  { early, turns, sentenceLimitMs = 60_000 }: SpeakAheadOptions,
  signal: AbortSignal,
): AsyncGenerator<Spoken, void, void> {
  const sentences = sentencesOf(text, early);
  const node = childOf(signal);
  let source: Extract<Spoken, { type: 'source' }> | undefined;
  const begin = (index: number): SentenceSound | undefined => {
    const sentence = sentences[index];
    if (sentence === undefined) return undefined;
    const request = { ...followUp(style, source?.provider), text: sentence };
    const sound = new SentenceSound();
    void sound.fill(voice, request, { turns, urgent: index === 0, limitMs: sentenceLimitMs }, node.signal);
    return sound;
  };
  try {
    let current = begin(0);
    for (let index = 0; current !== undefined; index++) {
      let next: SentenceSound | undefined;
      for (let part = await current.next(); part !== undefined; part = await current.next()) {
        if (part.type === 'source') {
          // The same voice again is nothing new; who is passed over is told once.
          const isNew = part.provider !== source?.provider || part.revision !== source.revision;
          source = part;
          if (!isNew) continue;
        } else {
          next ??= begin(index + 1);
        }
        yield part;
      }
      current = next ?? begin(index + 1);
    }
  } finally {
    node.abort();
    node.unlink();
  }
}

/** Who spoke goes on speaking; a voice that was asked for stays only with the provider it was asked of. */
function followUp(style: SpeakingStyle, provider: string | undefined): SpeakingStyle {
  if (provider === undefined || provider === style.provider) return style;
  if (style.voice === undefined) return { ...style, provider };
  // Nobody knows whether who spoke has that voice, or only took over from one that has.
  if (style.provider === undefined) return style;
  const { voice: _voice, ...rest } = style;
  return { ...rest, provider };
}

/** Whole sentences of `text`, none longer than {@link LONGEST_SENTENCE}. */
function sentencesOf(text: string, early: boolean): string[] {
  const cutter = createSentenceCutter({ early });
  return [...cutter.push(text), ...cutter.flush()].flatMap(cutLong);
}

function cutLong(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_SENTENCE) {
    const space = rest.lastIndexOf(' ', LONGEST_SENTENCE);
    // Never between the two halves of one character.
    const blind = /[\ud800-\udbff]/.test(rest[LONGEST_SENTENCE - 1]!)
      ? LONGEST_SENTENCE - 1
      : LONGEST_SENTENCE;
    const end = space > 0 ? space : blind;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

interface FillOptions {
  readonly turns: Turnstile | undefined;
  readonly urgent: boolean;
  readonly limitMs: number;
}

/** The sound of one sentence, filled by the voice and emptied by one reader. */
class SentenceSound {
  #parts: Spoken[] = [];
  #waiting: Deferred<void> | undefined;
  #isOver = false;
  #error: unknown;

  /** Never rejects: what goes wrong is thrown where the sound is read. */
  async fill(
    voice: TextToSpeech,
    request: SpeechRequest,
    { turns, urgent, limitMs }: FillOptions,
    signal: AbortSignal,
  ): Promise<void> {
    let leave: (() => void) | undefined;
    try {
      leave = await turns?.enter(signal, { urgent });
      await withTimeout(limitMs, signal, (limited) => this.#pump(voice, request, limited));
    } catch (error) {
      this.#error = error;
    } finally {
      leave?.();
      this.#isOver = true;
      this.#waiting?.resolve();
    }
  }

  /** The next part; undefined at the end. @throws what went wrong, after all that was said before it. */
  async next(): Promise<Spoken | undefined> {
    while (this.#parts.length === 0) {
      if (this.#isOver) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      this.#waiting = deferred();
      await this.#waiting.promise;
    }
    return this.#parts.shift();
  }

  async #pump(voice: TextToSpeech, request: SpeechRequest, signal: AbortSignal): Promise<void> {
    let seconds = 0;
    for await (const chunk of voice.synthesize(request, signal)) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (chunk.type === 'audio') {
        if (chunk.samples.length === 0) continue;
        seconds += chunk.samples.length / chunk.sampleRate;
        if (seconds > MAX_SENTENCE_SECONDS) {
          const message = `The voice did not end a sentence within ${MAX_SENTENCE_SECONDS} seconds of sound.`;
          throw new ProviderError('failed', voice.info.id, message);
        }
      } else if (chunk.type !== 'source') continue;
      // A copy: the memory is the voice's, which goes on while this waits to be heard.
      this.#parts.push(chunk.type === 'audio' ? { ...chunk, samples: chunk.samples.slice() } : chunk);
      this.#waiting?.resolve();
    }
  }
}
