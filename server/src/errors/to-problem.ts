import type { Problem } from '@malbeot/protocol';
import { AppError } from './app-error.ts';
import { errorTable, type ErrorCode } from './table.ts';

/** The URI that stands for a code in a problem's `type`: its place on the API's page. */
export function problemType(code: ErrorCode): string {
  return `/docs#${code}`;
}

/**
 * The wire form of an error. What is no `AppError` becomes `INTERNAL` and tells nothing else; `request_id` leads to it in
 * the log.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const { code, options } = error instanceof AppError ? error : new AppError('INTERNAL');
  const { status, title, remedy } = errorTable[code];
  const detail = code === 'INTERNAL' ? remedy : (options.detail ?? remedy);
  return {
    ...(code === 'INTERNAL' ? {} : options.fields),
    type: problemType(code),
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...(options.issues === undefined || code === 'INTERNAL' ? {} : { errors: options.issues }),
  };
}
