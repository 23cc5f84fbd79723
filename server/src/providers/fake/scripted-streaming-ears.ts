import { AbortedError, childOf } from '../../lib/abort.ts';
import { ProviderError } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE, type HearingStream, type Transcription } from '../spec/stt.ts';
import { isQuiet, ScriptedEars } from './scripted-ears.ts';

/** Scripted ears that also hear while it is being said: a syllable more with every push. Their script is about `finish`. */
export class ScriptedStreamingEars extends ScriptedEars {
  readonly #streams = new Set<ScriptedStream>();
  /** The push, counted from 1, at which a stream fails; never when undefined. */
  breaksAtPush: number | undefined;

  /** Streams that are open now. */
  get open(): number {
    return this.#streams.size;
  }

  openStream(language: string | null, signal: AbortSignal): HearingStream {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const stream = new ScriptedStream(this, language, signal, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  /** All streams that are open fail now, as when a process is killed. */
  breakStreams(): void {
    for (const stream of this.#streams) stream.break();
  }
}

const LONGEST_SECONDS = 120;

class ScriptedStream implements HearingStream {
  readonly #ears: ScriptedStreamingEars;
  readonly #language: string | null;
  readonly #pieces: Float32Array[] = [];
  readonly #partials: string[] = [];
  readonly #signal: AbortSignal;
  readonly #onLeave: () => void;
  readonly #onAbort = () => this.close();
  #length = 0;
  #syllables = 0;
  #state: 'open' | 'finishing' | 'over' = 'open';
  #failure: ProviderError | undefined;
  #wake = () => {};

  constructor(
    ears: ScriptedStreamingEars,
    language: string | null,
    signal: AbortSignal,
    onLeave: () => void,
  ) {
    this.#ears = ears;
    this.#language = language;
    this.#signal = signal;
    this.#onLeave = onLeave;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  push(samples: Float32Array): void {
    this.#check();
    if (this.#length + samples.length > LONGEST_SECONDS * UTTERANCE_SAMPLE_RATE) {
      throw this.#error('invalid_input', `An utterance lasts ${LONGEST_SECONDS} s at most.`);
    }
    if (!samples.every(Number.isFinite))
      throw this.#error('invalid_input', 'A sample is not a finite number.');
    this.#length += samples.length;
    this.#pieces.push(samples.slice());
    if (this.#pieces.length === this.#ears.breaksAtPush) {
      this.break();
      this.#check();
    }
    if (isQuiet(samples)) return;
    this.#partials.push('아'.repeat(++this.#syllables));
    this.#wake();
  }

  get partials(): AsyncIterable<string> {
    return this.#listen();
  }

  async finish(signal: AbortSignal): Promise<Transcription> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    this.#check();
    this.#state = 'finishing';
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      samples.set(piece, at);
      at += piece.length;
    }
    const node = childOf(signal);
    const onAbort = () => node.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#ears.transcribe({ samples, language: this.#language }, node.signal);
    } finally {
      node.unlink();
      this.#signal.removeEventListener('abort', onAbort);
      this.close();
    }
  }

  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#pieces.length = 0;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#onLeave();
    this.#wake();
  }

  break(): void {
    this.#failure = this.#error('failed', `${this.#ears.info.id} was told to fail`);
    this.close();
  }

  async *#listen(): AsyncGenerator<string, void, void> {
    while (true) {
      const heard = this.#partials.shift();
      if (heard !== undefined) yield heard;
      else if (this.#state === 'over') return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#signal.aborted) throw new AbortedError(this.#signal.reason);
    if (this.#state !== 'open') throw this.#error('invalid_input', 'This utterance has ended already.');
  }

  #error(kind: 'invalid_input' | 'failed', message: string): ProviderError {
    return new ProviderError(kind, this.#ears.info.id, message);
  }
}
