import { AppError } from '../errors/app-error.ts';
import { TimeoutError } from '../lib/abort.ts';
import {
  OTHER_LANGUAGE,
  ProviderError,
  SWITCHED_OFF,
  type Availability,
} from '../providers/spec/provider.ts';

/** What to answer for whatever went wrong with hearing. `language` is the one asked for; `available` what the ears say. */
export function hearingError(error: unknown, language: string | null, available: Availability): unknown {
  if (error instanceof TimeoutError) {
    return new AppError('TIMEOUT', {
      detail: `The ears did not answer within ${error.limitMs / 1000} seconds.`,
      cause: error,
    });
  }
  return error instanceof ProviderError ? fromProvider(error, language, available) : error;
}

function fromProvider(error: ProviderError, language: string | null, available: Availability): AppError {
  const { kind, skipped, retryAfterMs, message } = error;
  if (language !== null && skipped.length > 0 && skipped.every(({ reason }) => reason === OTHER_LANGUAGE)) {
    const finding = `${JSON.stringify(language)} was given; none of the ears set up here knows it`;
    return new AppError('INVALID_INPUT', {
      detail: `body.language: ${finding}. ${message}`,
      cause: error,
      issues: [{ path: 'body.language', message: finding }],
    });
  }
  if (kind === 'invalid_input') {
    return new AppError('AUDIO_UNREADABLE', {
      detail: `The ears can not take this sound. ${message}`,
      cause: error,
    });
  }
  if (kind === 'timeout') {
    return new AppError('TIMEOUT', { detail: 'The ears did not answer in time.', cause: error });
  }
  const passedOver = skipped.map(({ provider, reason }) => ({ provider, reason }));
  const isOff = skipped.some(({ reason }) => reason === SWITCHED_OFF);
  return new AppError('PROVIDER_UNAVAILABLE', {
    detail: `No ears can hear this now. ${whatToDo(available)}`,
    cause: error,
    // Who switched the ears off does not switch them on within seconds.
    ...(isOff ? {} : { retryAfterSeconds: Math.max(1, Math.ceil((retryAfterMs ?? 5_000) / 1000)) }),
    fields: { skipped: passedOver },
  });
}

function whatToDo(available: Availability): string {
  if (!available.available) return `${available.reason} ${available.action}`;
  return 'Try again in a moment, or send the words as text.';
}
