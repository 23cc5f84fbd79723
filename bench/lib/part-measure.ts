import type { ChildMemory } from './child-memory.ts';
import type { LoopDelay } from './watch-loop.ts';

/** One voice or one ear, as a process sees it that has nothing else to do. */
export interface PartMeasure {
  /** From nothing to a child that is ready. */
  readonly startMs: number;
  /** From there to a model that is loaded, its files checked. */
  readonly loadMs: number;
  /** From each request to its first sound, or to its text. */
  readonly answersMs: readonly number[];
  /** Time of work for the same time of sound, request by request. */
  readonly realTimeFactors: readonly number[];
  readonly loop: LoopDelay;
  readonly memory: ChildMemory;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
