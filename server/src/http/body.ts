import type { IncomingMessage } from 'node:http';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import { AbortedError } from '../lib/abort.ts';

/** A body as it comes in, inflated. Call `stop` when no more of it is wanted. */
export interface IncomingBody {
  readonly stream: Readable;
  stop(): void;
}

/** Largest JSON body where a route names none. */
export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/** True when the request brings a body, however short. */
export function bringsBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return (length !== undefined && length !== '0') || request.headers['transfer-encoding'] !== undefined;
}

/**
 * The body of `request`, inflated where it is compressed.
 *
 * @throws {AppError} UNSUPPORTED_ENCODING; BODY_TOO_LARGE when its announced length is over `maxBytes` already.
 */
export function openBody(request: IncomingMessage, maxBytes: number): IncomingBody {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (encoding === 'identity' || encoding === '') return { stream: request, stop: () => {} };
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new AppError('UNSUPPORTED_ENCODING', {
      detail: `The body came with Content-Encoding ${shorten(encoding)}; gzip and identity are accepted.`,
    });
  }
  return inflate(request, createGunzip());
}

function inflate(request: IncomingMessage, gunzip: Gunzip): IncomingBody {
  const onLeft = () => {
    if (!request.complete) gunzip.destroy(new AbortedError(new Error('The client left.')));
  };
  request.once('close', onLeft);
  request.pipe(gunzip);
  return {
    stream: gunzip,
    stop: () => {
      request.removeListener('close', onLeft);
      request.unpipe(gunzip);
      gunzip.destroy();
    },
  };
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('BODY_TOO_LARGE', {
    detail: `The body is larger than ${maxBytes} bytes, counted without compression.`,
    fields: { max_bytes: maxBytes },
  });
}

/** What a broken stream means: the client left, or the body can't be inflated. */
export function bodyError(error: unknown): Error {
  if (error instanceof AppError || error instanceof AbortedError) return error;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new AbortedError(error);
  return new AppError('MALFORMED_BODY', {
    detail: 'The body is not whole gzip data, as its header says.',
    cause: error,
  });
}

/**
 * All bytes of the body.
 *
 * @throws {AppError} as {@link openBody}; BODY_TOO_LARGE as soon as more than `maxBytes` came; MALFORMED_BODY.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { stream, stop } = openBody(request, maxBytes);
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = () => {
      stream.removeListener('data', onData);
      stream.removeListener('end', onEnd);
      stream.removeListener('close', onClose);
      // An error listener stays: a stream that is stopped may still report that it was.
      stop();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      settle();
      reject(tooLarge(maxBytes));
    };
    const onEnd = () => {
      settle();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    const onClose = () => {
      settle();
      reject(new AbortedError(new Error('The client left.')));
    };
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
    stream.on('error', (error) => {
      settle();
      reject(bodyError(error));
    });
  });
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const MAX_DEPTH = 64;

/** @throws {AppError} MALFORMED_BODY for what is not JSON in UTF-8, is nested too deeply or names `__proto__`. */
export function parseJson(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not well-formed JSON' : 'is not text in UTF-8';
    throw new AppError('MALFORMED_BODY', { detail: `The body ${reason}.`, cause: error });
  }
  refuseTraps(value);
  return value;
}

/** Walks without recursion, so that depth itself is no trap. */
function refuseTraps(root: unknown): void {
  let level: object[] = typeof root === 'object' && root !== null ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new AppError('MALFORMED_BODY', { detail: `The JSON is nested more than ${MAX_DEPTH} deep.` });
    }
    const next: object[] = [];
    for (const node of level) {
      if (Object.hasOwn(node, '__proto__')) {
        throw new AppError('MALFORMED_BODY', {
          detail: 'The JSON has a field named __proto__, which is not accepted.',
        });
      }
      for (const value of Object.values(node))
        if (typeof value === 'object' && value !== null) next.push(value as object);
    }
    level = next;
  }
}

/** `text` short enough for an error. */
export function shorten(text: string, length = 40): string {
  const clean = text.replaceAll(/\p{Cc}/gu, ' ');
  return JSON.stringify(clean.length > length ? `${clean.slice(0, length)}…` : clean);
}
