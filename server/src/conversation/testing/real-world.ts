import { delay } from '../../lib/abort.ts';
import { systemTimers } from '../../lib/timers.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** The world of {@link VirtualWorld} in real time: what waits waits on the system's timers. */
export function createRealWorld(): VirtualWorld {
  let sleepers = 0;
  const after = (ms: number, wake: () => void) => {
    let isOver = false;
    const end = () => {
      if (!isOver) sleepers--;
      isOver = true;
    };
    sleepers++;
    const callOff = systemTimers.after(ms, () => {
      end();
      wake();
    });
    return () => {
      end();
      callOff();
    };
  };
  return {
    clock: {
      now: () => Date.now(),
      monotonicMs: () => performance.now(),
      advance: () => {},
      after,
      async sleep(ms, signal) {
        sleepers++;
        try {
          await delay(ms, signal);
        } finally {
          sleepers--;
        }
      },
      get sleepers() {
        return sleepers;
      },
      nextInMs: undefined,
    },
    pass: (ms) => delay(ms, new AbortController().signal),
  };
}
