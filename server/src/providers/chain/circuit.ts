import type { Clock } from '../../lib/clock.ts';

export interface CircuitOptions {
  readonly clock: Clock;
  /** Failures in a row that open the circuit; 3. */
  readonly failuresToOpen?: number;
  /** Time until an open circuit lets one call through; 30 s. It doubles whenever that call fails too. */
  readonly coolDownMs?: number;
  /** Longest cool-down; 10 minutes. */
  readonly maxCoolDownMs?: number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** A call that the circuit let through. Exactly one of the three ends it; what comes after that is ignored. */
export interface CircuitPass {
  succeed(): void;
  /** With `openForMs` the circuit opens now, whatever the count, for that long. */
  fail(openForMs?: number): void;
  /** The call was called off and says nothing about the provider. */
  release(): void;
}

/** Keeps calls away from a provider that fails, and lets single ones through to see whether it is back. */
export interface Circuit {
  /** Undefined when no call may pass now. */
  enter(): CircuitPass | undefined;
  /** `half-open`: one call may pass, or is under way. */
  state(): CircuitState;
  /** Milliseconds until a call may pass; 0 when one may, or when one is under way. */
  retryInMs(): number;
  failures(): number;
}

export function createCircuit({
  clock,
  failuresToOpen = 3,
  coolDownMs = 30_000,
  maxCoolDownMs = 600_000,
}: CircuitOptions): Circuit {
  let failures = 0;
  let nextCoolDownMs = coolDownMs;
  /** Monotonic time from which a call may pass; undefined while the circuit is closed. */
  let opensAt: number | undefined;
  let isProbing = false;

  const remainingMs = () =>
    opensAt === undefined ? 0 : Math.max(0, Math.ceil(opensAt - clock.monotonicMs()));

  function open(forMs: number): void {
    opensAt = clock.monotonicMs() + forMs;
  }

  return {
    enter() {
      if (opensAt !== undefined && (isProbing || remainingMs() > 0)) return undefined;
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
          opensAt = undefined;
          nextCoolDownMs = coolDownMs;
        },
        fail(openForMs) {
          if (!end()) return;
          failures += 1;
          if (openForMs !== undefined) return open(Math.max(openForMs, remainingMs()));
          if (isProbe || (opensAt === undefined && failures >= failuresToOpen)) {
            open(nextCoolDownMs);
            nextCoolDownMs = Math.min(maxCoolDownMs, nextCoolDownMs * 2);
          }
        },
        release: () => void end(),
      };
    },
    state: () => (opensAt === undefined ? 'closed' : isProbing || remainingMs() === 0 ? 'half-open' : 'open'),
    retryInMs: () => (isProbing ? 0 : remainingMs()),
    failures: () => failures,
  };
}
