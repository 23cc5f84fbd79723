import { MalbeotError, type VoiceClient } from '@malbeot/client';
import type { KioskPayment, KioskSession, ServerResponse } from '@malbeot/protocol';
import { isUnreachable } from './is-unreachable.ts';
import { forgetSession, readKeptSession } from './kept-session.ts';
import { receiptOf } from './placed-receipt.ts';
import type { KioskEvent } from './state.ts';

export interface SessionReturnOptions {
  readonly client: Pick<VoiceClient, 'resume' | 'session' | 'payment' | 'order' | 'reset'>;
  readonly dispatch: (event: KioskEvent) => void;
  /** Lets the server ask its question again; null where it gave no answer, which the screen then tells. */
  readonly askAgain: () => Promise<ServerResponse | null>;
  /** The server is out of reach: `goOn` is called when it is found again. */
  readonly onLost: (signal: AbortSignal) => void;
}

/** Brings the screen back to where the server has the session: its order, its question, its payment or its receipt. */
export interface SessionReturn {
  /** With the session that this tab had before it was loaded anew, if there is one. */
  restore(signal: AbortSignal): Promise<void>;
  goOn(session: KioskSession, signal: AbortSignal): Promise<void>;
}

export function createSessionReturn({
  client,
  dispatch,
  askAgain,
  onLost,
}: SessionReturnOptions): SessionReturn {
  async function showAgain(session: KioskSession, signal: AbortSignal): Promise<void> {
    // Nobody began anything.
    if (session.turns === 0) return;
    dispatch({ type: 'session', session });
    const answer = await askAgain();
    signal.throwIfAborted();
    const { order_id: orderId } = session.order_data;
    const isPaying = answer?.ui_actions.some(({ action_type: type }) => type === 'show_payment') ?? true;
    if (orderId === null || isPaying) return;
    const payment = await paymentOf(orderId, signal);
    const receipt = payment?.receipt ?? receiptOf(await client.order(orderId, { signal }));
    signal.throwIfAborted();
    dispatch({ type: 'receipt', receipt, payment });
  }

  /** Null where none was begun. */
  async function paymentOf(orderId: string, signal: AbortSignal): Promise<KioskPayment | null> {
    try {
      return await client.payment(orderId, { signal });
    } catch (error) {
      if (error instanceof MalbeotError && error.status === 404) return null;
      throw error;
    }
  }

  /** Null where it is over. */
  async function sessionThere(signal: AbortSignal): Promise<KioskSession | null> {
    try {
      return await client.session({ signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof MalbeotError) || error.retryable) throw error;
      return null;
    }
  }

  /** What fails leaves the screen as it is; with a server out of reach it is begun again later. */
  async function bringBack(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted && isUnreachable(error)) onLost(signal);
    }
  }

  return {
    async restore(signal) {
      const kept = readKeptSession();
      if (kept === null) return;
      client.resume(kept.sessionId, kept.sessionToken);
      await bringBack(async () => {
        const session = await sessionThere(signal);
        signal.throwIfAborted();
        if (session !== null) return showAgain(session, signal);
        forgetSession();
        await client.reset();
      }, signal);
    },
    goOn: (session, signal) => bringBack(() => showAgain(session, signal), signal),
  };
}
