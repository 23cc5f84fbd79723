/** Waits `ms`, or throws the signal's reason at once when it aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** {@link Sleep} on the real clock. Leaves no timer and no listener. */
export const systemSleep: Sleep = (ms, signal) => sleepOn(ms, signal, false);

function sleepOn(ms: number, signal: AbortSignal | undefined, background: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(reasonOf(signal));
    const onAbort = () => {
      clearTimeout(timer);
      reject(reasonOf(signal!));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
    // In a browser a timer is a number.
    if (background) (timer as { unref?: () => void }).unref?.();
  });
}

/** {@link systemSleep} that does not keep a Node process running. */
export const backgroundSleep: Sleep = (ms, signal) => sleepOn(ms, signal, true);

/** Why the signal was aborted: an `AbortError` unless its owner gave another reason. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason as Error;
}

/**
 * Exponential back-off with jitter, in milliseconds: `attempt` 1 waits between half and all of `firstMs`, each further
 * one twice as long, up to `limitMs`.
 */
export function backOffMs(attempt: number, firstMs: number, limitMs: number, random: () => number): number {
  const wholeMs = Math.min(limitMs, firstMs * 2 ** (attempt - 1));
  return wholeMs * (0.5 + random() / 2);
}

/** Milliseconds that a `Retry-After` header asks for (seconds or a date); null without one that can be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
