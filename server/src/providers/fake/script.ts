import { createProviderScope, type ProviderCall } from '../spec/provider-scope.ts';
import {
  ProviderError,
  type Availability,
  type ProviderErrorKind,
  type ProviderInfo,
} from '../spec/provider.ts';
import type { ManualClock } from './manual-clock.ts';

/** What a fake does with one call. */
export type Step =
  | { readonly do: 'answer' }
  /** Answers only when the clock of the fake has moved on. */
  | { readonly do: 'answer-after'; readonly ms: number }
  | { readonly do: 'fail'; readonly kind: ProviderErrorKind; readonly retryAfterMs?: number }
  /** Never answers; leaves when the signal aborts. */
  | { readonly do: 'hang' }
  /** Never answers and does not even heed its signal, as a stalled socket would. */
  | { readonly do: 'hang-deaf' }
  /** Streams only: fails after so many chunks. */
  | { readonly do: 'die-after'; readonly chunks: number }
  /** Streams only: gives nothing more after so many chunks, and does not heed its signal. */
  | { readonly do: 'stall-after'; readonly chunks: number }
  /** Throws an error that no provider should throw. */
  | { readonly do: 'throw'; readonly error: unknown };

export interface FakeOptions {
  /** Wire id; begins with `fake_`. */
  readonly id?: string;
  readonly languages?: readonly string[];
  /** True, as every fake is; false to be treated as one beyond the network. */
  readonly local?: boolean;
  /** One step a call, in order; then `otherwise`. */
  readonly script?: readonly Step[];
  /** After the script; `answer`. */
  readonly otherwise?: Step;
  /** Needed for `answer-after`. */
  readonly clock?: ManualClock;
}

/** What the fakes of all kinds share: they follow a script, count their calls and can be told that they can't run. */
export class Scripted {
  readonly info: ProviderInfo;
  readonly #scope;
  readonly #script: Step[];
  readonly #clock: ManualClock | undefined;
  #otherwise: Step;
  #availability: Availability = { available: true };
  /** Calls so far. */
  calls = 0;
  /** Calls that are running now. */
  running = 0;

  constructor(
    defaultId: `fake_${string}`,
    {
      id = defaultId,
      languages = [],
      local = true,
      script = [],
      otherwise = { do: 'answer' },
      clock,
    }: FakeOptions,
  ) {
    this.info = { id, name: `Fake (${id})`, cost: 'free', local, standIn: true, languages, needs: '' };
    this.#scope = createProviderScope(id);
    this.#script = [...script];
    this.#otherwise = otherwise;
    this.#clock = clock;
  }

  /** From now on, when the script is over. */
  behave(step: Step): void {
    this.#otherwise = step;
  }

  setAvailability(availability: Availability): void {
    this.#availability = availability;
  }

  availability(): Availability {
    return this.#availability;
  }

  preload(signal: AbortSignal): Promise<void> {
    return this.perform(signal, () => Promise.resolve(), { do: 'answer' });
  }

  close(): Promise<void> {
    this.#scope.close();
    return Promise.resolve();
  }

  /** Runs one call as the script says. */
  protected async perform<T>(
    signal: AbortSignal,
    answer: () => Promise<T> | T,
    step = this.#nextStep(),
  ): Promise<T> {
    const call = this.#scope.enter(signal);
    this.running += 1;
    try {
      await this.#before(step, call);
      return await answer();
    } catch (error) {
      throw step.do === 'throw' && error === step.error ? error : call.errorFor(error);
    } finally {
      this.running -= 1;
      call.leave();
    }
  }

  /** Runs one streamed call as the script says. */
  protected async *performStream<T>(
    signal: AbortSignal,
    answer: () => Iterable<T>,
  ): AsyncGenerator<T, void, void> {
    const step = this.#nextStep();
    const call = this.#scope.enter(signal);
    this.running += 1;
    try {
      await this.#before(step, call);
      let given = 0;
      for (const chunk of answer()) {
        if (step.do === 'die-after' && given === step.chunks) this.#fail('failed');
        if (step.do === 'stall-after' && given === step.chunks) await new Promise(() => {});
        yield chunk;
        given += 1;
        // As with a real stream: the next chunk comes in another round of the event loop.
        await new Promise(setImmediate);
        if (call.signal.aborted) throw new ProviderError('unavailable', this.info.id, 'closed');
      }
      if (step.do === 'die-after') this.#fail('failed');
    } catch (error) {
      throw step.do === 'throw' && error === step.error ? error : call.errorFor(error);
    } finally {
      this.running -= 1;
      call.leave();
    }
  }

  #nextStep(): Step {
    this.calls += 1;
    return this.#script.shift() ?? this.#otherwise;
  }

  async #before(step: Step, call: ProviderCall): Promise<void> {
    switch (step.do) {
      case 'answer':
      case 'die-after':
      case 'stall-after':
        await new Promise(setImmediate);
        if (call.signal.aborted) throw call.signal.reason;
        return;
      case 'answer-after':
        if (this.#clock === undefined) throw new TypeError('A fake that answers after a time needs a clock.');
        return this.#clock.sleep(step.ms, call.signal);
      case 'fail':
        return this.#fail(step.kind, step.retryAfterMs);
      case 'hang':
        return new Promise((_, reject) => {
          call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), { once: true });
        });
      case 'hang-deaf':
        return new Promise(() => {});
      case 'throw':
        throw step.error;
    }
  }

  #fail(kind: ProviderErrorKind, retryAfterMs?: number): never {
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
    throw new ProviderError(kind, this.info.id, `${this.info.id} was told to fail`, retry);
  }
}
