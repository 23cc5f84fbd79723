import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type CounterOptions } from './harness/counter.ts';
import {
  failRecogniser,
  recognise,
  recogniserListens,
  replaceRecogniser,
} from './harness/fake-recogniser.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';
/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

describe.skipIf(chromiumPath === null)(`the browser's own ears${whyNotHere}`, () => {
  let allowing: Malbeot;
  let usual: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    [allowing, usual] = await Promise.all([startMalbeot({ env: { BROWSER_EARS: 'on' } }), startMalbeot()]);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([allowing?.close(), usual?.close()]);
  });
  afterEach(async () => {
    const leaving = counter;
    counter = undefined;
    await leaving?.leave();
  });

  async function open(malbeot: Malbeot, options?: CounterOptions): Promise<Counter> {
    counter = await stepUp(browser, malbeot.url, { prepare: replaceRecogniser, ...options });
    return counter;
  }

  it('take an order at the kiosk, and the kiosk says where the sound goes', async () => {
    const { page, t, button, orderIs, said } = await open(allowing);
    await page.getByText(t('web.kiosk.browser_ears')).waitFor();
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(request.postData() ?? ''));
    await button('web.kiosk.microphone.talk').click();
    await button('web.kiosk.microphone.listening').waitFor();
    expect(await recogniserListens(page)).toBe('ko-KR');
    await recognise(page, '불고기버거 두 개랑 콜라 하나 주세요');
    await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
    await page.getByText('“불고기버거 두 개랑 콜라 하나 주세요”').first().waitFor();
    expect(await said.innerText()).toMatch(/불고기버거/);
    // As words and never as sound, and one utterance only.
    expect(sent.filter((body) => body.includes('RIFF'))).toEqual([]);
    expect(await recogniserListens(page)).toBe(null);
    expect(await page.evaluate(() => globalThis.fakeMicrophone.open())).toBe(0);
    await expect.poll(async () => (await sounded(page)).length, patiently).toBeGreaterThan(0);
  });

  it('listen on and on hands-free, but never while the kiosk speaks', async () => {
    const { page, button, orderIs } = await open(allowing, { language: 'en', voiceSpeed: 4 });
    await button('web.kiosk.hands_free').click();
    await expect.poll(() => recogniserListens(page), patiently).toBe('en-US');
    await recognise(page, 'two bulgogi burgers');
    await orderIs({ 'Bulgogi Burger': 2 }, '₩9,000');
    await expect.poll(async () => (await sounded(page)).at(-1)?.ended, patiently).toBe(true);
    await expect.poll(() => recogniserListens(page), patiently).toBe('en-US');
    await recognise(page, 'and a cola');
    await expect.poll(() => recogniserListens(page), patiently).toBe(null);
    await orderIs({ 'Bulgogi Burger': 2, Cola: 1 }, '₩10,900');
    await button('web.kiosk.hands_free').click();
    await expect.poll(() => recogniserListens(page), patiently).toBe(null);
  });

  it('say what to do when the browser refuses', async () => {
    const { page, t, button } = await open(allowing);
    await page.getByText(t('web.kiosk.browser_ears')).waitFor();
    await button('web.kiosk.microphone.talk').click();
    await button('web.kiosk.microphone.listening').waitFor();
    await failRecogniser(page, 'not-allowed');
    await page.getByText(t('web.microphone.permission-refused')).waitFor();
    await button('web.kiosk.microphone.talk').waitFor();
  });

  it('are left alone where nobody said yes', async () => {
    const { page, t, button } = await open(usual);
    const asked = page.waitForResponse('**/api/stt/providers');
    await page.reload();
    await asked;
    await button('web.kiosk.microphone.talk').click();
    await button('web.kiosk.microphone.listening').waitFor();
    expect(await recogniserListens(page)).toBe(null);
    expect(await page.evaluate(() => globalThis.fakeMicrophone.open())).toBe(1);
    expect(await page.getByText(t('web.kiosk.browser_ears')).count()).toBe(0);
  });

  it('are offered to try, with a word on where the sound goes', async () => {
    const { page, t, button } = await open(allowing, { path: '/voices' });
    await page.getByText(t('web.voices.hear.browser.line')).waitFor();
    await button('web.voices.hear.browser').click();
    await expect.poll(() => recogniserListens(page), patiently).toBe('ko-KR');
    await recognise(page, '안녕하세요');
    await page.getByText('“안녕하세요”').waitFor();
    expect(await recogniserListens(page)).toBe(null);
    await button('web.voices.hear.browser').click();
    await expect.poll(() => recogniserListens(page), patiently).toBe('ko-KR');
    await failRecogniser(page, 'network');
    await page.getByText(t('web.voices.hear.browser.refused')).waitFor();
    await counter?.leave();

    counter = await stepUp(browser, usual.url, { prepare: replaceRecogniser, path: '/voices' });
    await counter.button('web.voices.hear.record').waitFor();
    await counter.page.getByText(t('web.voices.list.ears')).waitFor();
    expect(await counter.button('web.voices.hear.browser').count()).toBe(0);
  });
});
