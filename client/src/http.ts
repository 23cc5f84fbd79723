import type { Language } from '@malbeot/protocol';

import { codeOf, readJson, type HttpReply } from './http-reply.ts';
import { MalbeotError } from './malbeot-error.ts';
import { guardedHook, type MetricHook } from './metrics.ts';
import { makeBody, type RequestBody } from './request-body.ts';
import { routeOf, type TrafficEntry, type TrafficLog } from './traffic.ts';
import { backOffMs, retryAfterMs, systemSleep, type Sleep } from './waiting.ts';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 8000;

/** How requests are made; shared by every client of this package. */
export interface ConnectionOptions {
  /** The server, such as `http://localhost:8080`. Default: the page's own origin, else `http://localhost:8080`. */
  readonly baseUrl?: string | undefined;
  /** Limit for one try, from its start to the last byte of its answer. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Tries in all, the first included. Default 3. */
  readonly maxTries?: number | undefined;
  /** Sends bodies over 1 kB as gzip when that is smaller. Default: true, but for a server on this machine. */
  readonly compress?: boolean | undefined;
  /** Told of every try, of waits and of the queue. */
  readonly onMetric?: MetricHook | undefined;
  /** Keeps the last requests, without the words. */
  readonly traffic?: Pick<TrafficLog, 'write'> | undefined;
  /** In place of the platform's own `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How waits between tries are made. */
  readonly sleep?: Sleep | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path of the server, or a whole URL. */
  readonly url: string;
  readonly language: Language;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the server's own origin only. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: FormData;
  /** For the log of traffic. */
  readonly sessionId?: string | null;
  /** Fewer tries than the client's own, for what must not be sent twice. */
  readonly maxTries?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Http {
  readonly baseUrl: string;
  /**
   * Sends, and sends again after network errors, 429, 5xx and "the first one is still running". The reply of the last try
   * is given whatever its status.
   *
   * @throws {MalbeotError} `NETWORK` or `TIMEOUT` when nothing answered; the signal's reason when it aborts.
   */
  send(request: HttpRequest): Promise<HttpReply>;
  /**
   * Sends once and gives the answer as it comes. The limit holds until its first byte; ending the stream ends the request.
   *
   * @throws {MalbeotError} `NETWORK` or `TIMEOUT` when nothing answered; the signal's reason when it aborts.
   */
  open(request: HttpRequest): Promise<Response>;
}

export function createHttp(options: ConnectionOptions): Http {
  const {
    timeoutMs = 30_000,
    maxTries = 3,
    // Called through a wrapper: a browser's fetch refuses any other `this`.
    fetch = (input, init) => globalThis.fetch(input, init),
    random = Math.random,
    sleep = systemSleep,
    traffic,
  } = options;
  const base = resolveBaseUrl(options.baseUrl);
  const compress = options.compress ?? !isThisMachine(base);
  const tell = guardedHook(options.onMetric);
  const log = guardedHook(traffic === undefined ? undefined : (entry: TrafficEntry) => traffic.write(entry));

  async function once(request: HttpRequest, url: URL, body: RequestBody): Promise<HttpReply> {
    const { signal } = request;
    signal?.throwIfAborted();
    const controller = new AbortController();
    const onAbort = () => controller.abort(signal!.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, timeoutMs);
    try {
      const response = await fetch(url, { ...initOf(request, url, base, body), signal: controller.signal });
      return { status: response.status, headers: response.headers, body: await response.arrayBuffer() };
    } catch (cause) {
      signal?.throwIfAborted();
      throw new MalbeotError(late ? 'TIMEOUT' : 'NETWORK', { language: request.language, cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** {@link once}, told to those who measure. */
  async function measured(
    request: HttpRequest,
    url: URL,
    body: RequestBody,
    attempt: number,
  ): Promise<HttpReply> {
    const route = routeOf(request.method, url, base);
    const startedMs = performance.now();
    const at = new Date().toISOString();
    const end = (status: number | null, code: string | null, bytes: number, requestId: string | null) => {
      const ms = Math.round(performance.now() - startedMs);
      tell({ type: 'try-end', route, attempt, status, code, durationMs: ms, bytes });
      const ids = { request_id: requestId, session_id: request.sessionId ?? null };
      log({ at, route, status, code, ms, sent: body.bytes, received: bytes, attempt, ...ids });
    };
    tell({ type: 'try-start', route, attempt, bytes: body.bytes });
    try {
      const reply = await once(request, url, body);
      const code = reply.status < 400 ? null : (codeOf(readJson(reply)) ?? null);
      end(reply.status, code, reply.body.byteLength, reply.headers.get('x-request-id'));
      return reply;
    } catch (error) {
      end(null, error instanceof MalbeotError ? error.code : 'ABORTED', 0, null);
      throw error;
    }
  }

  async function send(request: HttpRequest): Promise<HttpReply> {
    const url = new URL(request.url, base);
    const body = await makeBody(request, compress);
    const tries = Math.max(1, Math.min(maxTries, request.maxTries ?? maxTries));
    for (let attempt = 1; ; attempt++) {
      let waitMs = backOffMs(attempt, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      try {
        const reply = await measured(request, url, body, attempt);
        if (attempt >= tries || !isWorthAnotherTry(reply)) return reply;
        const askedMs = retryAfterMs(reply.headers.get('retry-after'), Date.now());
        // Someone is waiting at the counter: what asks for more patience than one whole try is an answer.
        if (askedMs !== null && askedMs > timeoutMs) return reply;
        if (askedMs !== null) waitMs = askedMs + backOffMs(1, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      } catch (error) {
        if (!(error instanceof MalbeotError) || attempt >= tries) throw error;
      }
      tell({ type: 'retry-wait', route: routeOf(request.method, url, base), attempt, waitMs });
      await sleep(waitMs, request.signal);
    }
  }

  async function open(request: HttpRequest): Promise<Response> {
    const url = new URL(request.url, base);
    const body = await makeBody(request, compress);
    const { signal } = request;
    signal?.throwIfAborted();
    const controller = new AbortController();
    // Stays for as long as the answer is read: the signal ends that too.
    signal?.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, timeoutMs);
    try {
      return await fetch(url, { ...initOf(request, url, base, body), signal: controller.signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new MalbeotError(late ? 'TIMEOUT' : 'NETWORK', { language: request.language, cause });
    } finally {
      clearTimeout(timer);
    }
  }

  return { baseUrl: base.href, send, open };
}

function initOf(request: HttpRequest, url: URL, base: URL, { body, headers: own }: RequestBody): RequestInit {
  const headers: Record<string, string> = { 'accept-language': request.language, ...request.headers, ...own };
  if (url.origin === base.origin) Object.assign(headers, request.credentials);
  return { method: request.method, headers, ...(body === undefined ? {} : { body }) };
}

function isWorthAnotherTry(reply: HttpReply): boolean {
  if (reply.status === 429 || reply.status >= 500) return true;
  return reply.status === 409 && codeOf(readJson(reply)) === 'IDEMPOTENCY_IN_PROGRESS';
}

/** The server's address: what was given, else the page's own origin, else this machine. */
export function resolveBaseUrl(baseUrl: string | undefined): URL {
  if (baseUrl !== undefined && baseUrl !== '') return new URL(baseUrl);
  const origin = (globalThis as { location?: { origin?: string } }).location?.origin;
  return new URL(origin !== undefined && origin.startsWith('http') ? origin : 'http://localhost:8080');
}

function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
