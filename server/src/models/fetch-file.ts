import { AbortedError, childOf, delay } from '../lib/abort.ts';
import type { PartialFile, PartialState } from './partial-file.ts';
import { FetchError } from './pull-error.ts';
import { checkAnswer, followRedirects } from './http-answer.ts';

export interface FetchLimits {
  /** Longest wait for an answer, and for the next byte. 30 s. */
  readonly stallMs: number;
  /** Redirects that are followed. */
  readonly redirects: number;
  /** Tries in a row that bring no byte. */
  readonly idleTries: number;
  /** Tries in all. */
  readonly tries: number;
  /** Wait before the second try; doubled from try to try. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

export const defaultFetchLimits: FetchLimits = {
  stallMs: 30_000,
  redirects: 5,
  idleTries: 5,
  tries: 200,
  backoffMs: 1_000,
  maxBackoffMs: 30_000,
};

export interface FetchJob {
  readonly url: string;
  readonly part: PartialFile;
  /** Bytes that it must have; null where they are not known. */
  readonly size: number | null;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
  /** Called at every piece; `total` is null where nobody says. */
  readonly onBytes: (done: number, total: number | null) => void;
}

/**
 * Fetches `url` to its end into `part`, going on from what is there when the server can prove that it is the same file, and
 * trying again within `limits`. What was fetched stays for the next time where a later try can use it.
 *
 * @throws {FetchError} when this address does not give the file; {@link AbortedError} when the signal aborts.
 */
export async function fetchFile(job: FetchJob): Promise<void> {
  const { part, limits, signal } = job;
  let idle = 0;
  for (let tries = 1; ; tries++) {
    const before = await part.bytes();
    try {
      return await fetchOnce(job);
    } catch (error) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (!(error instanceof FetchError)) throw error;
      idle = (await part.bytes()) > before ? 0 : idle + (error.unreachable ? 2 : 1);
      if (!error.retry || idle >= limits.idleTries || tries >= limits.tries) throw error;
      const backoffMs = Math.max(error.waitMs, limits.backoffMs * 2 ** idle);
      await delay(Math.min(backoffMs, limits.maxBackoffMs), signal);
    }
  }
}

async function fetchOnce({ url, part, size, limits, signal, onBytes }: FetchJob): Promise<void> {
  const { bytes: have, state } = await part.resumable(url);
  if (state !== null && have === (state.total ?? size)) return onBytes(have, have);
  const node = childOf(signal);
  const network = <T>(step: Promise<T>) => orStalled(step, limits.stallMs, signal);
  try {
    const response = await network(
      followRedirects(url, rangeHeaders(have, state), limits.redirects, node.signal),
    );
    const answer = checkAnswer(response, { url, have, state, size });
    if (answer.type === 'complete') return onBytes(have, have);
    if (answer.type === 'restart') {
      await part.discard();
      throw answer.error;
    }
    const { total } = answer;
    let done = answer.from;
    const handle = done === 0 ? await part.restart(answer.state) : await part.continue();
    try {
      onBytes(done, total);
      const reader = response.body!.getReader();
      for (;;) {
        const { value, done: isOver } = await network(reader.read());
        if (isOver) break;
        const piece = value as Uint8Array;
        if (total !== null && done + piece.length > total) {
          await part.discard();
          throw new FetchError({ key: 'models.reason.too_long', values: { expected: total } });
        }
        await handle.appendFile(piece);
        done += piece.length;
        onBytes(done, total);
      }
    } finally {
      await handle.close();
    }
    if (total !== null && done < total)
      throw new FetchError(
        { key: 'models.reason.too_short', values: { found: done, expected: total } },
        { retry: true },
      );
  } finally {
    // Ends a body that was not read to its end, and with it the connection.
    node.abort(new Error('Done.'));
    node.unlink();
  }
}

/**
 * A step on the network. Settles after `stallMs` and when the signal aborts even where the step never does; whatever the step
 * throws is a failure of the network.
 */
function orStalled<T>(step: Promise<T>, stallMs: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => settle(() => reject(new AbortedError(signal.reason)));
    const timer = setTimeout(
      () =>
        settle(() => {
          const values = { seconds: Math.round(stallMs / 1000) };
          reject(new FetchError({ key: 'models.reason.stalled', values }, { retry: true }));
        }),
      stallMs,
    );
    const settle = (how: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      how();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    step.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error instanceof FetchError ? error : toFetchError(error))),
    );
  });
}

function rangeHeaders(have: number, state: PartialState | null): Readonly<Record<string, string>> {
  // Compressed bytes are other bytes than those whose size and hash are known.
  const plain = { 'accept-encoding': 'identity' };
  return state === null ? plain : { ...plain, range: `bytes=${have}-`, 'if-range': state.validator };
}

function toFetchError(error: unknown): FetchError {
  const cause = (error as { cause?: { code?: unknown } }).cause;
  const code = typeof cause?.code === 'string' ? cause.code : (error as Error).message;
  const isUnknown = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO/.test(code);
  if (isUnknown)
    return new FetchError({ key: 'models.reason.untrusted', values: { code } }, { cause: error });
  const isUnreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT/.test(
    code,
  );
  return isUnreachable
    ? new FetchError(
        { key: 'models.reason.unreachable', values: { code } },
        { retry: true, unreachable: true, cause: error },
      )
    : new FetchError({ key: 'models.reason.cut', values: { code } }, { retry: true, cause: error });
}
