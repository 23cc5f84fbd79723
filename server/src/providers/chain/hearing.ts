import { AbortedError, childOf, type AbortNode } from '../../lib/abort.ts';
import { createLatest } from '../../lib/latest.ts';
import { startWaiting, within } from '../../lib/timers.ts';
import { ProviderError, type Skipped } from '../spec/provider.ts';
import {
  UTTERANCE_SAMPLE_RATE,
  type HearingStream,
  type SpeechToText,
  type Transcription,
  type Utterance,
} from '../spec/stt.ts';
import type { Course } from './course.ts';
import type { Turn } from './member.ts';
import type { Members } from './members.ts';

export interface HearingOptions {
  readonly members: Members<SpeechToText>;
  readonly language: string | null;
  readonly signal: AbortSignal;
  /** Hears a whole utterance with those that `course` leads to. */
  transcribe(utterance: Utterance, course: Course<SpeechToText>, signal: AbortSignal): Promise<Transcription>;
}

const MOST_SECONDS = 120;

/**
 * Hears while it is being said, with the first ears that can run; null where these take whole utterances only, or there are
 * none. All sound is kept, 120 s at most, so that nothing is lost when they fail: the next ones are told what was said so far,
 * or hear the whole at the end where they can't stream.
 */
export function openHearing(options: HearingOptions): HearingStream | null {
  const { members, language } = options;
  const course = members.course({ language });
  return streamsNext(course) ? new Hearing(options, course) : null;
}

/** Whether those who would be asked next hear while it is being said. */
function streamsNext(course: Course<SpeechToText>): boolean {
  return course.peek()?.openStream !== undefined;
}

/** A stream of one provider. */
interface Live {
  readonly turn: Turn<SpeechToText>;
  readonly stream: HearingStream;
  readonly node: AbortNode;
}

class Hearing implements HearingStream {
  readonly #options: HearingOptions;
  readonly #course: Course<SpeechToText>;
  readonly #failed = new Set<SpeechToText>();
  readonly #kept: Float32Array[] = [];
  readonly #partials = createLatest<string>();
  #keptSamples = 0;
  #live: Live | undefined;
  #state: 'open' | 'finishing' | 'closed' = 'open';
  readonly #onAbort = () => this.close();

  constructor(options: HearingOptions, course: Course<SpeechToText>) {
    this.#options = options;
    this.#course = course;
    const { signal } = options;
    if (signal.aborted) {
      this.#state = 'closed';
      this.#partials.end();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#openNext();
  }

  get partials(): AsyncIterable<string> {
    return this.#partials;
  }

  push(samples: Float32Array): void {
    this.#checkOpen();
    const { id } = this.#options.members;
    if (this.#keptSamples + samples.length > MOST_SECONDS * UTTERANCE_SAMPLE_RATE) {
      throw new ProviderError('invalid_input', id, `An utterance lasts ${MOST_SECONDS} s at most.`);
    }
    if (!samples.every(Number.isFinite)) {
      throw new ProviderError('invalid_input', id, 'A sample is not a finite number.');
    }
    const copy = samples.slice();
    this.#kept.push(copy);
    this.#keptSamples += copy.length;
    const live = this.#live;
    if (live === undefined) return;
    try {
      live.stream.push(copy);
    } catch (error) {
      this.#moveOn(live, error);
    }
  }

  async finish(signal: AbortSignal): Promise<Transcription> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    this.#checkOpen();
    this.#state = 'finishing';
    const ending = childOf(signal);
    const onClose = () => ending.abort(this.#options.signal.reason);
    this.#options.signal.addEventListener('abort', onClose, { once: true });
    try {
      return (await this.#finishLive(ending.signal)) ?? (await this.#hearAll(ending.signal));
    } finally {
      this.#options.signal.removeEventListener('abort', onClose);
      ending.unlink();
      this.close();
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    const live = this.#live;
    if (live !== undefined) {
      live.turn.abort();
      this.#leave(live);
    }
    this.#partials.end();
    this.#kept.length = 0;
  }

  /** What the ears that listened heard; undefined when nobody did, or they failed. */
  async #finishLive(signal: AbortSignal): Promise<Transcription | undefined> {
    const live = this.#live;
    if (live === undefined) return undefined;
    const { turn, stream } = live;
    const { timers, clock } = this.#options.members;
    const others = this.#others();
    turn.restart();
    const waited = startWaiting(clock, timers);
    const limitMs = turn.pace.limitMs('finish', { isLast: !others.hasMore() });
    try {
      const finishing = Promise.resolve().then(() => stream.finish(signal));
      const heard = await within(finishing, { limitMs, timers, signal });
      if (typeof heard?.text !== 'string') throw new TypeError('it answered with something that is no text');
      if (this.#live !== live) return undefined;
      turn.pace.answered('finish', waited());
      turn.succeed();
      this.#leave(live);
      return this.#withSkipped(heard, this.#course.skipped);
    } catch (error) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (this.#live === live) this.#fail(live, error, 'finish');
      return undefined;
    }
  }

  async #hearAll(signal: AbortSignal): Promise<Transcription> {
    const samples = new Float32Array(this.#keptSamples);
    let place = 0;
    for (const piece of this.#kept) {
      samples.set(piece, place);
      place += piece.length;
    }
    const { transcribe, language } = this.#options;
    const heard = await transcribe({ samples, language }, this.#others(), signal);
    const failed = this.#course.skipped.filter(
      ({ provider }) => !heard.skipped?.some((skip) => skip.provider === provider),
    );
    return this.#withSkipped(heard, failed);
  }

  /** All who have not failed at this utterance. */
  #others(): Course<SpeechToText> {
    const { members, language } = this.#options;
    const live = this.#live?.turn.provider;
    return members.course({
      language,
      leaveOut: (provider) => this.#failed.has(provider) || provider === live,
    });
  }

  /**
   * Opens a stream with the next ears and tells them what was said so far. Where these take whole utterances only, or there are
   * none, nothing more is heard before the end.
   */
  #openNext(): void {
    while (this.#live === undefined && streamsNext(this.#course)) {
      const turn = this.#course.next()!;
      if (!this.#open(turn)) break;
    }
    if (this.#live === undefined) this.#partials.end();
  }

  /** False when they take whole utterances only just now. */
  #open(turn: Turn<SpeechToText>): boolean {
    const { language, signal } = this.#options;
    const node = childOf(signal);
    let stream: HearingStream | null = null;
    try {
      stream = turn.provider.openStream!(language, node.signal);
      if (stream === null) {
        turn.abort();
        node.unlink();
        return false;
      }
      for (const piece of this.#kept) stream.push(piece);
      this.#live = { turn, stream, node };
      void this.#follow(this.#live);
    } catch (error) {
      turn.fail(error);
      this.#failed.add(turn.provider);
      node.abort();
      node.unlink();
      stream?.close();
    }
    return true;
  }

  /** Passes on what `live` hears. Never rejects. */
  async #follow(live: Live): Promise<void> {
    try {
      for await (const heard of live.stream.partials) {
        if (this.#live !== live) return;
        this.#partials.put(heard);
      }
    } catch (error) {
      // While it finishes, `finish` itself tells of it.
      if (this.#live === live && this.#state === 'open') this.#moveOn(live, error);
    }
  }

  #moveOn(live: Live, error: unknown): void {
    this.#fail(live, error);
    const from = live.turn.provider.info.id;
    this.#openNext();
    const next = this.#live;
    if (next !== undefined) this.#options.members.takenOver(from, next.turn.provider.info.id);
  }

  #fail(live: Live, error: unknown, stage?: 'finish'): void {
    const { turn } = live;
    if (turn.fail(error).kind === 'timeout' && stage !== undefined) turn.pace.timedOut(stage);
    this.#failed.add(turn.provider);
    this.#leave(live);
  }

  #leave({ node, stream }: Live): void {
    this.#live = undefined;
    node.abort();
    node.unlink();
    try {
      stream.close();
    } catch {
      // It is left behind; what it thinks of that is its own affair.
    }
  }

  #withSkipped(heard: Transcription, before: readonly Skipped[]): Transcription {
    const skipped = [...before, ...(heard.skipped ?? [])];
    return skipped.length === 0 ? heard : { ...heard, skipped };
  }

  /** @throws what `push` and `finish` throw once nothing more can come. */
  #checkOpen(): void {
    if (this.#options.signal.aborted) throw new AbortedError(this.#options.signal.reason);
    if (this.#state === 'open') return;
    throw new ProviderError('invalid_input', this.#options.members.id, 'This utterance has ended already.');
  }
}
