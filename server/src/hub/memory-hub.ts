import type { HubEvent, HubEvents, HubEventType } from '@malbeot/protocol';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { systemRandom, type RandomBytes } from '../lib/ids.ts';
import { Channel } from './channel.ts';
import { createSubscription } from './subscription.ts';
import type { Hub, HubCursor, Recipient } from './hub.ts';

export interface HubOptions {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  /** How long an event can be replayed; 600,000 ms when absent. */
  readonly keepMs?: number;
  /** Events kept for each recipient at most; 1,000 when absent. */
  readonly keepEvents?: number;
  /** Events that a reader may be behind before it is ended; as many as are kept when absent. */
  readonly maxBehind?: number;
  /** Recipients with kept events at most; the longest unused go first. 100,000 when absent. */
  readonly maxRecipients?: number;
}

/** The hub of one process. Everything is in memory: after a restart epochs are new, and readers are told to resync. */
export function createHub({
  clock = systemClock,
  random = systemRandom,
  keepMs = 600_000,
  keepEvents = 1000,
  maxBehind = keepEvents,
  maxRecipients = 100_000,
}: HubOptions = {}): Hub {
  const channels = new Map<Recipient, Channel>();
  const counts = { connections: 0, published: 0, dropped: 0, replayed: 0 };
  let sweptAt = clock.now();

  function channelOf(recipient: Recipient): Channel {
    const now = clock.now();
    if (now - sweptAt >= keepMs / 10) sweep(now, 0);
    let channel = channels.get(recipient);
    // Put last again, so that the map is in the order of use.
    if (channel !== undefined) channels.delete(recipient);
    else if (channels.size >= maxRecipients) sweep(now, channels.size - maxRecipients + 1);
    channel ??= new Channel(Buffer.from(random(9)).toString('base64url'), keepMs, keepEvents);
    channels.set(recipient, channel);
    channel.usedAt = now;
    return channel;
  }

  /** Forgets recipients that nobody listens for: those whose events are all too old, and further ones until `excess` are gone. */
  function sweep(now: number, excess: number): void {
    sweptAt = now;
    let toForget = excess;
    for (const [recipient, channel] of channels) {
      channel.prune(now);
      if (channel.subscriptions.size > 0) continue;
      if (now - channel.usedAt < keepMs && toForget <= 0) continue;
      channels.delete(recipient);
      toForget -= 1;
    }
  }

  return {
    async publish<T extends HubEventType>(
      recipient: Recipient,
      type: T,
      data: HubEvents[T],
    ): Promise<HubEvent<T>> {
      const channel = channelOf(recipient);
      const event = channel.append(type, data, clock.now());
      counts.published += 1;
      for (const subscription of channel.subscriptions) {
        if (channel.seq - subscription.position > maxBehind) subscription.end(new QueueFullError(maxBehind));
        else subscription.wake();
      }
      return event;
    },

    subscribe(recipient: Recipient, since: HubCursor | null, signal: AbortSignal): AsyncIterable<HubEvent> {
      const channel = channelOf(recipient);
      channel.prune(clock.now());
      const start = channel.startOf(since);
      if (start.resync === null) counts.replayed += channel.seq - start.position;
      counts.connections += 1;
      const subscription = createSubscription({
        channel,
        position: start.position,
        resync: start.resync === null ? null : channel.resync(start.resync, clock.now()),
        signal,
        onEnd: (ended, error) => {
          counts.connections -= 1;
          if (error !== undefined) counts.dropped += 1;
          channel.subscriptions.delete(ended);
          channel.usedAt = clock.now();
        },
      });
      if (!subscription.ended) channel.subscriptions.add(subscription);
      return subscription;
    },

    stats: () => ({ ...counts }),
  };
}
