import type { HubEvent, HubEvents, HubEventType } from '@malbeot/protocol';
import type { HubCursor } from './hub.ts';

/** One reader of a channel. It keeps a place in the channel's events and none of them, so that a slow one costs nothing. */
export interface Subscription extends AsyncIterable<HubEvent> {
  /** Number of the last event that was read. */
  readonly position: number;
  readonly ended: boolean;
  /** There is something new. */
  wake(): void;
  /** Ends it; the reader gets `error`, or just the end. */
  end(error?: Error): void;
}

/** Where a reader begins: after which event, and why it first has to reload, if it has to. */
export interface Start {
  readonly position: number;
  readonly resync: string | null;
}

/** The events of one recipient: numbered, and the newest of them kept. */
export class Channel {
  readonly epoch: string;
  readonly subscriptions = new Set<Subscription>();
  /** Number of the newest event; 0 before the first. */
  seq = 0;
  /** Milliseconds since the epoch. */
  usedAt = 0;
  readonly #keepMs: number;
  readonly #keepEvents: number;
  /** The newest events without a gap; the last one has number `seq`. */
  readonly #kept: { readonly event: HubEvent; readonly at: number }[] = [];

  constructor(epoch: string, keepMs: number, keepEvents: number) {
    this.epoch = epoch;
    this.#keepMs = keepMs;
    this.#keepEvents = keepEvents;
  }

  append<T extends HubEventType>(type: T, data: HubEvents[T], now: number): HubEvent<T> {
    this.seq += 1;
    const event: HubEvent<T> = {
      seq: this.seq,
      epoch: this.epoch,
      type,
      data,
      at: new Date(now).toISOString(),
    };
    this.#kept.push({ event, at: now });
    if (this.#kept.length > this.#keepEvents) this.#kept.shift();
    return event;
  }

  /** Forgets events that are too old. */
  prune(now: number): void {
    const fresh = this.#kept.findIndex(({ at }) => now - at < this.#keepMs);
    this.#kept.splice(0, fresh === -1 ? this.#kept.length : fresh);
  }

  /** Undefined when the event is no longer, or not yet, there. */
  eventAt(seq: number): HubEvent | undefined {
    const first = this.seq - this.#kept.length + 1;
    return seq < first ? undefined : this.#kept[seq - first]?.event;
  }

  startOf(since: HubCursor | null): Start {
    if (since === null) return { position: this.seq, resync: null };
    if (since.epoch !== this.epoch) return { position: this.seq, resync: 'unknown_epoch' };
    if (!Number.isInteger(since.seq) || since.seq > this.seq)
      return { position: this.seq, resync: 'unknown_position' };
    if (since.seq < this.seq - this.#kept.length) return { position: this.seq, resync: 'too_old' };
    return { position: since.seq, resync: null };
  }

  /** Tells a reader to reload; carries the newest number, after which the events go on. */
  resync(reason: string, now: number): HubEvent {
    return {
      seq: this.seq,
      epoch: this.epoch,
      type: 'resync',
      data: { reason },
      at: new Date(now).toISOString(),
    };
  }
}
