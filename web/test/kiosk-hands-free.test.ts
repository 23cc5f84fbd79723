import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';
import { got, hasGoneQuiet, tapTalk } from './harness/talk-wire.ts';

const spoken = (name: string) => fileURLToPath(new URL(`./fixtures/${name}-ko.wav`, import.meta.url));
/** Generous: others may share the machine. */
const patience = { timeout: 30_000 };
/** So long into a reply the server knows how little of it the microphone hears. */
const WELL_INTO_MS = 1_500;
describe.skipIf(chromiumPath === null)(`the kiosk, hands-free${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    malbeot = await startMalbeot();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await malbeot?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(malbeot.troubles());
    const leaving = counter;
    counter = undefined;
    await leaving?.leave();
  });

  async function open({ url } = malbeot) {
    counter = await stepUp(browser, url);
    const wire = tapTalk(counter.page);
    await counter.button('web.kiosk.hands_free').click();
    await counter.button('web.kiosk.microphone.listening').waitFor(patience);
    return { ...counter, wire };
  }

  it('takes an order, a change spoken over its answer, and is confirmed by taps', async () => {
    const { page, t, said, orderIs, wire } = await open();
    const live = page.locator('.bubble-hearing').first().waitFor({ state: 'attached' });
    await sayFile(page, spoken('order'));
    await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
    await live;
    await page.getByText('“불고기버거 두 개랑 콜라 하나 주세요”').first().waitFor();
    expect(await said.innerText()).toMatch(/불고기버거/);

    const isWellInto = () =>
      wire.sent.some(({ type, data }) => type === 'played' && Number(data['ms']) >= WELL_INTO_MS);
    await expect.poll(isWellInto, { ...patience, interval: 20 }).toBe(true);
    await sayFile(page, spoken('remove'));
    await orderIs({ 불고기버거: 2 }, '9,000원');
    expect(got(wire, 'interrupted')).toHaveLength(1);
    expect(got(wire, 'action').map(({ data }) => data['type'])).toEqual(['kiosk_turn', 'kiosk_turn']);
    await hasGoneQuiet(wire, patience);

    await sayFile(page, spoken('finish'));
    const readBack = page.getByRole('alertdialog');
    await readBack.getByText('9,000원').first().waitFor();
    // All of it went over the socket, and none of it twice.
    expect(wire.turns).toEqual([]);
    expect(wire.sockets).toEqual([expect.stringMatching(/^\/ws\/kiosk\/ses_/)]);

    const receipt = page.getByRole('region', { name: t('web.kiosk.receipt.number') });
    const agree = page.getByRole('dialog').or(page.getByRole('alertdialog')).locator('[data-choice="1"]');
    // A tap in less than a second might be half of a double one.
    await expect.poll(() => got(wire, 'audio_start').length, patience).toBeGreaterThan(2);
    await page.waitForTimeout(1_000);
    // One question after the other, until the receipt is there; a dialog may go while it is pressed.
    await expect
      .poll(
        async () => {
          if (await receipt.isVisible()) return true;
          await agree
            .first()
            .click({ timeout: 2_000 })
            .catch(() => undefined);
          return receipt.isVisible();
        },
        { timeout: 40_000, interval: 500 },
      )
      .toBe(true);
    expect(await receipt.locator('.receipt-number').innerText()).toMatch(/^\d+$/);
    expect(wire.sent.some(({ type }) => type === 'interrupt')).toBe(true);
    expect(wire.turns.length).toBeGreaterThan(0);
  });

  it('hears nothing of the page’s own voice after a tap, and goes on listening', async () => {
    const { page, button, orderIs, wire } = await open();
    await page.getByRole('button', { name: '불고기버거' }).first().click();
    await orderIs({ 불고기버거: 1 }, '4,500원');
    await expect.poll(async () => (await sounded(page)).length, patience).toBeGreaterThan(0);
    await expect.poll(() => wire.isSilent, { ...patience, interval: 20 }).toBe(true);
    await expect.poll(async () => (await sounded(page)).at(-1)?.ended, patience).toBe(true);
    await expect.poll(() => wire.isSilent, patience).toBe(false);
    expect(got(wire, 'speech_started')).toEqual([]);
    await button('web.kiosk.hands_free').click();
    await button('web.kiosk.microphone.talk').waitFor();
    expect(await page.evaluate(() => globalThis.fakeMicrophone.open())).toBe(0);
  });

  it('hears in the language that is switched to', async () => {
    const { page, wire } = await open();
    await page.getByRole('button', { name: 'English', exact: true }).click();
    const heardIn = () => got(wire, 'ready').map(({ data }) => data['language']);
    await expect.poll(heardIn, patience).toEqual(['ko', 'en']);
    expect(new Set(wire.sockets).size).toBe(1);
    await page.locator('.microphone-listening').waitFor(patience);
  });

  it('says what to do when the browser refuses the microphone, and is off', async () => {
    counter = await stepUp(browser, malbeot.url, { microphoneRefusal: 'NotAllowedError' });
    const { page, t, button } = counter;
    await button('web.kiosk.hands_free').click();
    await page.getByText(t('web.microphone.permission-refused')).waitFor();
    expect(await button('web.kiosk.hands_free').getAttribute('aria-pressed')).toBe('false');
    await button('web.kiosk.microphone.talk').waitFor();
  });

  it('begins another session by itself where the one before is over', async () => {
    const { page, wire, orderIs } = await open();
    const sessionId = wire.sockets[0]!.split('/').at(-1)!;
    await page.request.delete(`${malbeot.url}/api/kiosk/sessions/${sessionId}`);
    await expect.poll(() => wire.sockets.length, patience).toBe(2);
    await counter!.button('web.kiosk.microphone.listening').waitFor(patience);
    await sayFile(page, spoken('order'));
    await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
    expect(wire.sockets[1]).not.toContain(sessionId);
  });

  it('goes on by itself after the server was gone', async () => {
    const other = await startMalbeot();
    try {
      const { page, t, wire, orderIs, forgive } = await open(other);
      await sayFile(page, spoken('order'));
      await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
      await hasGoneQuiet(wire, patience);
      forgive(/ERR_CONNECTION_REFUSED|Failed to load resource|WebSocket connection/);
      await other.kill();
      await page.getByText(t('web.kiosk.connection.lost')).waitFor();
      await other.start();
      await page.getByText(t('web.kiosk.connection.lost')).waitFor({ state: 'detached' });
      await counter!.button('web.kiosk.microphone.listening').waitFor(patience);
      await sayFile(page, spoken('remove'));
      await orderIs({ 불고기버거: 2 }, '9,000원');
      await counter!.leave();
      counter = undefined;
    } finally {
      await other.close();
    }
  });
});
