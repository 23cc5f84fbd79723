import { childOf, TimeoutError, withTimeout } from '../../lib/abort.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { readStart, TooLongError } from '../../lib/http-client/body.ts';
import { sendRequest, type HttpAnswer } from '../../lib/http-client/send-request.ts';
import { connectionError, readRefusal, refusalError, type Refusal } from './http-failures.ts';
import { createProviderScope, type ProviderCall } from './provider-scope.ts';
import { ProviderError } from './provider.ts';

export interface RemoteOptions {
  /** Id of the provider, for its errors. */
  readonly id: string;
  /** Address that every path is below; nothing is ever sent anywhere else. */
  readonly baseUrl: string;
  /** Null for a server that asks for none. */
  readonly key: string | null;
  /** Time until an answer begins, 10 s. */
  readonly firstByteLimitMs?: number;
  /** Time between two pieces of it, 10 s. */
  readonly pieceLimitMs?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** What is sent: got where there is no body, else posted. */
export interface RemoteRequest {
  /** Text is JSON. */
  readonly body?: string | FormData;
  readonly accept: string;
  /** In place of the remote's own limit. */
  readonly firstByteLimitMs?: number;
}

/** One call of a provider that asks a server. Leaving it ends its connections. */
export interface RemoteCall extends ProviderCall {
  /** The answer, whatever its status. @throws {ProviderError} `failed` for one that sends us elsewhere, which we do not follow. */
  send(path: string, request: RemoteRequest): Promise<HttpAnswer>;
  /** What an answer with an error status says, as far as it says it in time. */
  refusal(response: HttpAnswer): Promise<Refusal>;
  /** A refusal as it leaves the provider, without the key. */
  refused(refusal: Refusal): ProviderError;
  /** The body, each piece in its time. */
  pieces(response: HttpAnswer): AsyncGenerator<Uint8Array, void, void>;
}

/** A server that a provider asks over HTTP, with the failures that come of it. */
export interface Remote {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** True when it is this machine. */
  readonly isLoopback: boolean;
  /**
   * @param limitMs Time for all of the call together; none when absent.
   * @throws {AbortedError} when `signal` has aborted; {@link ProviderError} `unavailable` once closed.
   */
  enter(signal: AbortSignal, limitMs?: number): RemoteCall;
  /** Ends every call. */
  close(): void;
}

const MOST_REFUSAL_BYTES = 16_384;

/** Sends nothing by itself. @throws {RangeError} for a base URL that is none. */
export function createRemote({
  id,
  baseUrl: given,
  key,
  firstByteLimitMs = 10_000,
  pieceLimitMs = 10_000,
  clock = systemClock,
}: RemoteOptions): Remote {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    throw new RangeError(`The address of ${id} has to begin with http:// or https://.`);
  }
  const baseUrl = given.replace(/\/+$/, '');
  const scope = createProviderScope(id);

  async function* pieces(
    { body }: HttpAnswer,
    deadline: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    const reading = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    try {
      while (true) {
        const next = await withTimeout(timeLeft(pieceLimitMs, deadline), signal, () => reading.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      body.destroy();
    }
  }

  return {
    baseUrl,
    isLoopback: isLoopback(baseUrl),
    enter(parent, limitMs = Infinity) {
      const call = scope.enter(parent);
      // Ended in every case: whoever stops listening closes the connection.
      const connection = childOf(call.signal);
      const { signal } = connection;
      const deadline = performance.now() + limitMs;
      return {
        signal,
        async send(path, { body, accept, firstByteLimitMs: limit = firstByteLimitMs }) {
          const sent = await encode(body);
          const headers = {
            accept,
            ...sent.headers,
            ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          };
          const answer = await withTimeout(timeLeft(limit, deadline), signal, () =>
            sendRequest(baseUrl + path, { ...sent, headers }, signal),
          );
          if (answer.status < 300 || answer.status > 399) return answer;
          throw new ProviderError('failed', id, 'It answers with another address, which is not followed.');
        },
        async refusal(response) {
          const text = await readStart(pieces(response, deadline, signal), MOST_REFUSAL_BYTES);
          return readRefusal(response, text, clock.now());
        },
        refused: (refusal) => refusalError(id, refusal, key),
        pieces: (response) => pieces(response, deadline, signal),
        errorFor: (error) => call.errorFor(explain(error, id)),
        leave() {
          connection.abort();
          connection.unlink();
          call.leave();
        },
      };
    },
    close: () => scope.close(),
  };
}

async function encode(
  body: string | FormData | undefined,
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body?: Uint8Array }> {
  if (body === undefined) return { headers: {} };
  if (typeof body === 'string')
    return { headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  const form = new Response(body);
  const headers = { 'content-type': form.headers.get('content-type')! };
  return { headers, body: new Uint8Array(await form.arrayBuffer()) };
}

function explain(error: unknown, id: string): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof TimeoutError) {
    return new ProviderError('timeout', id, `No answer within ${error.limitMs} ms.`);
  }
  if (error instanceof TooLongError) return new ProviderError('failed', id, error.message);
  return connectionError(id, error);
}

/** The limit of one wait, in whole milliseconds: `limitMs`, or what is left until `deadline`. */
function timeLeft(limitMs: number, deadline: number): number {
  return Math.max(0, Math.ceil(Math.min(limitMs, deadline - performance.now())));
}

function isLoopback(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
