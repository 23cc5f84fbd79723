import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much later than asked for the event loop came back, in milliseconds. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly longestMs: number;
}

const RESOLUTION_MS = 1;

/** Does `work` and says how long it held up the event loop of this process. What came before it does not count. */
export async function watchLoop<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly loop: LoopDelay }> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Its first readings are of how it was started itself.
  await sleep(20);
  histogram.reset();
  try {
    const result = await work();
    // A loop that was held up to the end is noticed when it comes back.
    await sleep(5);
    const delay = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    return { result, loop: { p99Ms: delay(histogram.percentile(99)), longestMs: delay(histogram.max) } };
  } finally {
    histogram.disable();
  }
}
