import { TimeoutError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import {
  ProviderError,
  type Availability,
  type Provider,
  type ProviderErrorKind,
  type ProviderInfo,
} from '../spec/provider.ts';
import { createCircuit, type CircuitOptions, type CircuitPass } from './circuit.ts';
import { createCourse, type Course, type CourseRequest } from './course.ts';
import { memberStatus, type ChainStatus } from './member-status.ts';
import type { Member, Turn } from './member.ts';
import { createPace, type LimitOptions } from './pace.ts';
import type { SharedState } from './shared-state.ts';
import { systemTimers, type Timers } from '../../lib/timers.ts';

export interface ChainOptions {
  /** Id of the chain itself, for errors and the log: `ears`, `voice`. */
  readonly id: string;
  readonly clock?: Clock;
  /** What ends waiting; the timers of the system. */
  readonly timers?: Timers;
  readonly logger?: Logger;
  readonly circuit?: Omit<CircuitOptions, 'clock' | 'onChange'>;
  /** Bounds of the time that each provider gets. */
  readonly limits?: LimitOptions;
  /** Holds the circuits together with those of other processes; without it each process finds out for itself. */
  readonly shared?: SharedState;
  /** Told of every attempt when it is over; for metrics. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** Told of every provider that was not even asked; for metrics. */
  readonly onSkip?: (skip: Skip) => void;
  /** Told when a provider takes over what another had begun; for metrics. */
  readonly onTakeover?: (takeover: Takeover) => void;
}

/** One call of one provider by a chain. */
export interface Attempt {
  readonly chain: string;
  readonly provider: string;
  /** `aborted` is no failure. */
  readonly outcome: 'succeeded' | 'aborted' | ProviderErrorKind;
  readonly durationMs: number;
}

/** A provider that was passed over. */
export interface Skip {
  readonly chain: string;
  readonly provider: string;
  /** `language`, `unavailable`, `circuit open` or `custom voice`. */
  readonly reason: string;
}

/** Another provider going on in the middle of an answer. */
export interface Takeover {
  readonly chain: string;
  readonly from: string;
  readonly to: string;
}

/** What chains of every kind share: order, availability, circuits, and the account of what happened. */
export class Members<P extends Provider> {
  readonly id: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly #logger: Logger;
  readonly #options: Pick<ChainOptions, 'shared' | 'onAttempt' | 'onSkip' | 'onTakeover'>;
  readonly #members: readonly Member<P>[];

  /** @throws {RangeError} when `providers` is empty. */
  constructor(
    providers: readonly P[],
    {
      id,
      clock = systemClock,
      timers = systemTimers,
      logger = silentLogger,
      circuit = {},
      limits = {},
      ...options
    }: ChainOptions,
  ) {
    if (providers.length === 0) throw new RangeError(`The chain "${id}" needs one provider at least.`);
    this.id = id;
    this.clock = clock;
    this.timers = timers;
    this.#logger = logger;
    this.#options = options;
    const { shared } = options;
    this.#members = providers.map((provider) => {
      const { id: name, local } = provider.info;
      const member: Member<P> = {
        provider,
        circuit: createCircuit({
          ...circuit,
          clock,
          onChange: (record) => shared?.changed(id, name, record),
        }),
        pace: createPace({ ...limits, clock, isLocal: local }),
        lastError: null,
      };
      shared?.attach(id, name, member.circuit);
      return member;
    });
  }

  get providers(): readonly P[] {
    return this.#members.map(({ provider }) => provider);
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
    return { id: this.id, name, cost, local, standIn, languages, needs: '' };
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
      providers: this.#members.map(({ provider, circuit, pace, lastError }) =>
        memberStatus({
          info: provider.info,
          availability: provider.availability(),
          circuit: circuit.state(),
          retryInMs: circuit.retryInMs(),
          failuresInRow: circuit.failures(),
          limitsMs: pace.limits(),
          lastError,
        }),
      ),
    };
  }

  /** Starts a request on its way. */
  course(request: CourseRequest<P>): Course<P> {
    this.#options.shared?.look();
    return createCourse(this.#members, request, {
      chain: this.id,
      onSkip: (provider, reason) => this.#options.onSkip?.({ chain: this.id, provider, reason }),
      turn: (member, pass, onFailure) => this.#turn(member, pass, onFailure),
    });
  }

  /** Tells that `to` goes on with what `from` had begun. */
  takenOver(from: string, to: string): void {
    this.#logger.warn({ chain: this.id, from, to }, 'provider taken over from');
    this.#options.onTakeover?.({ chain: this.id, from, to });
  }

  /** Preloads the provider that the next call would go to. */
  async preload(signal: AbortSignal): Promise<void> {
    await this.current.preload?.(signal);
  }

  async unload(): Promise<void> {
    await Promise.all(this.#members.map(async ({ provider }) => provider.unload?.()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(async ({ provider }) => provider.close?.()));
  }

  #usable(): Member<P> | undefined {
    return this.#members.find(
      ({ provider, circuit }) => circuit.state() !== 'open' && provider.availability().available,
    );
  }

  #turn(member: Member<P>, pass: CircuitPass, onFailure: (error: ProviderError) => void): Turn<P> {
    const { id } = member.provider.info;
    let started = this.clock.monotonicMs();
    const tell = (outcome: Attempt['outcome']) =>
      this.#options.onAttempt?.({
        chain: this.id,
        provider: id,
        outcome,
        durationMs: this.clock.monotonicMs() - started,
      });
    return {
      provider: member.provider,
      pace: member.pace,
      restart: () => (started = this.clock.monotonicMs()),
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
        endPass(pass, error);
        // Input that a provider can't take says nothing about its health.
        if (error.kind !== 'invalid_input') {
          const at = new Date(this.clock.now()).toISOString();
          member.lastError = { kind: error.kind, message: error.message, at };
        }
        this.#logger.warn(
          { chain: this.id, provider: id, kind: error.kind, circuit: member.circuit.state() },
          'provider failed',
        );
        tell(error.kind);
        onFailure(error);
        return error;
      },
    };
  }
}

function endPass(pass: CircuitPass, { kind, retryAfterMs }: ProviderError): void {
  if (kind === 'invalid_input') pass.release();
  else if (kind === 'rate_limited') pass.limit(retryAfterMs);
  else pass.fail();
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
