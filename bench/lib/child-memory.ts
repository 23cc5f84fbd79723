import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildHost } from '../../server/src/lib/child-host.ts';
import { residentMegabytes } from './processes.ts';

/** Resident memory of a child in megabytes; null where this machine does not tell. */
export interface ChildMemory {
  /** Started, with nothing loaded. */
  readonly before: number | null;
  /** Loaded and used. */
  readonly used: number | null;
  /** After it was idle; 0 when the child has left. */
  readonly idle: number | null;
}

/** What the child of `host` holds now; 0 for no child. */
export async function memoryOf(host: Pick<ChildHost<never, never>, 'status'>): Promise<number | null> {
  const { pid } = host.status();
  return pid === null ? 0 : residentMegabytes(pid);
}

const IDLE_LIMIT_MS = 5_000;

/** Waits until the child of `host` has left, at most five seconds, and says what it holds then. */
export async function memoryWhenIdle(host: Pick<ChildHost<never, never>, 'status'>): Promise<number | null> {
  const until = performance.now() + IDLE_LIMIT_MS;
  while (host.status().pid !== null && performance.now() < until) await sleep(50);
  return memoryOf(host);
}
