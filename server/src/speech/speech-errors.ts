import { AppError } from '../errors/app-error.ts';
import { isAbort, TimeoutError } from '../lib/abort.ts';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { OTHER_LANGUAGE, ProviderError, type Availability } from '../providers/spec/provider.ts';

/** What to answer, before the first byte, for whatever went wrong with speaking. `language` is the one asked for. */
export function speechError(error: unknown, language: string): unknown {
  if (error instanceof QueueFullError) return tooMany(error);
  if (error instanceof TimeoutError) {
    return new AppError('TIMEOUT', {
      detail: `The voice gave no sound within ${error.limitMs / 1000} seconds.`,
      cause: error,
    });
  }
  if (error instanceof ProviderError) return fromProvider(error, language);
  // The client did not go away, so it was the server that called the work off.
  if (isAbort(error)) return new AppError('SHUTTING_DOWN', { cause: error, retryAfterSeconds: 1 });
  return error;
}

/** For those who found no place in time. */
export function tooMany(cause: unknown): AppError {
  return new AppError('OVERLOADED', {
    detail: 'More is being spoken than this server can take on. Try again in a few seconds.',
    cause,
    retryAfterSeconds: 3,
  });
}

/** For a voice that can't run now. */
export function noVoice(hindrance: Extract<Availability, { available: false }>): AppError {
  return new AppError('PROVIDER_UNAVAILABLE', {
    detail: `No voice can speak this now. ${hindrance.reason} ${hindrance.action}`,
    retryAfterSeconds: 5,
  });
}

function fromProvider(error: ProviderError, language: string): AppError {
  const { kind, skipped, retryAfterMs, message } = error;
  if (skipped.length > 0 && skipped.every(({ reason }) => reason === OTHER_LANGUAGE)) {
    const finding = `${JSON.stringify(language)} was given; none of the voices set up here speaks it`;
    return new AppError('INVALID_INPUT', {
      detail: `body.language: ${finding}. ${message}`,
      cause: error,
      issues: [{ path: 'body.language', message: finding }],
    });
  }
  if (kind === 'invalid_input') {
    return new AppError('INVALID_INPUT', { detail: `The voice can not take this. ${message}`, cause: error });
  }
  return new AppError('PROVIDER_UNAVAILABLE', {
    detail: 'No voice could speak this now. Show the words instead.',
    cause: error,
    retryAfterSeconds: retryAfterMs === undefined ? 5 : Math.max(1, Math.ceil(retryAfterMs / 1000)),
    fields: { skipped: skipped.map(({ provider, reason }) => ({ provider, reason })) },
  });
}
