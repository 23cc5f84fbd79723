import { MalbeotError } from '@malbeot/client';

/** True where the server did not answer, or not yet: the same may succeed once it is there again. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof MalbeotError)) return false;
  const { retryable, status, code } = error;
  return retryable && status !== 429 && code !== 'TOO_MANY_WAITING';
}
