import type { Readable } from 'node:stream';
import type { Answer } from '../experiences/experience.ts';
import { bringsBody } from './body.ts';
import {
  chooseEncoding,
  compress,
  compressKept,
  isCompressible,
  MIN_COMPRESSED_BYTES,
  MIN_COMPRESSED_ONCE_BYTES,
} from './compress.ts';
import { matchesEtag, weakEtag } from './etag.ts';
import { sendEvents } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { contentRange, readRange } from './range.ts';
import { secondsUntil } from './rate-limit.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const EXPOSED =
  'x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, etag, content-range, idempotency-replayed, server-timing, x-malbeot-provider, x-malbeot-cache, x-malbeot-skipped, x-malbeot-sample-rate';

/** The headers of an answer that decide how it is sent, taken apart from those that are only passed on. */
interface Given {
  readonly passedOn: string[];
  contentType: string | undefined;
  etag: string | undefined;
  vary: string | undefined;
  cacheControl: string;
  acceptsRanges: boolean;
}

function readGiven(headers: Readonly<Record<string, string>> | undefined): Given {
  const given: Given = {
    passedOn: [],
    contentType: undefined,
    etag: undefined,
    vary: undefined,
    cacheControl: 'no-store',
    acceptsRanges: false,
  };
  for (const name in headers) {
    const value = headers[name]!;
    switch (name.toLowerCase()) {
      case 'content-type':
        given.contentType = value;
        break;
      case 'etag':
        given.etag = value;
        break;
      case 'vary':
        given.vary = value;
        break;
      case 'cache-control':
        given.cacheControl = value;
        break;
      case 'accept-ranges':
        given.acceptsRanges = value === 'bytes';
        break;
      case 'content-length':
        break;
      default:
        given.passedOn.push(name, value);
    }
  }
  return given;
}

/** Headers as names and values in turn: what Node writes fastest. */
function headOf(exchange: Exchange, given: Given, byEncoding: boolean, isPage = false): string[] {
  const { edge, counted, request } = exchange;
  const headers = exchange.encrypted ? edge.headers.encrypted : edge.headers.plain;
  const head = (isPage ? headers.page : headers.data).slice();
  head.push('x-request-id', exchange.id, 'cache-control', given.cacheControl);
  if (counted !== undefined) {
    head.push(
      'x-ratelimit-limit',
      String(counted.limit),
      'x-ratelimit-remaining',
      String(Math.max(0, counted.limit - counted.count)),
      'x-ratelimit-reset',
      String(secondsUntil(counted.resetAt, edge.clock.now())),
    );
  }
  const vary = varyOf(given.vary, edge.origins.varies, byEncoding);
  if (vary !== '') head.push('vary', vary);
  const origin = edge.origins.allowed(request.headers.origin);
  if (origin !== null)
    head.push('access-control-allow-origin', origin, 'access-control-expose-headers', EXPOSED);
  if (edge.stopping) head.push('connection', 'close');
  for (const text of given.passedOn) head.push(text);
  return head;
}

function varyOf(given: string | undefined, byOrigin: boolean, byEncoding: boolean): string {
  let vary = given ?? '';
  if (byOrigin) vary = vary === '' ? 'Origin' : `${vary}, Origin`;
  if (byEncoding) vary = vary === '' ? 'Accept-Encoding' : `${vary}, Accept-Encoding`;
  return vary;
}

/** Sends `answer` and ends the exchange. Throws only before anything was sent. */
export async function sendAnswer(exchange: Exchange, answer: Answer): Promise<void> {
  // A stream that is let go of may still fail, and nobody would hear it but the process.
  if (answer.body.type === 'stream') answer.body.stream.on('error', () => {});
  if (exchange.clientLeft) return leave(exchange, answer);
  const given = readGiven(answer.headers);
  const { body, status } = answer;
  switch (body.type) {
    case 'json':
      return sendBytes(
        exchange,
        status,
        given,
        Buffer.from(JSON.stringify(body.value)),
        given.contentType ?? JSON_TYPE,
        false,
      );
    case 'bytes':
      return sendBytes(exchange, status, given, body.bytes, given.contentType ?? body.mediaType, true);
    case 'empty':
      return sendEmpty(exchange, status, given);
    case 'stream': {
      if (isKnown(exchange, status, given)) {
        body.stream.destroy();
        return sendNotModified(exchange, given, false);
      }
      const head = headOf(exchange, given, false);
      head.push('content-type', body.mediaType);
      if (given.etag !== undefined) head.push('etag', given.etag);
      return sendChunks(exchange, status, head, body.stream);
    }
    case 'events': {
      const head = headOf(exchange, { ...given, cacheControl: 'no-store, no-transform' }, false);
      head.push('content-type', 'text/event-stream; charset=utf-8', 'x-accel-buffering', 'no');
      return sendEvents(exchange, head, body.events);
    }
  }
}

/** Nobody is left to answer; what would have been sent is let go of. */
function leave(exchange: Exchange, { body }: Answer): void {
  if (body.type === 'stream') body.stream.destroy();
  exchange.finishLeft();
}

/** True when the client holds this very answer already. */
function isKnown({ method, request }: Exchange, status: number, { etag }: Given): boolean {
  const ifNoneMatch = request.headers['if-none-match'];
  if (ifNoneMatch === undefined || etag === undefined || status !== 200) return false;
  return (method === 'GET' || method === 'HEAD') && matchesEtag(ifNoneMatch, etag);
}

/** A browser takes these headers over for the page that it holds: they are the page's, not those of an answer. */
function sendNotModified(exchange: Exchange, given: Given, byEncoding: boolean, isPage = false): void {
  const head = headOf(exchange, given, byEncoding, isPage);
  if (given.etag !== undefined) head.push('etag', given.etag);
  end(exchange, 304, head, null);
}

async function sendBytes(
  exchange: Exchange,
  status: number,
  given: Given,
  whole: Uint8Array,
  contentType: string,
  repeated: boolean,
): Promise<void> {
  const { headers } = exchange.request;
  const reads = exchange.method === 'GET' || exchange.method === 'HEAD';
  const least = repeated ? MIN_COMPRESSED_BYTES : MIN_COMPRESSED_ONCE_BYTES;
  const compressible = whole.byteLength >= least && isCompressible(contentType);
  const isPage = contentType.startsWith('text/html');
  if (isKnown(exchange, status, given)) return sendNotModified(exchange, given, compressible, isPage);
  if (given.acceptsRanges && status === 200 && reads) {
    return sendRange(exchange, given, whole, contentType);
  }
  const encoding = compressible ? chooseEncoding(headers['accept-encoding']) : null;
  let bytes = whole;
  // Not before this line: what needs no compression is sent without waiting once.
  if (encoding !== null)
    bytes = await (repeated ? compressKept(whole, encoding) : compress(whole, encoding, false));
  const head = headOf(exchange, given, compressible, isPage);
  head.push('content-type', contentType, 'content-length', String(bytes.byteLength));
  if (encoding !== null) head.push('content-encoding', encoding);
  if (given.etag !== undefined) head.push('etag', encoding === null ? given.etag : weakEtag(given.etag));
  end(exchange, status, head, bytes);
}

function sendRange(exchange: Exchange, given: Given, whole: Uint8Array, contentType: string): void {
  const { range: asked, 'if-range': ifRange } = exchange.request.headers;
  const usable =
    asked !== undefined && (ifRange === undefined || (ifRange === given.etag && !ifRange.startsWith('W/')));
  const range = usable ? readRange(asked, whole.byteLength) : 'whole';
  const head = headOf(exchange, given, false);
  head.push('accept-ranges', 'bytes');
  if (given.etag !== undefined) head.push('etag', given.etag);
  if (range === 'unsatisfiable') {
    head.push('content-range', contentRange(null, whole.byteLength), 'content-length', '0');
    return end(exchange, 416, head, null);
  }
  const bytes = range === 'whole' ? whole : whole.subarray(range.start, range.end + 1);
  head.push('content-type', contentType, 'content-length', String(bytes.byteLength));
  if (range === 'whole') return end(exchange, 200, head, bytes);
  head.push('content-range', contentRange(range, whole.byteLength));
  end(exchange, 206, head, bytes);
}

function sendEmpty(exchange: Exchange, status: number, given: Given): void {
  const head = headOf(exchange, given, false);
  if (given.etag !== undefined) head.push('etag', given.etag);
  if (status !== 204 && status !== 304) head.push('content-length', '0');
  end(exchange, status, head, null);
}

/** A body up to this size that nobody read is thrown away by Node, and the connection lives on. */
const SMALL_REST_BYTES = 64 * 1024;
const MAX_REST_BYTES = 64 * 1024 * 1024;
const MAX_REST_MS = 10_000;

function end(exchange: Exchange, status: number, head: string[], bytes: Uint8Array | null): void {
  const { request, response } = exchange;
  if (
    !request.complete &&
    bringsBody(request) &&
    !(Number(request.headers['content-length']) <= SMALL_REST_BYTES)
  ) {
    return endBeforeBody(exchange, status, head, bytes);
  }
  response.writeHead(status, head);
  if (bytes === null || exchange.method === 'HEAD') response.end();
  else response.end(bytes);
  exchange.finish(status);
}

/**
 * Answers while the client still sends. The answer goes out whole at once; the rest of the body is read and thrown away
 * before the connection is closed, since closing on unread bytes resets it and most clients would lose the answer.
 */
function endBeforeBody(exchange: Exchange, status: number, head: string[], bytes: Uint8Array | null): void {
  const { request, response } = exchange;
  if (!head.includes('connection')) head.push('connection', 'close');
  response.writeHead(status, head);
  if (bytes !== null && exchange.method !== 'HEAD') response.write(bytes);
  else response.flushHeaders();
  exchange.finish(status);
  let rest = 0;
  const stop = () => {
    clearTimeout(timer);
    request.removeListener('data', onData);
    request.removeListener('end', stop);
    response.end();
  };
  const onData = (chunk: Buffer) => {
    rest += chunk.length;
    if (rest > MAX_REST_BYTES) stop();
  };
  const timer = setTimeout(stop, MAX_REST_MS);
  response.once('close', stop);
  request.on('data', onData);
  request.once('end', stop);
  request.resume();
}

async function sendChunks(
  exchange: Exchange,
  status: number,
  head: string[],
  stream: Readable,
): Promise<void> {
  const { response } = exchange;
  if (exchange.method === 'HEAD') {
    stream.destroy();
    return end(exchange, status, head, null);
  }
  const onClose = () => stream.destroy();
  response.once('close', onClose);
  // Who waits for a client that takes nothing does not read on, and would never hear of it.
  stream.once('error', () => {
    if (response.headersSent && response.writableNeedDrain) response.destroy();
  });
  try {
    for await (const chunk of stream) {
      // Only now: a stream that fails before its first byte becomes an error answer.
      if (!response.headersSent) response.writeHead(status, head);
      if (!response.write(chunk)) await drained(exchange);
      if (exchange.clientLeft) break;
    }
    if (!response.headersSent) response.writeHead(status, head);
    response.end();
    exchange.finish(status);
  } catch (error) {
    if (exchange.clientLeft) return exchange.finishLeft();
    if (!response.headersSent) throw error;
    exchange.log.error({ err: error }, 'an answer broke off');
    response.destroy();
    exchange.finish(status);
  } finally {
    response.removeListener('close', onClose);
  }
}

/** Waits until the client has taken what was written, or has left. */
export function drained({ response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || !response.writableNeedDrain) return resolve();
    const done = () => {
      response.removeListener('drain', done);
      response.removeListener('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
