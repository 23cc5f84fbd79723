import { ApiClient, VoiceClient } from '@malbeot/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accessibilityFaults } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp } from './harness/counter.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';

describe.skipIf(chromiumPath === null)(`the shop's board in a browser${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;

  beforeAll(async () => {
    malbeot = await startMalbeot();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await malbeot?.close();
  });

  it('rings when a customer calls, shows new orders, and misses nothing while its page is away', async () => {
    const [path] = await malbeot.printed(/\/sign-in\?code=\S+/);
    const board = await stepUp(browser, malbeot.url, { path });
    await board.page.getByRole('heading', { name: board.t('web.staff.title') }).waitFor();
    await board.page.getByText(board.t('web.staff.live')).waitFor();
    await board.button('web.staff.ring.off').click();
    await board.button('web.staff.ring.on').waitFor();
    const rungBefore = (await sounded(board.page)).length;

    const counter = await stepUp(browser, malbeot.url, { path: '/kiosk?kiosk_id=counter-7' });
    const call = async () => {
      await counter.button('web.kiosk.staff').click();
      await counter.page.getByRole('heading', { name: counter.t('web.kiosk.staff.title') }).waitFor();
      await counter.button('web.ok').click();
    };
    await call();
    const cards = board.page.getByRole('log').getByRole('listitem');
    const card = cards.filter({ hasText: board.t('web.staff.call.where', { where: 'counter-7' }) });
    await card.waitFor();
    await expect.poll(async () => (await sounded(board.page)).length).toBeGreaterThan(rungBefore);
    await card.getByRole('button', { name: board.t('web.staff.call.done') }).click();

    const customer = new VoiceClient({ baseUrl: malbeot.url, kioskId: 'counter-8' });
    await customer.sendText('불고기버거 두 개랑 콜라 하나 주세요');
    await customer.sendAction({ type: 'confirm' });
    const placed = await customer.sendAction({ type: 'confirm' });
    expect(placed.order_data?.status).toBe('confirmed');
    const what = board.t('web.staff.order.what', { where: 'counter-8', count: 3, total: 10_900 });
    await cards.filter({ hasText: what }).waitFor();
    expect(await accessibilityFaults(board.page)).toEqual([]);

    // What happens while the page is away is there when it is back.
    await board.page.goto('about:blank');
    await call();
    await board.page.goto(`${malbeot.url}/staff`);
    await expect.poll(() => cards.count()).toBe(3);
    await counter.leave();
    await board.leave();
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
