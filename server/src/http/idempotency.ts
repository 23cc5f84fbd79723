import { createHash } from 'node:crypto';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { Answer, Upload } from '../experiences/experience.ts';
import type { IdempotencyStore, StoredAnswer } from '../limits/stores.ts';

/** How long the first answer is given again. */
const KEEP_MS = 10 * 60_000;
/** How long a request that never ended keeps its key. */
const CLAIM_MS = 60_000;
/** Answers that say "not now": the same request may fare better, so they are not kept. */
const PASSING_STATUSES = new Set([408, 409, 425, 429]);
const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

/** What a key stands for. */
export interface IdempotentRequest {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly who: Who;
  readonly body: Uint8Array;
  readonly upload: Upload | null;
}

/**
 * Runs `work` once for a key: a repeat gets the first answer, a second at the same time IDEMPOTENCY_IN_PROGRESS, another
 * request with the same key IDEMPOTENCY_KEY_REUSED. Only JSON answers are kept, and none that asks to be repeated.
 *
 * `toAnswer` makes the answer for what `work` throws, so that it is kept like any other.
 */
export async function answerOnce(
  store: IdempotencyStore,
  request: IdempotentRequest,
  work: () => Promise<Answer>,
  toAnswer: (error: unknown) => Answer,
): Promise<Answer> {
  const key = storeKey(request);
  const claim = await store.claim(key, fingerprint(request), CLAIM_MS);
  switch (claim.state) {
    case 'answered':
      return replay(claim.answer);
    case 'mismatch':
      throw new AppError('IDEMPOTENCY_KEY_REUSED', {
        detail: 'The Idempotency-Key was used for another request within the last 10 minutes.',
      });
    case 'running':
      throw new AppError('IDEMPOTENCY_IN_PROGRESS', { retryAfterSeconds: 1 });
    case 'claimed':
      return keep(store, key, work, toAnswer);
  }
}

async function keep(
  store: IdempotencyStore,
  key: string,
  work: () => Promise<Answer>,
  toAnswer: (error: unknown) => Answer,
): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    answer = toAnswer(error);
  }
  const stored = toStored(answer);
  if (stored === null) await store.release(key);
  else await store.answer(key, stored, KEEP_MS);
  return answer;
}

function toStored({ status, headers = {}, body }: Answer): StoredAnswer | null {
  if (status >= 500 || PASSING_STATUSES.has(status) || body.type !== 'json') return null;
  return { status, headers, body: JSON.stringify(body.value) };
}

function replay({ status, headers, body }: StoredAnswer): Answer {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...headers,
      'idempotency-replayed': 'true',
    },
    body: { type: 'bytes', bytes: Buffer.from(body), mediaType: 'application/json; charset=utf-8' },
  };
}

/** The key in `Idempotency-Key`, or null without one. @throws {AppError} INVALID_INPUT for one that can't be a key. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY_FORM.test(header)) return header;
  throw new AppError('INVALID_INPUT', {
    detail: 'Idempotency-Key needs 1 to 200 visible ASCII characters, such as a UUID.',
    issues: [{ path: 'headers.idempotency-key', message: 'needs 1 to 200 visible ASCII characters' }],
  });
}

/** Keys of different callers never meet. */
function storeKey({ key, who }: IdempotentRequest): string {
  return createHash('sha256')
    .update(`${callerOf(who)}\n${key}`)
    .digest('base64url');
}

/** Method, path, caller and body. A multipart body counts by its parts: its boundary differs each time it is sent. */
function fingerprint({ method, path, who, body, upload }: IdempotentRequest): string {
  const hash = createHash('sha256').update(`${method}\n${path}\n${callerOf(who)}\n`);
  if (upload === null) return hash.update(body).digest('base64url');
  hash.update(JSON.stringify(Object.entries(upload.fields).sort(([a], [b]) => (a < b ? -1 : 1))));
  if (upload.file !== null) hash.update(`\n${upload.file.field}\n`).update(upload.file.bytes);
  return hash.digest('base64url');
}

function callerOf(who: Who): string {
  switch (who.kind) {
    case 'nobody':
      return 'nobody';
    case 'person':
      return `person ${who.userId}`;
    case 'api-key':
      return `key ${who.keyId}`;
    case 'device':
      return `device ${who.keyId}`;
    case 'session':
      return `session ${who.sessionId}`;
  }
}
