import { MalbeotError, type VoiceClient } from '@malbeot/client';
import type { KioskPayment } from '@malbeot/protocol';
import { isUnreachable } from './is-unreachable.ts';
import { isDecided } from './payment-state.ts';
import { pause } from './pause.ts';

const ASK_EVERY_MS = 1000;
/** As long as a payment may take. */
const LIMIT_MS = 300_000;

export interface PaymentWatchOptions {
  readonly client: Pick<VoiceClient, 'payment'>;
  /** Called with every look at the payment, the decided one last. */
  readonly onNews: (payment: KioskPayment) => void;
  /** `unreachable`: this look failed, others follow; `unknown`: no others follow. */
  readonly onTrouble: (trouble: 'unreachable' | 'unknown') => void;
}

/** Asks about a payment under way until it is decided. */
export interface PaymentWatch {
  /** The payment to ask about from now on, or none. The one asked about already is asked on. */
  follow(open: { readonly orderId: string; readonly paymentId: string } | null): void;
}

export function createPaymentWatch({ client, onNews, onTrouble }: PaymentWatchOptions): PaymentWatch {
  let followed: string | null = null;
  let asking = new AbortController();

  async function ask(orderId: string, paymentId: string, signal: AbortSignal): Promise<void> {
    const endsAtMs = performance.now() + LIMIT_MS;
    while (performance.now() < endsAtMs) {
      try {
        const payment = await client.payment(orderId, { signal });
        signal.throwIfAborted();
        // A later one has taken its place: nothing more will be heard of this.
        if (payment.payment_id !== paymentId) break;
        onNews(payment);
        if (isDecided(payment)) return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof MalbeotError) || !error.retryable) break;
        if (isUnreachable(error)) onTrouble('unreachable');
      }
      await pause(ASK_EVERY_MS, signal);
      if (signal.aborted) return;
    }
    onTrouble('unknown');
  }

  return {
    follow(open) {
      if ((open?.paymentId ?? null) === followed) return;
      asking.abort();
      followed = open?.paymentId ?? null;
      if (open === null) return;
      asking = new AbortController();
      void ask(open.orderId, open.paymentId, asking.signal);
    },
  };
}
