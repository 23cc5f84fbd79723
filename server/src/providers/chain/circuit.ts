import type { Clock } from '../../lib/clock.ts';

export interface CircuitOptions {
  readonly clock: Clock;
  /** Failures in a row that open the circuit; 3. */
  readonly failuresToOpen?: number;
  /** Time until an open circuit lets one call through; 30 s. It doubles whenever that call fails too. */
  readonly coolDownMs?: number;
  /** Longest cool-down; 10 minutes. */
  readonly maxCoolDownMs?: number;
  /** Time to leave a provider alone that said "too much" and not for how long; 60 s. It doubles each time in a row, up to 1 h. */
  readonly limitedMs?: number;
  /** Told whenever the circuit opens or closes by itself; not when it was told to by `adopt`. */
  readonly onChange?: (record: CircuitRecord) => void;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** What is worth keeping of a circuit, and telling others who ask the same provider. */
export interface CircuitRecord {
  /** Milliseconds since the Unix epoch from which a call may pass; null while closed. */
  readonly openUntil: number | null;
  readonly failures: number;
  /** The next cool-down. */
  readonly coolDownMs: number;
  /** The next rest after a limit without a time. */
  readonly limitedMs: number;
}

/** A call that the circuit let through. Exactly one of the four ends it; what comes after that is ignored. */
export interface CircuitPass {
  succeed(): void;
  fail(): void;
  /** The provider has had too many calls: the circuit opens now, whatever the count, for as long as it said. */
  limit(retryAfterMs: number | undefined): void;
  /** The call was called off and says nothing about the provider. */
  release(): void;
}

/** Keeps calls away from a provider that fails, and lets single ones through to see whether it is back. */
export interface Circuit {
  /** Undefined when no call may pass now. */
  enter(): CircuitPass | undefined;
  /** Whether `enter` would let a call through. */
  wouldEnter(): boolean;
  /** `half-open`: one call may pass, or is under way. */
  state(): CircuitState;
  /** Milliseconds until a call may pass; 0 when one may, or when one is under way. */
  retryInMs(): number;
  failures(): number;
  /** Takes over what another process found out; not while a trial is under way here, which knows better. */
  adopt(record: CircuitRecord): void;
}

const LONGEST_LIMITED_MS = 3_600_000;
/** Daily limits are asked again once a day, whatever the provider said; a wrong clock can't lock anyone out for longer either. */
const LONGEST_OPEN_MS = 86_400_000;

export function createCircuit({
  clock,
  failuresToOpen = 3,
  coolDownMs = 30_000,
  maxCoolDownMs = 600_000,
  limitedMs = 60_000,
  onChange = () => {},
}: CircuitOptions): Circuit {
  let failures = 0;
  let nextCoolDownMs = coolDownMs;
  let nextLimitedMs = limitedMs;
  /** Monotonic time from which a call may pass; undefined while the circuit is closed. */
  let opensAt: number | undefined;
  let isProbing = false;

  const remainingMs = () =>
    opensAt === undefined ? 0 : Math.max(0, Math.ceil(opensAt - clock.monotonicMs()));

  const bounded = (ms: number) => Math.min(LONGEST_OPEN_MS, Math.max(0, ms));

  function tell(): void {
    onChange({
      openUntil: opensAt === undefined ? null : clock.now() + remainingMs(),
      failures,
      coolDownMs: nextCoolDownMs,
      limitedMs: nextLimitedMs,
    });
  }

  function open(forMs: number): void {
    opensAt = clock.monotonicMs() + bounded(forMs);
    tell();
  }

  const wouldEnter = () => opensAt === undefined || (!isProbing && remainingMs() === 0);

  return {
    wouldEnter,
    enter() {
      if (!wouldEnter()) return undefined;
      const isProbe = opensAt !== undefined;
      isProbing = isProbe;
      let ended = false;
      /** False when the pass has ended before. */
      const end = (): boolean => {
        if (ended) return false;
        ended = true;
        if (isProbe) isProbing = false;
        return true;
      };
      return {
        succeed() {
          // A call from before the circuit opened does not close it: only the probe knows how things are now.
          if (!end() || (opensAt !== undefined && !isProbe)) return;
          failures = 0;
          nextCoolDownMs = coolDownMs;
          nextLimitedMs = limitedMs;
          if (opensAt === undefined) return;
          opensAt = undefined;
          tell();
        },
        fail() {
          if (!end()) return;
          failures += 1;
          if (!isProbe && (opensAt !== undefined || failures < failuresToOpen)) return;
          const restMs = nextCoolDownMs;
          nextCoolDownMs = Math.min(maxCoolDownMs, nextCoolDownMs * 2);
          open(restMs);
        },
        limit(retryAfterMs) {
          if (!end()) return;
          failures += 1;
          const restMs = retryAfterMs ?? nextLimitedMs;
          if (retryAfterMs === undefined) {
            // Calls that were under way together are one refusal, not several in a row.
            if (opensAt !== undefined && !isProbe) return;
            nextLimitedMs = Math.min(LONGEST_LIMITED_MS, nextLimitedMs * 2);
          }
          if (restMs > remainingMs()) open(restMs);
        },
        release: () => void end(),
      };
    },
    state: () => (opensAt === undefined ? 'closed' : isProbing || remainingMs() === 0 ? 'half-open' : 'open'),
    retryInMs: () => (isProbing ? 0 : remainingMs()),
    failures: () => failures,
    adopt(record) {
      if (isProbing) return;
      failures = record.failures;
      nextCoolDownMs = record.coolDownMs;
      nextLimitedMs = record.limitedMs;
      opensAt =
        record.openUntil === null ? undefined : clock.monotonicMs() + bounded(record.openUntil - clock.now());
    },
  };
}
