import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** What a server answers: its beginning, and the body to be read. */
export interface HttpAnswer {
  readonly status: number;
  /** True for 200 to 299. */
  readonly ok: boolean;
  readonly headers: Headers;
  /** Whoever does not read it to its end destroys it. */
  readonly body: IncomingMessage;
}

export interface HttpRequest {
  /** Got where there is no body, else posted. */
  readonly body?: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** How the name is looked up; as the system does when absent. */
  readonly lookup?: RequestOptions['lookup'];
}

/** Shorter than what servers keep a quiet connection open for. */
const QUIET_CONNECTION_MS = 4_000;
const agents = {
  'http:': new HttpAgent({ keepAlive: true, timeout: QUIET_CONNECTION_MS }),
  'https:': new HttpsAgent({ keepAlive: true, timeout: QUIET_CONNECTION_MS }),
} as const;

/**
 * Asks a server over HTTP/1.1, on a connection that is kept for the next request. No other address is followed. When `signal`
 * aborts, the connection is closed, at any time up to the end of the body. Node's own `fetch` can't be relied on for that: once
 * the garbage collector has been by, it no longer hears its signal.
 *
 * @throws what the connection fails with, as it is.
 */
export async function sendRequest(
  url: string,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  while (true) {
    try {
      return await sendOnce(url, request, signal);
    } catch (error) {
      // The server closed a kept connection just as it was used again: it has not seen the request.
      if (!(error instanceof StaleConnectionError)) throw error;
    }
  }
}

class StaleConnectionError extends Error {
  override readonly name = 'StaleConnectionError';
}

function sendOnce(
  url: string,
  { body, headers, lookup }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const isSecure = new URL(url).protocol === 'https:';
    const open = isSecure ? httpsRequest : httpRequest;
    const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
    const sent = open(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...length, 'accept-encoding': 'identity' },
      // A kept connection was looked up in its own way.
      agent: lookup === undefined ? agents[isSecure ? 'https:' : 'http:'] : false,
      signal,
      ...(lookup === undefined ? {} : { lookup }),
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(isStale && !signal.aborted ? new StaleConnectionError('stale', { cause: error }) : error);
    });
    sent.once('response', (answer) => {
      const status = answer.statusCode ?? 0;
      // Who reads the body is told; nobody else has to be.
      answer.on('error', () => {});
      resolve({ status, ok: status >= 200 && status <= 299, headers: headersOf(answer), body: answer });
    });
    sent.end(body);
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}
