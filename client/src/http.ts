import type { Language, Problem } from '@malbeot/protocol';

import { MalbeotError } from './malbeot-error.ts';
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
  /** Fewer tries than the client's own, for what must not be sent twice. */
  readonly maxTries?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
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
}

export function createHttp(options: ConnectionOptions): Http {
  const {
    timeoutMs = 30_000,
    maxTries = 3,
    // Called through a wrapper: a browser's fetch refuses any other `this`.
    fetch = (input, init) => globalThis.fetch(input, init),
    random = Math.random,
    sleep = systemSleep,
  } = options;
  const base = resolveBaseUrl(options.baseUrl);

  async function once(request: HttpRequest, url: URL): Promise<HttpReply> {
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
      const response = await fetch(url, { ...initOf(request, url, base), signal: controller.signal });
      return { status: response.status, headers: response.headers, body: await response.arrayBuffer() };
    } catch (cause) {
      signal?.throwIfAborted();
      throw new MalbeotError(late ? 'TIMEOUT' : 'NETWORK', { language: request.language, cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async function send(request: HttpRequest): Promise<HttpReply> {
    const url = new URL(request.url, base);
    const tries = Math.max(1, Math.min(maxTries, request.maxTries ?? maxTries));
    for (let attempt = 1; ; attempt++) {
      let waitMs = backOffMs(attempt, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      try {
        const reply = await once(request, url);
        if (attempt >= tries || !isWorthAnotherTry(reply)) return reply;
        const askedMs = retryAfterMs(reply.headers.get('retry-after'), Date.now());
        // Someone is waiting at the counter: what asks for more patience than one whole try is an answer.
        if (askedMs !== null && askedMs > timeoutMs) return reply;
        if (askedMs !== null) waitMs = askedMs + backOffMs(1, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      } catch (error) {
        if (!(error instanceof MalbeotError) || attempt >= tries) throw error;
      }
      await sleep(waitMs, request.signal);
    }
  }

  return { baseUrl: base.href, send };
}

function initOf(request: HttpRequest, url: URL, base: URL): RequestInit {
  const headers: Record<string, string> = { 'accept-language': request.language, ...request.headers };
  if (url.origin === base.origin) Object.assign(headers, request.credentials);
  if (request.json !== undefined) headers['content-type'] = 'application/json';
  const body = request.json === undefined ? request.form : JSON.stringify(request.json);
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

/** The JSON of a reply; undefined when it is none. */
export function readJson(reply: HttpReply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The code in a problem, or in the details of a kiosk's error. */
function codeOf(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  if (typeof json['code'] === 'string') return json['code'];
  const info = json['error_info'];
  const details = isRecord(info) ? info['details'] : undefined;
  return isRecord(details) && typeof details['code'] === 'string' ? details['code'] : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error that a reply without a usable answer stands for. */
export function errorOf(reply: HttpReply, language: Language): MalbeotError {
  const json = readJson(reply);
  const problem = isProblem(json) ? json : undefined;
  const requestId = problem?.request_id ?? reply.headers.get('x-request-id');
  const code = codeOf(json) ?? 'BAD_ANSWER';
  return new MalbeotError(code, {
    status: reply.status,
    language,
    requestId,
    ...(problem === undefined ? {} : { problem }),
  });
}

function isProblem(json: unknown): json is Problem {
  return isRecord(json) && typeof json['code'] === 'string' && typeof json['status'] === 'number';
}

/** @throws {MalbeotError} unless the reply is a success with JSON in it. */
export function jsonOf(reply: HttpReply, language: Language): unknown {
  const json = reply.status < 300 ? readJson(reply) : undefined;
  if (json === undefined) throw errorOf(reply, language);
  return json;
}
