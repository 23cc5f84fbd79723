import { AbortedError } from './abort.ts';
import { deferred, type Deferred } from './deferred.ts';

/**
 * Waits at the end of `line` until somebody takes the turn out of it and resolves or rejects it.
 *
 * @throws {AbortedError} when `signal` aborts while it still stands there; it is out of the line then.
 */
export async function waitInLine(line: Deferred<void>[], signal: AbortSignal): Promise<void> {
  const turn = deferred<void>();
  line.push(turn);
  const onAbort = () => {
    const at = line.indexOf(turn);
    // Whose turn has come is answered for by who took it out.
    if (at < 0) return;
    line.splice(at, 1);
    turn.reject(new AbortedError(signal.reason));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await turn.promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
