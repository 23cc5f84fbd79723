import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/table.ts';
import { problemAnswer } from './problem.ts';

/** Answers what never became a request: no route, no headers, only a connection that is then closed. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, body } = problemAnswer(new AppError(codeOf(error), detailOf(error)), requestId);
  const json = body.type === 'json' ? JSON.stringify(body.value) : '';
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(json)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      json,
    ].join('\r\n'),
  );
}

function codeOf({ code }: NodeJS.ErrnoException): ErrorCode {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'HEADERS_TOO_LARGE';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'REQUEST_TIMEOUT';
    default:
      return 'MALFORMED_REQUEST';
  }
}

function detailOf({ code }: NodeJS.ErrnoException): { detail?: string } {
  if (code?.startsWith('HPE_') !== true || code === 'HPE_HEADER_OVERFLOW') return {};
  return {
    detail: `This is not well-formed HTTP/1.1 (${code.slice(4).toLowerCase().replaceAll('_', ' ')}).`,
  };
}
