import { isRecord } from '../../lib/is-record.ts';
import { ProviderError, type ProviderErrorKind } from './provider.ts';

/** What a server says about a request that it refuses, as far as it is safe to tell: never its sentences, which may hold the key or the words. */
export interface Refusal {
  readonly status: number;
  /** The server's own code for it, such as `context_length_exceeded`; null where it has none. */
  readonly code: string | null;
  /** For telling what it minds; never shown or logged. */
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

const CODE = /^[a-z][a-z0-9_.-]{2,59}$/i;
/** OpenAI answers a model that it does not have with 404, SiliconFlow with 400. */
const MISSING_MODEL = /model_not_found|\bmodel\b[^.{}]{0,80}(does not|doesn't) exist/i;
const LONGEST_WAIT_MS = 3_600_000;

/** Reads what a response with an error status says. `body` is its text, as far as it was read. */
export function readRefusal(
  { status, headers }: { readonly status: number; readonly headers: Headers },
  body: string,
  now: number,
): Refusal {
  // They come with every answer of OpenAI's, whether they are why or not.
  const resetMs = status === 429 ? limitReset(headers) : undefined;
  return {
    status,
    code: codeIn(parsed(body)),
    text: body,
    retryAfterMs: retryAfter(headers, now) ?? resetMs,
  };
}

/** The failure that a refusal is. `key` is kept out of it, wherever the server may have repeated it. */
export function refusalError(
  provider: string,
  { status, code, text, retryAfterMs }: Refusal,
  key: string | null,
): ProviderError {
  const kind = MISSING_MODEL.test(text) ? 'unavailable' : kindOf(status);
  const shown = code === null || (key !== null && code.includes(key)) ? '' : ` (${code})`;
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new ProviderError(kind, provider, `It answers with status ${status}${shown}.${hint(status)}`, retry);
}

/** An error inside a stream that began well. */
export function streamedError(provider: string, error: unknown, key: string | null): ProviderError {
  const code = codeIn({ error });
  const status = isRecord(error) && typeof error['code'] === 'number' ? error['code'] : null;
  if (status !== null && status >= 400 && status <= 599) {
    return refusalError(provider, { status, code, text: '', retryAfterMs: undefined }, key);
  }
  const limited = code !== null && /rate|quota|overloaded|capacity/i.test(code);
  const shown = code === null || (key !== null && code.includes(key)) ? '' : ` (${code})`;
  return new ProviderError(
    limited ? 'unavailable' : 'failed',
    provider,
    `It stopped in the middle of its answer${shown}.`,
  );
}

/** What a failed connection is. The cause is not kept: it may hold the request. */
export function connectionError(provider: string, error: unknown): ProviderError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code =
    isRecord(cause) && typeof cause['code'] === 'string' && CODE.test(cause['code']) ? cause['code'] : null;
  const timedOut = code !== null && /TIMEOUT|ETIMEDOUT/.test(code);
  return new ProviderError(
    timedOut ? 'timeout' : 'unavailable',
    provider,
    `The connection failed${code === null ? '' : ` (${code})`}.`,
  );
}

function kindOf(status: number): ProviderErrorKind {
  if (status === 401 || status === 402 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 400 || status === 413 || status === 422) return 'invalid_input';
  return status >= 500 ? 'unavailable' : 'failed';
}

function hint(status: number): string {
  if (status === 401 || status === 403) return ' Check its key.';
  if (status === 402) return ' Its account has no credit.';
  return status === 404 ? ' Check its address and the name of the model.' : '';
}

function retryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return Math.min(milliseconds, LONGEST_WAIT_MS);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), LONGEST_WAIT_MS);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), LONGEST_WAIT_MS);
}

/**
 * When a limit begins anew, from headers such as `x-ratelimit-reset-tokens: 6m0s`: the latest of those that are used up, else
 * the earliest that is told.
 */
function limitReset(headers: Headers): number | undefined {
  const usedUp: number[] = [];
  const told: number[] = [];
  for (const [name, value] of headers) {
    const limit = /^x-ratelimit-reset-(.+)$/.exec(name)?.[1];
    const resetMs = limit === undefined ? undefined : duration(value);
    if (resetMs === undefined) continue;
    told.push(resetMs);
    if (headers.get(`x-ratelimit-remaining-${limit}`)?.trim() === '0') usedUp.push(resetMs);
  }
  if (told.length === 0) return undefined;
  return Math.min(usedUp.length > 0 ? Math.max(...usedUp) : Math.min(...told), LONGEST_WAIT_MS);
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of `1h2m`, `7.66s`, `120ms` or plain seconds. */
function duration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.ceil(Number(trimmed) * 1_000);
  if (!/^(\d+(\.\d+)?(d|h|ms|m|s))+$/.test(trimmed)) return undefined;
  let milliseconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) {
    milliseconds += Number(amount) * UNIT_MS[unit!]!;
  }
  return Math.ceil(milliseconds);
}

function codeIn(body: unknown): string | null {
  // Some servers put the error into a list.
  const whole: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(whole) || !isRecord(whole['error'])) return null;
  const { code, type, status } = whole['error'];
  const found = [code, type, status].find((value) => typeof value === 'string' && CODE.test(value));
  return typeof found === 'string' ? found : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
