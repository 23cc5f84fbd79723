import { TimeoutError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import {
  OTHER_LANGUAGE,
  ProviderError,
  type Availability,
  type Provider,
  type ProviderErrorKind,
  type ProviderInfo,
  type Skipped,
} from '../spec/provider.ts';
import {
  createCircuit,
  type Circuit,
  type CircuitOptions,
  type CircuitPass,
  type CircuitState,
} from './circuit.ts';

export interface ChainOptions {
  /** Id of the chain itself, for errors and the log: `ears`, `voice`. */
  readonly id: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly circuit?: Omit<CircuitOptions, 'clock'>;
  /** Told of every attempt when it is over; for metrics. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** One call of one provider by a chain. */
export interface Attempt {
  readonly chain: string;
  readonly provider: string;
  /** `aborted` is no failure. */
  readonly outcome: 'succeeded' | 'aborted' | ProviderErrorKind;
  readonly durationMs: number;
}

/** One provider as `/api/health` tells it. */
export interface MemberStatus {
  readonly id: string;
  readonly name: string;
  readonly local: boolean;
  readonly standIn: boolean;
  readonly available: boolean;
  /** Why it is not available; null when it is. */
  readonly reason: string | null;
  readonly circuit: CircuitState;
  /** Milliseconds until the circuit lets a call through; 0 when it does. */
  readonly retryInMs: number;
  readonly failuresInRow: number;
  readonly lastError: {
    readonly kind: ProviderErrorKind;
    readonly message: string;
    readonly at: string;
  } | null;
  /** What to do about it; null when there is nothing to do. */
  readonly action: string | null;
}

export interface ChainStatus {
  /** The provider that the next call goes to; null when none can take it. */
  readonly current: string | null;
  readonly providers: readonly MemberStatus[];
}

/** A call that a member may take: end it with exactly one of the three. */
export interface Turn<P> {
  readonly provider: P;
  succeed(): void;
  abort(): void;
  /** Records the failure, moves on, and gives it back as it leaves the chain. */
  fail(error: unknown): ProviderError;
}

interface Member<P> {
  readonly provider: P;
  readonly circuit: Circuit;
  lastError: MemberStatus['lastError'];
}

/** A request's way through the members: who was passed over, and why. */
export interface Course<P> {
  readonly skipped: readonly Skipped[];
  /** The next member that can take the request; undefined when there is none left. */
  next(): Turn<P> | undefined;
  /** Whether another member could take the request after the one that has its turn. */
  hasMore(): boolean;
  /** What to throw when there is none left. */
  exhausted(): ProviderError;
}

/** What chains of every kind share: order, availability, circuits, and the account of what happened. */
export class Members<P extends Provider> {
  readonly #id: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onAttempt: (attempt: Attempt) => void;
  readonly #members: readonly Member<P>[];

  /** @throws {RangeError} when `providers` is empty. */
  constructor(
    providers: readonly P[],
    { id, clock = systemClock, logger = silentLogger, circuit = {}, onAttempt = () => {} }: ChainOptions,
  ) {
    if (providers.length === 0) throw new RangeError(`The chain "${id}" needs one provider at least.`);
    this.#id = id;
    this.#clock = clock;
    this.#logger = logger;
    this.#onAttempt = onAttempt;
    this.#members = providers.map((provider) => ({
      provider,
      circuit: createCircuit({ ...circuit, clock }),
      lastError: null,
    }));
  }

  /** The provider that the next call would go to, else the first one. */
  get current(): P {
    return (this.#usable() ?? this.#members[0]!).provider;
  }

  /** The chain as a provider: free, local and a stand-in when the provider in use is. */
  info(name: string): ProviderInfo {
    const { cost, local, standIn } = this.current.info;
    const all = this.#members.map(({ provider }) => provider.info);
    const languages = all.some((info) => info.languages.length === 0)
      ? []
      : [...new Set(all.flatMap((info) => info.languages))];
    return { id: this.#id, name, cost, local, standIn, languages, needs: '' };
  }

  availability(): Availability {
    if (this.#usable() !== undefined) return { available: true };
    const states = this.status().providers;
    const reason = states
      .map(
        ({ id, reason, retryInMs }) =>
          `${id}: ${reason ?? `failed too often, is tried again in ${retryInMs} ms`}`,
      )
      .join('; ');
    const action = states.find((state) => state.action !== null)?.action ?? 'Wait, or look into the log.';
    return { available: false, reason, action };
  }

  status(): ChainStatus {
    return {
      current: this.#usable()?.provider.info.id ?? null,
      providers: this.#members.map(({ provider, circuit, lastError }) => {
        const { id, name, local, standIn } = provider.info;
        const availability = provider.availability();
        const circuitState = circuit.state();
        return {
          id,
          name,
          local,
          standIn,
          available: availability.available,
          reason: availability.available ? null : availability.reason,
          circuit: circuitState,
          retryInMs: circuit.retryInMs(),
          failuresInRow: circuit.failures(),
          lastError,
          action: actionFor(availability, circuitState, lastError),
        };
      }),
    };
  }

  /** Starts a request on its way, in `language` where the members' languages matter. */
  course(language: string | null): Course<P> {
    const skipped: Skipped[] = [];
    const failures: ProviderError[] = [];
    const reasons: string[] = [];
    const retries: number[] = [];
    const skip = (provider: string, reason: string, because = reason) => {
      skipped.push({ provider, reason });
      reasons.push(`${provider}: ${because}`);
    };
    let place = 0;
    return {
      skipped,
      next: () => {
        while (place < this.#members.length) {
          const member = this.#members[place++]!;
          const { id, languages } = member.provider.info;
          const availability = member.provider.availability();
          if (language !== null && languages.length > 0 && !languages.includes(primaryLanguage(language))) {
            skip(id, OTHER_LANGUAGE, `knows ${languages.join(', ')}, not ${language}`);
            continue;
          }
          if (!availability.available) {
            skip(id, 'unavailable', availability.reason);
            continue;
          }
          const pass = member.circuit.enter();
          if (pass === undefined) {
            const retryInMs = member.circuit.retryInMs();
            retries.push(retryInMs);
            const last = member.lastError === null ? '' : ` after: ${member.lastError.message}`;
            const wait =
              retryInMs > 0
                ? `not asked for another ${retryInMs} ms`
                : 'another call finds out whether it is back';
            skip(id, 'circuit open', wait + last);
            continue;
          }
          return this.#turn(member, pass, (error) => {
            failures.push(error);
            if (error.retryAfterMs !== undefined) retries.push(error.retryAfterMs);
            skip(id, error.kind, error.message);
          });
        }
        return undefined;
      },
      hasMore: () => this.#members.slice(place).some(isUsable),
      exhausted: () => {
        const kinds = new Set(failures.map(({ kind }) => kind));
        // One kind of failure is the whole story; several, or nobody to ask, come down to "not now".
        const kind = kinds.size === 1 ? failures[0]!.kind : 'unavailable';
        const retry = retries.length === 0 ? {} : { retryAfterMs: Math.min(...retries) };
        const message = `No provider of the chain "${this.#id}" could take this. ${reasons.join('; ')}.`;
        return new ProviderError(kind, this.#id, message, {
          cause: failures.at(-1),
          skipped: [...skipped],
          ...retry,
        });
      },
    };
  }

  /** Preloads the provider that the next call would go to. */
  async preload(signal: AbortSignal): Promise<void> {
    await this.current.preload?.(signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(async ({ provider }) => provider.close?.()));
  }

  #usable(): Member<P> | undefined {
    return this.#members.find(isUsable);
  }

  #turn(member: Member<P>, pass: CircuitPass, onFailure: (error: ProviderError) => void): Turn<P> {
    const { id } = member.provider.info;
    const started = this.#clock.monotonicMs();
    const tell = (outcome: Attempt['outcome']) =>
      this.#onAttempt({
        chain: this.#id,
        provider: id,
        outcome,
        durationMs: this.#clock.monotonicMs() - started,
      });
    return {
      provider: member.provider,
      succeed: () => {
        pass.succeed();
        member.lastError = null;
        tell('succeeded');
      },
      abort: () => {
        pass.release();
        tell('aborted');
      },
      fail: (thrown) => {
        const error = asProviderError(thrown, id);
        // Input that a provider can't take says nothing about its health.
        if (error.kind === 'invalid_input') pass.release();
        else {
          pass.fail(error.kind === 'rate_limited' ? error.retryAfterMs : undefined);
          member.lastError = {
            kind: error.kind,
            message: error.message,
            at: new Date(this.#clock.now()).toISOString(),
          };
        }
        this.#logger.warn(
          { chain: this.#id, provider: id, kind: error.kind, circuit: member.circuit.state() },
          'provider failed',
        );
        tell(error.kind);
        onFailure(error);
        return error;
      },
    };
  }
}

function isUsable({ provider, circuit }: Member<Provider>): boolean {
  return circuit.state() !== 'open' && provider.availability().available;
}

/** @returns `error` as a failure of `provider`; a foreign error, an abort that nobody asked for among them, is `failed`. */
function asProviderError(error: unknown, provider: string): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof TimeoutError) {
    return new ProviderError('timeout', provider, `no answer within ${error.limitMs} ms`, { cause: error });
  }
  return new ProviderError('failed', provider, error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

function actionFor(
  availability: Availability,
  circuit: CircuitState,
  lastError: MemberStatus['lastError'],
): string | null {
  if (!availability.available) return availability.action;
  if (lastError?.kind === 'unauthorized') return 'Check the key of this provider.';
  if (circuit === 'open') return 'It is tried again by itself; the log says why it failed.';
  return null;
}

function primaryLanguage(language: string): string {
  return language.split('-', 1)[0]!.toLowerCase();
}
