import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';

/** Time that passes only when it is told to, with everything that waits for it. */
export interface VirtualWorld {
  readonly clock: ManualClock;
  /** Lets `ms` pass, step by step, so that what wakes can act and wait again in between. */
  pass(ms: number): Promise<void>;
}

/** The longest step: one frame of a microphone. */
const STEP_MS = 10;

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
        clock.advance(Math.min(left, STEP_MS, Math.max(0.01, clock.nextInMs ?? STEP_MS)));
        await settle();
      }
    },
  };
}
