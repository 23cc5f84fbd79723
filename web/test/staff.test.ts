import { ApiClient, VoiceClient } from '@malbeot/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accessibilityFaults } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter } from './harness/counter.ts';
import { replaceEvents } from './harness/event-stream.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';

describe.skipIf(chromiumPath === null)(`the shop's board in a browser${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  /** Signed in. */
  let board: Counter;

  beforeAll(async () => {
    malbeot = await startMalbeot({ env: { KIOSK_TERMINAL: 'simulator' } });
    browser = await launchChromium();
    const [path] = await malbeot.printed(/\/sign-in\?code=\S+/);
    board = await stepUp(browser, malbeot.url, { path });
    await isLive();
  });
  afterAll(async () => {
    await board?.leave();
    await browser?.close();
    await malbeot?.close();
  });

  const cardsOf = ({ page }: Counter) => page.getByRole('log').getByRole('listitem');
  const rung = async () => (await sounded(board.page)).length;

  async function isLive(): Promise<void> {
    await board.page.getByRole('heading', { name: board.t('web.staff.title') }).waitFor();
    await board.page.getByText(board.t('web.staff.live')).waitFor();
  }

  async function turnRingOn(): Promise<void> {
    await board.button('web.staff.ring.off').click();
    await board.button('web.staff.ring.on').waitFor();
  }

  it('rings when a customer calls, shows new orders, and misses nothing while its page is away', async () => {
    await turnRingOn();
    const rungBefore = await rung();

    const counter = await stepUp(browser, malbeot.url, { path: '/kiosk?kiosk_id=counter-7' });
    const call = async () => {
      await counter.button('web.kiosk.staff').click();
      await counter.page.getByRole('heading', { name: counter.t('web.kiosk.staff.title') }).waitFor();
      await counter.button('web.ok').click();
    };
    await call();
    const cards = cardsOf(board);
    const card = cards.filter({ hasText: board.t('web.staff.call.where', { where: 'counter-7' }) });
    await card.waitFor();
    await expect.poll(rung).toBeGreaterThan(rungBefore);
    await card.getByRole('button', { name: board.t('web.staff.call.done') }).click();

    const customer = new VoiceClient({ baseUrl: malbeot.url, kioskId: 'counter-8' });
    await customer.sendText('불고기버거 두 개랑 콜라 하나 주세요');
    await customer.sendAction({ type: 'confirm' });
    // In words: a second tap so soon would be half of a double one.
    const placed = await customer.sendText('네');
    expect(placed.order_data?.status).toBe('confirmed');
    const what = board.t('web.staff.order.what', { where: 'counter-8', count: 3, total: 10_900 });
    const order = cards.filter({ hasText: what });
    await order.waitFor();
    const paid = board.t('web.staff.order.paid', { method: board.t('web.kiosk.payment.method.card') });
    expect(await order.getByText(paid).count()).toBe(0);
    await customer.sendAction({ type: 'pay', method: 'card' });
    await order.getByText(paid).waitFor();
    await order.getByText(board.t('web.staff.order.simulated')).waitFor();
    expect(await cards.count()).toBe(2);
    expect(await accessibilityFaults(board.page)).toEqual([]);

    // What happens while the page is away is there when it is back.
    await board.page.goto('about:blank');
    await call();
    await board.page.goto(`${malbeot.url}/staff`);
    await expect.poll(() => cards.count()).toBe(3);
    await counter.leave();
  });

  it('rings for a payment that can not be taken back, and says what to do, once for each', async () => {
    const events = await replaceEvents(board.page);
    await board.page.goto(`${malbeot.url}/staff`);
    await isLive();
    await turnRingOn();
    const before = { cards: await cardsOf(board).count(), rung: await rung() };
    const trouble = {
      order_id: 'ord_1',
      order_number: 41,
      kiosk_id: 'counter-9',
      payment_id: 'pay_1',
      amount: 12_900,
      method: 'card',
      terminal: 'simulator',
      at: new Date().toISOString(),
    };
    events.tell('payment_attention', { ...trouble, attempts: 5 });
    const card = cardsOf(board).filter({ hasText: board.t('web.staff.attention', { number: '41' }) });
    await card.getByText(board.t('web.staff.attention.advice')).waitFor();
    const method = board.t('web.kiosk.payment.method.card');
    const what = board.t('web.staff.attention.what', { where: 'counter-9', total: 12_900, method });
    await card.getByText(what).waitFor();
    // Three quick notes, as for a customer who calls.
    await expect.poll(rung).toBe(before.rung + 3);
    await card.getByRole('button', { name: board.t('web.staff.attention.done') }).click();
    await card.getByRole('button', { name: board.t('web.staff.undo') }).waitFor();
    // It lasts: the same card opens again, and rings again.
    events.tell('payment_attention', { ...trouble, attempts: 10 });
    await card.getByText(board.t('web.staff.attention.why', { attempts: 10 })).waitFor();
    await card.getByRole('button', { name: board.t('web.staff.attention.done') }).waitFor();
    expect(await cardsOf(board).count()).toBe(before.cards + 1);
    await expect.poll(rung).toBe(before.rung + 6);
    await events.close();
  });

  it('is closed to who is not signed in, and the link works once', async () => {
    const stranger = await stepUp(browser, malbeot.url, { path: '/staff' });
    await stranger.page.getByText(stranger.t('web.staff.sign_in'), { exact: true }).waitFor();
    const [path, code] = await malbeot.printed(/\/sign-in\?code=(\S+)/);
    // Used up here, if not before.
    await new ApiClient({ baseUrl: malbeot.url }).exchangeLink(code ?? '').catch(() => undefined);
    stranger.forgive(/Failed to load resource/);
    await stranger.page.goto(`${malbeot.url}${path}`);
    await stranger.page.getByText(stranger.t('web.sign_in.used')).waitFor();
    expect(new URL(stranger.page.url()).pathname).toBe('/sign-in');
    await stranger.leave();
  });
});
