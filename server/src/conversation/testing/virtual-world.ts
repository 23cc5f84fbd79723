import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';

/** Time that passes only when it is told to, with everything that waits for it. */
export interface VirtualWorld {
  readonly clock: ManualClock;
  /** Lets `ms` pass, step by step, so that what wakes can act and wait again in between. */
  pass(ms: number): Promise<void>;
}

/** What is due at once is done after this, so that time passes in any case. */
const SHORTEST_STEP_MS = 0.01;

export function createVirtualWorld(): VirtualWorld {
  const clock = createManualClock();
  // All that can go on without time passing is done before the next macrotask.
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async pass(ms) {
      const endMs = clock.monotonicMs() + ms;
      await settle();
      while (clock.monotonicMs() < endMs) {
        const left = endMs - clock.monotonicMs();
        clock.advance(Math.min(left, Math.max(SHORTEST_STEP_MS, clock.nextInMs ?? left)));
        await settle();
      }
    },
  };
}
