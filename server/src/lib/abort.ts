import { setMaxListeners } from 'node:events';

/** Thrown when work was called off. Never a failure: not retried, not logged as an error, no fallback. */
export class AbortedError extends Error {
  override readonly name = 'AbortError';
  constructor(reason?: unknown) {
    super(reason instanceof Error ? reason.message : 'The work was called off.', { cause: reason });
  }
}

/** True for what a signal throws, ours and the platform's. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** A node in the tree of work: process, session, turn, call. Aborting one ends all below it. */
export interface AbortNode {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Takes the node out of the tree. Call it in `finally`; without it the parent keeps the child alive. */
  unlink(): void;
}

/**
 * A child of `parent`. Linked by hand because on Node 20 `AbortSignal.any` with a long-lived source keeps every child
 * (nodejs/node #54614).
 */
export function childOf(parent: AbortSignal): AbortNode {
  const controller = new AbortController();
  const forward = () => controller.abort(parent.reason);
  // A process or a session has as many children as there is work; Node would warn of a leak at the eleventh.
  setMaxListeners(0, parent);
  if (parent.aborted) forward();
  else parent.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => parent.removeEventListener('abort', forward),
  };
}

/** Resolves after `ms`, or throws `AbortedError` at once when `signal` aborts. Leaves no timer and no listener. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new AbortedError(signal.reason));
    const onAbort = () => {
      clearTimeout(timer);
      reject(new AbortedError(signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Thrown by `withTimeout` when the limit passes first. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly limitMs: number;
  constructor(limitMs: number) {
    super(`No answer within ${limitMs} ms.`);
    this.limitMs = limitMs;
  }
}

/**
 * Runs `work` with a signal of its own that ends with `parent` or after `limitMs`. Settles at the limit even when `work`
 * ignores its signal.
 *
 * @throws {TimeoutError} after `limitMs`; {@link AbortedError} when `parent` aborts first.
 */
export async function withTimeout<T>(
  limitMs: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (parent.aborted) throw new AbortedError(parent.reason);
  const node = childOf(parent);
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeoutError(limitMs);
      reject(error);
      node.abort(error);
    }, limitMs);
    onAbort = () => reject(new AbortedError(parent.reason));
    parent.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(node.signal), limit]);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', onAbort!);
    node.unlink();
  }
}
