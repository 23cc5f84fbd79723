import type { PaymentStatus, ShowReceiptData } from './kiosk.ts';

/** Why a payment was declined or taken back. */
export type PaymentFailure = 'declined' | 'cancelled' | 'timeout' | 'terminal_unavailable' | 'answer_lost';

/** Body of `POST /api/kiosk/orders/{id}/payment`. */
export interface KioskPaymentRequest {
  /** One of the terminal's methods; its first when left out. */
  readonly method?: string;
}

/** `POST` and `GET /api/kiosk/orders/{id}/payment`: the last payment of a placed order. */
export interface KioskPayment {
  readonly payment_id: string;
  readonly order_id: string;
  readonly order_number: number;
  readonly status: PaymentStatus;
  /** `card`, `mobile_pay`, `cash` or `counter`. */
  readonly method: string;
  /** `counter`, `simulator`, or the id of a real terminal. */
  readonly terminal: string;
  /** True when no money moves: the terminal only acts as if. */
  readonly simulated: boolean;
  /** Won. */
  readonly amount: number;
  /** Given by the terminal with an approval. */
  readonly approval_code: string | null;
  readonly failure: PaymentFailure | null;
  /** What to tell the customer, in the order's language. */
  readonly message: string;
  /** The voice for `message`, or null while the payment is pending and where no voice can run. */
  readonly tts_audio_url: string | null;
  /** Given once it is approved or to be paid at the desk. */
  readonly receipt: ShowReceiptData | null;
  readonly created_at: string;
  readonly updated_at: string;
}
