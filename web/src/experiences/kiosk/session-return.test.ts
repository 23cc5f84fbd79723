import { MalbeotError } from '@malbeot/client';
import type { KioskOrder, KioskPayment, KioskSession, ServerResponse } from '@malbeot/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forgetSession, keepSession, readKeptSession } from './kept-session.ts';
import { createSessionReturn } from './session-return.ts';
import type { KioskEvent } from './state.ts';

const away = new MalbeotError('NETWORK');
const missing = new MalbeotError('NOT_FOUND', { status: 404 });
const { signal } = new AbortController();

const sessionWith = (orderId: string | null, turns = 3) =>
  ({ session_id: 'ses_1', turns, order_data: { order_id: orderId, items: [] } }) as unknown as KioskSession;
const answerWith = (...types: string[]) =>
  ({ ui_actions: types.map((type) => ({ action_type: type })) }) as unknown as ServerResponse;
const placed = {
  order_id: 'ord_1',
  order_number: 7,
  order: {},
  lines: [],
  dine: null,
} as unknown as KioskOrder;
const paid = { receipt: { order_id: 'ord_1', paid: true } } as unknown as KioskPayment;

interface Server {
  readonly session?: KioskSession | Error;
  readonly payment?: KioskPayment | Error;
  readonly answer?: ServerResponse | null;
}

function returning({ session = missing, payment = missing, answer = answerWith() }: Server) {
  const events: KioskEvent[] = [];
  const give = <T>(value: T | Error) =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  const client = {
    resume: vi.fn<(id: string, token: string | null) => void>(),
    session: () => give(session),
    payment: () => give(payment),
    order: () => give(placed),
    reset: vi.fn<() => Promise<void>>(() => Promise.resolve()),
  };
  const askAgain = vi.fn<() => Promise<ServerResponse | null>>(() => Promise.resolve(answer));
  const onLost = vi.fn<() => void>();
  const sessions = createSessionReturn({ client, dispatch: (event) => events.push(event), askAgain, onLost });
  return { sessions, client, askAgain, onLost, events };
}

function keep() {
  keepSession({ session_id: 'ses_1', meta: { session_token: 'tok_1' }, error_info: null } as ServerResponse);
}

describe('a page that was loaded anew', () => {
  afterEach(forgetSession);

  it('begins where nobody had begun, or nothing was kept', async () => {
    const fresh = returning({});
    await fresh.sessions.restore(signal);
    expect(fresh.client.resume).not.toHaveBeenCalled();
    keep();
    const untouched = returning({ session: sessionWith(null, 0) });
    await untouched.sessions.restore(signal);
    expect(untouched.events).toEqual([]);
  });

  it('has the order and its question again', async () => {
    keep();
    const { sessions, client, askAgain, events } = returning({ session: sessionWith(null) });
    await sessions.restore(signal);
    expect(client.resume).toHaveBeenCalledWith('ses_1', 'tok_1');
    expect(events.map(({ type }) => type)).toEqual(['session']);
    expect(askAgain).toHaveBeenCalledOnce();
  });

  it('is in the payment that waits', async () => {
    keep();
    const answer = answerWith('show_payment');
    const { sessions, events } = returning({ session: sessionWith('ord_1'), payment: paid, answer });
    await sessions.restore(signal);
    expect(events.map(({ type }) => type)).toEqual(['session']);
  });

  it('shows the receipt: what was paid, or what is to be paid at the desk', async () => {
    keep();
    const done = returning({ session: sessionWith('ord_1'), payment: paid });
    await done.sessions.restore(signal);
    expect(done.events.at(-1)).toEqual({ type: 'receipt', receipt: paid.receipt, payment: paid });
    const desk = returning({ session: sessionWith('ord_1') });
    await desk.sessions.restore(signal);
    expect(desk.events.at(-1)).toMatchObject({ receipt: { order_number: 7, paid: false }, payment: null });
  });

  it('lets go of a session that is over', async () => {
    keep();
    const { sessions, client, onLost } = returning({ session: missing });
    await sessions.restore(signal);
    expect(readKeptSession()).toBeNull();
    expect(client.reset).toHaveBeenCalledOnce();
    expect(onLost).not.toHaveBeenCalled();
  });

  it('keeps the session of a server that is away, and goes on once it is back', async () => {
    keep();
    const gone = returning({ session: away });
    await gone.sessions.restore(signal);
    expect(gone.onLost).toHaveBeenCalledOnce();
    expect(gone.client.reset).not.toHaveBeenCalled();
    expect(readKeptSession()?.sessionId).toBe('ses_1');
    const again = returning({ payment: away });
    await again.sessions.goOn(sessionWith('ord_1'), signal);
    expect(again.onLost).toHaveBeenCalledOnce();
    expect(again.events.map(({ type }) => type)).toEqual(['session']);
  });
});
