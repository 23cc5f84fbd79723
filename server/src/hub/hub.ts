import type { HubEvent, HubEvents, HubEventType, Role } from '@malbeot/protocol';

/** Who an event is for: one person, everyone with a role, or all staff. */
export type Recipient = `user:${string}` | `role:${Exclude<Role, 'customer'>}` | 'staff';

export interface HubCursor {
  readonly epoch: string;
  readonly seq: number;
}

/** Realtime delivery to people. */
export interface Hub {
  /** Numbers the event for its recipient, keeps it for replay and hands it to those connected. */
  publish<T extends HubEventType>(recipient: Recipient, type: T, data: HubEvents[T]): Promise<HubEvent<T>>;
  /**
   * Events of `recipient` after `since`, then live ones, in order, without gap or repetition. When `since` is older than
   * what is kept, or of another epoch, the first event is `resync`. A reader that falls too far behind is ended with
   * QueueFullError and resumes. Ends when `signal` aborts.
   */
  subscribe(recipient: Recipient, since: HubCursor | null, signal: AbortSignal): AsyncIterable<HubEvent>;
  stats(): {
    readonly connections: number;
    readonly published: number;
    readonly dropped: number;
    readonly replayed: number;
  };
}
