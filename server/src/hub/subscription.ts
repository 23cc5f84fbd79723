import type { HubEvent } from '@malbeot/protocol';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { Channel, Subscription } from './channel.ts';

export interface SubscriptionOptions {
  readonly channel: Channel;
  readonly position: number;
  /** Comes before all others. */
  readonly resync: HubEvent | null;
  readonly signal: AbortSignal;
  /** Called once, at the end; with an error when the reader was too slow. */
  readonly onEnd: (subscription: Subscription, error: Error | undefined) => void;
}

const END: IteratorResult<HubEvent> = { done: true, value: undefined };

export function createSubscription({
  channel,
  position,
  resync,
  signal,
  onEnd,
}: SubscriptionOptions): Subscription {
  let at = position;
  let first = resync;
  let waiting: Deferred<IteratorResult<HubEvent>> | undefined;
  let ended = false;
  let failure: Error | undefined;

  const onAbort = () => end();

  function end(error?: Error): void {
    if (ended) return;
    ended = true;
    failure = error;
    signal.removeEventListener('abort', onAbort);
    onEnd(subscription, error);
    const reader = waiting;
    waiting = undefined;
    if (reader === undefined) return;
    failure = undefined;
    if (error === undefined) reader.resolve(END);
    else reader.reject(error);
  }

  /** The next event that is there already. */
  function take(): HubEvent | undefined {
    if (first !== null) {
      const event = first;
      first = null;
      return event;
    }
    const event = channel.eventAt(at + 1);
    if (event !== undefined) at += 1;
    // It was forgotten before it was read.
    else if (at < channel.seq) end(new QueueFullError(channel.seq - at));
    return event;
  }

  function next(): Promise<IteratorResult<HubEvent>> {
    if (waiting !== undefined)
      return Promise.reject(new Error('A subscription has one reader: wait for one event before the next.'));
    const event = ended ? undefined : take();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (failure !== undefined) {
      const error = failure;
      failure = undefined;
      return Promise.reject(error);
    }
    if (ended) return Promise.resolve(END);
    waiting = deferred();
    return waiting.promise;
  }

  const subscription: Subscription = {
    get position() {
      return at;
    },
    get ended() {
      return ended;
    },
    wake() {
      if (waiting === undefined) return;
      const reader = waiting;
      const event = take();
      if (event === undefined) return;
      waiting = undefined;
      reader.resolve({ done: false, value: event });
    },
    end,
    [Symbol.asyncIterator]: () => ({
      next,
      return: () => {
        end();
        return Promise.resolve(END);
      },
    }),
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', onAbort, { once: true });
  return subscription;
}
