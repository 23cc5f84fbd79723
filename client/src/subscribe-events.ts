import type { HubEvent, Language } from '@malbeot/protocol';
import { createParser } from 'eventsource-parser';

import { resolveBaseUrl, type ConnectionOptions } from './http.ts';
import { errorOf, isRecord } from './http-reply.ts';
import { MalbeotError } from './malbeot-error.ts';
import { backOffMs, systemSleep } from './waiting.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 20_000;

/** Where a subscription stands. */
export type EventsState =
  /** Asking for the stream. */
  | { readonly state: 'connecting' }
  /** Events come as they happen. */
  | { readonly state: 'open' }
  /** Not connected; the next try follows after `retryInMs`. */
  | { readonly state: 'waiting'; readonly retryInMs: number; readonly error: MalbeotError }
  /** Over: the signal was aborted (no error), or the server refuses this person. */
  | { readonly state: 'closed'; readonly error: MalbeotError | null };

export interface SubscribeEventsOptions extends Pick<
  ConnectionOptions,
  'baseUrl' | 'fetch' | 'random' | 'sleep'
> {
  /** Asked at every connection; `rejected` is true when the last token was refused and a new one is needed. */
  readonly accessToken: (last: { readonly rejected: boolean }) => Promise<string> | string;
  /** Id of the last event already seen, for a page that was reloaded. Default: only what comes from now on. */
  readonly since?: string | undefined;
  /**
   * Each event, in order, once. `resync` means that some were lost: load the state anew. `id` is what `since` takes.
   */
  readonly onEvent: (event: HubEvent, id: string) => void;
  readonly onState?: ((state: EventsState) => void) | undefined;
  /** Language of errors. Default `ko`. */
  readonly language?: Language | undefined;
  /** Limit for the server to answer, and for silence on an open stream. Default 45,000. */
  readonly silenceLimitMs?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Follows the events of one person until `signal` aborts. After a lost connection it waits 0.5 to 20 s, longer each time
 * and with jitter, then goes on after the last event seen. Never rejects: how it stands is told by `onState`.
 */
export async function subscribeEvents(options: SubscribeEventsOptions): Promise<void> {
  const { random = Math.random, sleep = systemSleep, onState = () => undefined, signal } = options;
  let cursor = options.since ?? '';
  let failures = 0;
  let rejected = false;

  while (!signal.aborted) {
    onState({ state: 'connecting' });
    let error: MalbeotError;
    try {
      const token = await options.accessToken({ rejected });
      await follow(options, token, cursor, {
        onOpen: () => {
          failures = 0;
          rejected = false;
          onState({ state: 'open' });
        },
        onEvent: (event, id) => {
          cursor = id;
          callListener(() => options.onEvent(event, id));
        },
      });
      error = new MalbeotError('NETWORK', { language: options.language ?? 'ko' });
    } catch (cause) {
      error = cause instanceof MalbeotError ? cause : new MalbeotError('NETWORK', { cause });
    }
    if (signal.aborted) break;
    if (isFinal(error, rejected)) return onState({ state: 'closed', error });
    rejected = error.status === 401;
    failures += 1;
    const retryInMs = backOffMs(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
    onState({ state: 'waiting', retryInMs, error });
    try {
      await sleep(retryInMs, signal);
    } catch {
      break;
    }
  }
  onState({ state: 'closed', error: null });
}

/** A listener's own error is not one of the connection: it surfaces as any uncaught error does. */
function callListener(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** A refused token gets one more chance with a new one; a person without the role gets none. */
function isFinal(error: MalbeotError, rejected: boolean): boolean {
  return error.status === 403 || (error.status === 401 && rejected);
}

interface Followed {
  readonly onOpen: () => void;
  readonly onEvent: (event: HubEvent, id: string) => void;
}

/** One connection, until it ends. */
async function follow(
  options: SubscribeEventsOptions,
  token: string,
  cursor: string,
  { onOpen, onEvent }: Followed,
): Promise<void> {
  const { fetch = (input, init) => globalThis.fetch(input, init), silenceLimitMs = 45_000, signal } = options;
  const { language = 'ko' } = options;
  signal.throwIfAborted();
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let timer = setTimeout(() => controller.abort(), silenceLimitMs);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), silenceLimitMs);
  };
  try {
    const response = await fetch(new URL('/api/events', resolveBaseUrl(options.baseUrl)), {
      headers: {
        accept: 'text/event-stream',
        'accept-language': language,
        authorization: `Bearer ${token}`,
        ...(cursor === '' ? {} : { 'last-event-id': cursor }),
      },
      cache: 'no-store',
      signal: controller.signal,
    });
    if (response.status !== 200 || response.body === null) {
      const { status, headers } = response;
      throw errorOf({ status, headers, body: await response.arrayBuffer() }, language);
    }
    onOpen();
    let lastId = cursor;
    const parser = createParser({
      onEvent: ({ data, id }) => {
        lastId = id ?? lastId;
        const event = readEvent(data);
        if (event !== null && !signal.aborted) onEvent(event, lastId);
      },
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      heard();
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    controller.abort();
  }
}

function readEvent(data: string): HubEvent | null {
  try {
    const json = JSON.parse(data) as unknown;
    return isRecord(json) && typeof json['type'] === 'string' && isRecord(json['data'])
      ? (json as unknown as HubEvent)
      : null;
  } catch {
    return null;
  }
}
