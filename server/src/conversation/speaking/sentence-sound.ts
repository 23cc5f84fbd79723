import { AbortedError, childOf } from '../../lib/abort.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import { within, type Timers } from '../../lib/timers.ts';
import type { Turnstile } from '../../lib/turnstile.ts';
import { ProviderError } from '../../providers/spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../providers/spec/tts.ts';

export interface SentenceSoundOptions {
  readonly voice: TextToSpeech;
  /** Where sentences wait for their turn at the voice; they don't when absent. */
  readonly turns: Turnstile | undefined;
  /** Goes before the others that wait. */
  readonly isUrgent: boolean;
  /** The longest that the sentence may take at the voice. */
  readonly limitMs: number;
  readonly timers: Timers;
}

/** What the longest sentence takes at most when read as slowly as can be asked for, with room to spare. */
const MAX_SENTENCE_SECONDS = 300;

/** What the voice gives for one sentence, held for one reader. */
export class SentenceSound {
  #parts: SpeechChunk[] = [];
  #waiting: Deferred<void> | undefined;
  #isOver = false;
  #error: unknown;
  #heldMs = 0;
  #drop: (() => void) | undefined;

  /** Milliseconds of sound that lie here. */
  get heldMs(): number {
    return this.#heldMs;
  }

  /** True when the voice gives nothing more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks the voice. Never rejects: what goes wrong is thrown where the sound is read. */
  async askFor(request: SpeechRequest, options: SentenceSoundOptions, signal: AbortSignal): Promise<void> {
    const { voice, turns, isUrgent, limitMs, timers } = options;
    const node = childOf(signal);
    this.#drop = () => node.abort();
    let leave: (() => void) | undefined;
    try {
      leave = await turns?.enter(node.signal, { urgent: isUrgent });
      await within(this.#pump(voice, request, node.signal), { limitMs, timers, signal: node.signal });
    } catch (error) {
      this.#error = error;
    } finally {
      // A voice that is deaf to its signal is left behind.
      node.abort();
      node.unlink();
      leave?.();
      this.end();
    }
  }

  /** Nobody wants it any more. */
  drop(): void {
    this.#drop?.();
    this.#parts = [];
  }

  /** Nothing more comes. */
  end(): void {
    this.#isOver = true;
    this.#waiting?.resolve();
  }

  /** The next part; undefined at the end. @throws what went wrong, after all that was said before it. */
  async next(): Promise<SpeechChunk | undefined> {
    while (this.#parts.length === 0) {
      if (this.#isOver) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      this.#waiting = deferred();
      await this.#waiting.promise;
    }
    const part = this.#parts.shift()!;
    if (part.type === 'audio') this.#heldMs -= lengthMs(part);
    return part;
  }

  async #pump(voice: TextToSpeech, request: SpeechRequest, signal: AbortSignal): Promise<void> {
    let totalMs = 0;
    for await (const chunk of voice.synthesize(request, signal)) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (chunk.type === 'audio') {
        if (chunk.samples.length === 0) continue;
        totalMs += lengthMs(chunk);
        if (totalMs > MAX_SENTENCE_SECONDS * 1_000) {
          const message = `The voice did not end a sentence within ${MAX_SENTENCE_SECONDS} seconds of sound.`;
          throw new ProviderError('failed', voice.info.id, message);
        }
        this.#heldMs += lengthMs(chunk);
      }
      // A copy: the memory is the voice's, which goes on while this waits to be heard.
      this.#parts.push(chunk.type === 'audio' ? { ...chunk, samples: chunk.samples.slice() } : chunk);
      this.#waiting?.resolve();
    }
  }
}

function lengthMs({ samples, sampleRate }: Extract<SpeechChunk, { type: 'audio' }>): number {
  return (samples.length * 1_000) / sampleRate;
}
