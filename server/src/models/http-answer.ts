import type { PartialState } from './partial-file.ts';
import { FetchError } from './pull-error.ts';

/**
 * The answer at the end of all redirects.
 *
 * @throws {FetchError} for too many of them, and for one that leaves HTTPS or HTTP.
 */
export async function followRedirects(
  address: string,
  headers: Readonly<Record<string, string>>,
  redirects: number,
  signal: AbortSignal,
): Promise<Response> {
  const first = new URL(address);
  const credentials = takeCredentials(first);
  let url = first;
  for (let hop = 0; ; hop++) {
    const own = credentials !== null && url.origin === first.origin ? { authorization: credentials } : {};
    const response = await fetch(url, { headers: { ...headers, ...own }, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    // The connection ends with the signal; nobody waits for it here.
    response.body?.cancel().catch(() => {});
    if (hop >= redirects)
      throw new FetchError({ key: 'models.reason.redirects', values: { count: redirects } });
    const next = URL.canParse(location, url.href) ? new URL(location, url) : null;
    const isSafe = next?.protocol === 'https:' || (next?.protocol === 'http:' && url.protocol === 'http:');
    if (next === null || !isSafe) throw new FetchError({ key: 'models.reason.redirect_unsafe' });
    url = next;
  }
}

/** `fetch` refuses addresses with a name and a password in them: they go into a header. */
function takeCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** What to do with an answer. */
export type Answer =
  | {
      readonly type: 'body';
      /** Offset of its first byte: 0, or where the file breaks off. */
      readonly from: number;
      /** Bytes of the whole file; null where nobody says. */
      readonly total: number | null;
      /** For the next time; null where it can't be gone on with. */
      readonly state: PartialState | null;
    }
  /** Everything is there already. */
  | { readonly type: 'complete' }
  /** What is there does not belong to what the server has. */
  | { readonly type: 'restart'; readonly error: FetchError };

export interface Expectation {
  readonly url: string;
  readonly have: number;
  readonly state: PartialState | null;
  readonly size: number | null;
}

/**
 * Judges status and headers before a byte is read.
 *
 * @throws {FetchError} where this answer is not the file.
 */
export function checkAnswer(response: Response, { url, have, state, size }: Expectation): Answer {
  const { status, headers } = response;
  const again = (code: string): Answer => ({
    type: 'restart',
    error: new FetchError({ key: 'models.reason.changed', values: { code } }, { retry: true }),
  });
  if (status === 416) {
    const total = /^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
    const isWhole = state !== null && Number(total) === have && (state.total ?? size ?? have) === have;
    return isWhole ? { type: 'complete' } : again('416');
  }
  if (status !== 200 && status !== 206) throw refusal(status, headers);
  if (response.body === null) throw new FetchError({ key: 'models.reason.empty' });
  if (/^(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? ''))
    throw new FetchError({ key: 'models.reason.page' });
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    throw new FetchError({ key: 'models.reason.encoded', values: { encoding } });

  const validator = validatorOf(headers);
  if (status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    if (state === null || range === null || Number(range[1]) !== have) return again('206');
    const total = range[3] === '*' ? (state.total ?? size) : Number(range[3]);
    if (validator !== null && validator !== state.validator) return again('ETag');
    if (state.total !== null && total !== state.total) return again('206');
    refuseSize(total, size);
    return { type: 'body', from: have, total, state };
  }
  const announced = lengthOf(headers);
  refuseSize(announced, size);
  const total = announced ?? size;
  return {
    type: 'body',
    from: 0,
    total,
    state: validator === null ? null : { url, validator, total },
  };
}

function refuseSize(found: number | null, expected: number | null): void {
  if (found !== null && expected !== null && found !== expected)
    throw new FetchError({ key: 'models.reason.wrong_size', values: { found, expected } });
}

function refusal(status: number, headers: Headers): FetchError {
  const values = { status: String(status) };
  if (status === 404 || status === 410) return new FetchError({ key: 'models.reason.absent', values });
  if (status === 401 || status === 403) return new FetchError({ key: 'models.reason.forbidden', values });
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500;
  const seconds = Number(headers.get('retry-after') ?? 0);
  return new FetchError(
    { key: 'models.reason.status', values },
    { retry: isPassing, waitMs: Number.isFinite(seconds) ? seconds * 1000 : 0 },
  );
}

/** A weak ETag promises no equal bytes. */
function validatorOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag !== null && etag.startsWith('"') ? etag : headers.get('last-modified');
}

function lengthOf(headers: Headers): number | null {
  const text = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
