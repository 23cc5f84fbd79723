import type { Problem } from '@malbeot/protocol';
import { AppError } from '../errors/app-error.ts';
import { errorTable } from '../errors/table.ts';
import type { Answer } from '../experiences/experience.ts';
import { isAbort, TimeoutError } from '../lib/abort.ts';
import { ProviderError } from '../providers/spec/provider.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Anything thrown as an error with a code. What nobody foresaw is INTERNAL and keeps its cause for the log. */
export function toAppError(error: unknown, stopping: boolean): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TimeoutError) return new AppError('TIMEOUT', { cause: error });
  if (error instanceof ProviderError) return fromProvider(error);
  if (isAbort(error) && stopping)
    return new AppError('SHUTTING_DOWN', { cause: error, retryAfterSeconds: 2 });
  return new AppError('INTERNAL', { cause: error });
}

function fromProvider(error: ProviderError): AppError {
  if (error.kind === 'timeout') return new AppError('TIMEOUT', { cause: error });
  const retryAfterSeconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 5_000) / 1000));
  return new AppError('PROVIDER_UNAVAILABLE', { cause: error, retryAfterSeconds });
}

/** The RFC 9457 answer for `error`. An INTERNAL one tells the request's id and nothing else. */
export function problemAnswer(error: AppError, requestId: string): Answer {
  const { code, status, options } = error;
  const problem: Problem = {
    type: `/docs#${code}`,
    title: errorTable[code].title,
    status,
    detail: code === 'INTERNAL' ? errorTable.INTERNAL.remedy : error.message,
    code,
    request_id: requestId,
    ...(options.issues === undefined ? {} : { errors: options.issues }),
  };
  return {
    status,
    headers: { 'content-type': PROBLEM_TYPE },
    body: { type: 'json', value: code === 'INTERNAL' ? problem : { ...options.fields, ...problem } },
  };
}

/** `answer` with the headers that its error's code calls for. */
export function withErrorHeaders(answer: Answer, error: AppError): Answer {
  const headers: Record<string, string> = { 'cache-control': 'no-store', ...answer.headers };
  const { retryAfterSeconds } = error.options;
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (error.status === 401) headers['www-authenticate'] = 'Bearer';
  return { ...answer, headers };
}
