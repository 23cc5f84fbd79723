import { AbortedError, childOf, isAbort } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { createLatest } from '../../lib/latest.ts';
import type { Timers } from '../../lib/timers.ts';
import { ProviderError } from '../../providers/spec/provider.ts';
import {
  UTTERANCE_SAMPLE_RATE,
  type HearingStream,
  type SpeechToText,
  type Transcription,
} from '../../providers/spec/stt.ts';
import { createPasses, type Passes } from './open-hearing-passes.ts';
import { createUtteranceSound, type UtteranceSound } from './open-hearing-sound.ts';

/** A second of sound in which a stream heard nothing. */
const SILENT_STREAM_SAMPLES = UTTERANCE_SAMPLE_RATE;

export interface OpenHearingOptions {
  readonly timers: Timers;
  readonly clock: Clock;
}

/**
 * Hears an utterance while it is being said, with any ears. Those that can stream now do; others, and those whose stream fails,
 * stays silent or tells no more on the way, hear the growing utterance again and again, one pass at a time and never more often than they keep up with. `finish` takes the
 * words of a pass that had all but the silence at the end. Failures on the way cost nothing but partials.
 */
export function openHearing(
  ears: SpeechToText,
  language: string | null,
  options: OpenHearingOptions,
  signal: AbortSignal,
): HearingStream {
  return new OpenHearing(ears, language, options, signal);
}

class OpenHearing implements HearingStream {
  readonly #ears: SpeechToText;
  readonly #language: string | null;
  readonly #signal: AbortSignal;
  readonly #sound: UtteranceSound;
  readonly #passes: Passes;
  readonly #partials = createLatest<string>();
  readonly #onAbort = () => this.close();
  /** Ears that stream, until they fail. */
  #live: HearingStream | undefined;
  /** What it tells on the way. */
  #livePartials: 'none yet' | 'some' | 'no more' = 'none yet';
  #state: 'open' | 'finishing' | 'closed' = 'open';

  constructor(
    ears: SpeechToText,
    language: string | null,
    { timers, clock }: OpenHearingOptions,
    signal: AbortSignal,
  ) {
    this.#ears = ears;
    this.#language = language;
    this.#signal = signal;
    this.#sound = createUtteranceSound(ears.info.id);
    const onHeard = (text: string) => {
      if (text !== '') this.#partials.put(text);
    };
    this.#passes = createPasses({ ears, language, sound: this.#sound, timers, clock, onHeard }, signal);
    if (signal.aborted) {
      this.close();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#openLive();
  }

  get partials(): AsyncIterable<string> {
    return this.#partials;
  }

  push(samples: Float32Array): void {
    this.#checkOpen();
    this.#sound.push(samples);
    const live = this.#live;
    if (live !== undefined) {
      try {
        live.push(samples);
      } catch {
        this.#leaveLive(live);
      }
    }
    if (this.#needsPasses()) this.#passes.look();
  }

  async finish(signal: AbortSignal): Promise<Transcription> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    this.#checkOpen();
    this.#state = 'finishing';
    const node = childOf(signal);
    const onAbort = () => node.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#hearAll(node.signal);
    } catch (error) {
      throw node.signal.aborted ? new AbortedError(node.signal.reason) : error;
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      node.unlink();
      this.close();
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#passes.stop();
    if (this.#live !== undefined) this.#leaveLive(this.#live);
    this.#partials.end();
    this.#sound.clear();
  }

  async #hearAll(signal: AbortSignal): Promise<Transcription> {
    const inPasses = this.#needsPasses() ? await this.#passes.whole(signal) : undefined;
    if (inPasses !== undefined && inPasses.text !== '') return inPasses;
    const live = this.#live;
    if (live !== undefined) {
      try {
        return await live.finish(signal);
      } catch (error) {
        if (signal.aborted || isAbort(error)) throw error;
        this.#leaveLive(live);
      }
    }
    if (inPasses !== undefined) return inPasses;
    if (this.#sound.length === 0) {
      const language = this.#language?.split('-')[0]?.toLowerCase() ?? 'und';
      return { text: '', language, confidence: null, provider: this.#ears.info.id };
    }
    return this.#ears.transcribe({ samples: this.#sound.copy(), language: this.#language }, signal);
  }

  #openLive(): void {
    try {
      this.#live = this.#ears.openStream?.(this.#language, this.#signal) ?? undefined;
    } catch {
      // They are asked for the whole later, and say then what is wrong.
      return;
    }
    if (this.#live !== undefined) void this.#follow(this.#live);
  }

  /** Passes on what `live` hears. Never rejects. */
  async #follow(live: HearingStream): Promise<void> {
    try {
      for await (const heard of live.partials) {
        if (this.#live !== live) return;
        if (this.#livePartials === 'none yet') this.#passes.rest();
        this.#livePartials = 'some';
        this.#partials.put(heard);
      }
    } catch {
      if (this.#live === live && this.#state === 'open') this.#leaveLive(live);
    }
    if (this.#state !== 'open') return;
    this.#livePartials = 'no more';
    this.#passes.look();
  }

  /** A stream that says nothing of what sounds may be one that is not ready yet. */
  #needsPasses(): boolean {
    if (this.#live === undefined || this.#livePartials === 'no more') return true;
    return this.#livePartials === 'none yet' && this.#sound.soundEnd > SILENT_STREAM_SAMPLES;
  }

  #leaveLive(live: HearingStream): void {
    this.#live = undefined;
    try {
      live.close();
    } catch {
      // It is left behind; what it thinks of that is its own affair.
    }
  }

  /** @throws what `push` and `finish` throw once nothing more can come. */
  #checkOpen(): void {
    if (this.#signal.aborted) throw new AbortedError(this.#signal.reason);
    if (this.#state === 'open') return;
    throw new ProviderError('invalid_input', this.#ears.info.id, 'This utterance has ended already.');
  }
}
