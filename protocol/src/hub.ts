/** Realtime events to people, as `GET /api/events` (SSE) sends them. */

/** Every event type with its data. One table, so that AsyncAPI, the server and the pages agree. */
export interface HubEvents {
  /** A customer at a kiosk asks for a person. */
  staff_called: { readonly kiosk_id: string | null; readonly session_id: string; readonly at: string };
  /** An order was confirmed at a kiosk. */
  order_created: {
    readonly order_id: string;
    readonly order_number: number;
    readonly kiosk_id: string | null;
    readonly total_amount: number;
    readonly item_count: number;
    readonly at: string;
  };
  /** A placed order was paid for on the terminal. */
  order_paid: {
    readonly order_id: string;
    readonly order_number: number;
    readonly kiosk_id: string | null;
    readonly payment_id: string;
    /** Won. */
    readonly amount: number;
    readonly method: string;
    readonly terminal: string;
    /** True when no money moved. */
    readonly simulated: boolean;
    readonly at: string;
  };
  /** A charge that may stand can't be taken back: somebody has to look at the terminal. Told again while that lasts. */
  payment_attention: {
    readonly order_id: string;
    readonly order_number: number;
    readonly kiosk_id: string | null;
    readonly payment_id: string;
    /** Won. */
    readonly amount: number;
    readonly method: string;
    readonly terminal: string;
    /** How often it was tried. */
    readonly attempts: number;
    readonly at: string;
  };
  /** What was missed is no longer kept: reload from the database. */
  resync: { readonly reason: string };
}

export type HubEventType = keyof HubEvents;

export interface HubEvent<T extends HubEventType = HubEventType> {
  /** Numbered per recipient, from 1, without gaps within an epoch. */
  readonly seq: number;
  /** Changes when numbering starts anew. */
  readonly epoch: string;
  readonly type: T;
  readonly data: HubEvents[T];
  /** ISO 8601. */
  readonly at: string;
}
