import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type CounterOptions } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';
import { paddedWav } from './harness/sound.ts';

const orderWav = fileURLToPath(new URL('./fixtures/order-ko.wav', import.meta.url));
const removeWav = fileURLToPath(new URL('./fixtures/remove-ko.wav', import.meta.url));

describe.skipIf(chromiumPath === null)(`an order at the kiosk in a browser${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    malbeot = await startMalbeot();
    [browser] = await Promise.all([launchChromium(), malbeot.warmVoice()]);
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

  async function open(options?: CounterOptions): Promise<Counter> {
    counter = await stepUp(browser, malbeot.url, options);
    return counter;
  }

  /** Presses the button that agrees, question after question, until the receipt; gives its number. */
  async function agreeUntilReceipt({ page, t }: Counter): Promise<string> {
    const receipt = page.getByRole('region', { name: t('web.kiosk.receipt.number') });
    const agree = page.getByRole('dialog').or(page.getByRole('alertdialog')).locator('[data-choice="1"]');
    for (let question = 0; question < 4; question++) {
      await receipt.or(agree.first()).first().waitFor();
      if (await receipt.isVisible()) break;
      const title = await page.locator('dialog[open] h2').first().innerText();
      await agree.first().click();
      await expect
        .poll(
          async () =>
            (await receipt.isVisible()) ||
            (await page.locator('dialog[open] h2').allInnerTexts())[0] !== title,
        )
        .toBe(true);
    }
    return receipt.locator('.receipt-number').innerText();
  }

  it('is read back to who presses twice, and never placed by the second press', async () => {
    const { page, t, button, orderIs } = await open();
    await page.locator('.start-card').first().click();
    await page.getByRole('button', { name: '불고기버거' }).first().click();
    await orderIs({ 불고기버거: 1 }, '4,500원');
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(request.postData() ?? ''));
    await button('web.kiosk.confirm').dblclick();
    await page.getByRole('alertdialog').waitFor();
    // Whatever the second press began is answered before this.
    await page.getByRole('alertdialog').locator('[data-choice="2"]').click();
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    expect(sent.filter((body) => body.includes('"confirm"'))).toHaveLength(1);
    expect(await page.getByRole('region', { name: t('web.kiosk.receipt.number') }).count()).toBe(0);
  });

  it('is read back again, and not placed, when the read-back was never seen', async () => {
    const { page, t, button, orderIs, forgive } = await open();
    await page.locator('.start-card').first().click();
    await page.getByRole('button', { name: '불고기버거' }).first().click();
    await orderIs({ 불고기버거: 1 }, '4,500원');
    forgive(/ERR_FAILED/);
    // The server reads back; its answer is lost on the way, every time the client asks for it.
    await page.route('**/api/voice/process', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await button('web.kiosk.confirm').click();
    await page.getByText(t('web.kiosk.connection.lost')).waitFor();
    await page.unroute('**/api/voice/process');
    await page.getByText(t('web.kiosk.connection.back')).first().waitFor();
    await expect.poll(() => page.getByText(t('web.kiosk.connection.lost')).count()).toBe(0);
    await button('web.kiosk.confirm').click();
    await page.getByRole('alertdialog').getByText('4,500원').first().waitFor();
    expect(await page.getByRole('region', { name: t('web.kiosk.receipt.number') }).count()).toBe(0);
    expect(await agreeUntilReceipt(counter!)).toMatch(/^\d+$/);
  });

  it('is there after the page was loaded anew, with the question that waited', async () => {
    const { page, button, orderIs, t } = await open();
    await button('web.kiosk.type').click();
    await page.getByRole('textbox').fill('불고기버거 하나랑 아메리카노 두 잔 주세요');
    await button('web.kiosk.type.send').click();
    await page.getByRole('dialog').waitFor();
    await page.reload();
    await page.getByRole('dialog').locator('[data-choice="2"]').click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await orderIs({ 불고기버거: 1, '아이스 아메리카노': 2 }, '9,500원');
    // Who starts over leaves nothing for the next customer.
    await button('web.kiosk.start_over').click();
    await button('web.kiosk.start_over.yes').click();
    await page.reload();
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
  });

  it('is spoken, shown, answered aloud, changed by voice and confirmed by a tap', async () => {
    const { page, button, said, orderIs } = await open();
    await button('web.kiosk.microphone.talk').click();
    await button('web.kiosk.microphone.listening').waitFor();
    await sayFile(page, orderWav);
    await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
    await page.getByText('불고기버거 두 개랑 콜라 하나 주세요').first().waitFor();
    expect(await said.innerText()).toMatch(/불고기버거/);
    // The reply sounds, and to its end.
    await expect.poll(async () => (await sounded(page))[0]?.ended, { timeout: 20_000 }).toBe(true);
    const [reply] = await sounded(page);
    expect(reply?.level).toBeGreaterThan(0.02);
    expect(reply?.durationMs).toBeGreaterThan(500);

    await button('web.kiosk.microphone.talk').click();
    await button('web.kiosk.microphone.listening').waitFor();
    await sayFile(page, removeWav);
    await orderIs({ 불고기버거: 2 }, '9,000원');

    await button('web.kiosk.confirm').click();
    const readBack = page.getByRole('alertdialog');
    await readBack.getByText('9,000원').first().waitFor();
    expect(await agreeUntilReceipt(counter!)).toMatch(/^\d+$/);
    await page.getByText('9,000원').first().waitFor();
  });

  it('is made by touch alone', async () => {
    const { button, page, order, t, orderIs } = await open();
    await page.getByRole('button', { name: new RegExp(`^${t('web.kiosk.dine.out')}`) }).click();
    const menu = page.getByRole('region', { name: t('web.kiosk.menu') });
    await menu.getByRole('button', { name: /^불고기버거/ }).click();
    await expect.poll(() => order.getByRole('listitem').count()).toBe(1);
    // A question about the burger (single or set) may come first; the first choice answers it.
    const dialog = page.getByRole('dialog');
    if (await dialog.isVisible()) await dialog.locator('[data-choice="1"]').first().click();
    await dialog.waitFor({ state: 'hidden' });
    await order.getByRole('button', { name: /불고기버거.* 하나 더$/ }).click();
    await orderIs({ 불고기버거: 2 }, '9,000원');
    await order.getByRole('button', { name: /불고기버거.* 하나 빼기$/ }).click();
    await orderIs({ 불고기버거: 1 }, '4,500원');
    await button('web.kiosk.confirm').click();
    expect(await agreeUntilReceipt(counter!)).toMatch(/^\d+$/);
    await page.getByText(t('web.kiosk.dine.out'), { exact: true }).first().waitFor();
    await button('web.kiosk.receipt.done').click();
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
  });

  it('is made by the keypad alone', async () => {
    const { page, t, order, orderIs } = await open();
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
    await page.keyboard.press('1');
    const menu = page.getByRole('region', { name: t('web.kiosk.menu') });
    const burger = menu.getByRole('button', { name: /^(\d )?불고기버거/ });
    await burger.waitFor();
    await page.keyboard.press((await burger.getAttribute('data-choice')) ?? '');
    await expect.poll(() => order.getByRole('listitem').count()).toBe(1);
    const dialog = page.getByRole('dialog');
    if (await dialog.isVisible()) await page.keyboard.press('1');
    await dialog.waitFor({ state: 'hidden' });
    await orderIs({ 불고기버거: 1 }, '4,500원');
    // To the order button with the arrows and the tabulator only.
    const confirm = page.getByRole('button', { name: t('web.kiosk.confirm'), exact: true });
    for (let step = 0; step < 60; step++) {
      if (await confirm.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    const receipt = page.getByRole('region', { name: t('web.kiosk.receipt.number') });
    for (let question = 0; question < 4; question++) {
      const open = page.locator('dialog[open] h2');
      await receipt.or(open).first().waitFor();
      if (await receipt.isVisible()) break;
      const title = await open.first().innerText();
      await page.keyboard.press('1');
      await expect
        .poll(async () => (await receipt.isVisible()) || (await open.allInnerTexts())[0] !== title)
        .toBe(true);
    }
    expect(await receipt.locator('.receipt-number').innerText()).toMatch(/^\d+$/);
  });

  it('is typed in English and answered in English', async () => {
    const { page, button, said, orderIs } = await open({ language: 'en' });
    await button('web.kiosk.type').click();
    await page.getByRole('textbox').fill('two bulgogi burgers and a cola');
    await button('web.kiosk.type.send').click();
    await orderIs({ 'Bulgogi Burger': 2, Cola: 1 }, '₩10,900');
    expect(await said.innerText()).not.toMatch(/[가-힣]/);
    await expect.poll(async () => (await sounded(page)).length).toBeGreaterThan(0);
    await button('web.kiosk.confirm').click();
    expect(await agreeUntilReceipt(counter!)).toMatch(/^\d+$/);
    expect(await page.locator('main').innerText()).not.toMatch(/[가-힣]/);
  });

  it('is spoken into the browser’s own fake microphone', async () => {
    // Chromium plays the file over and over: with a pause, so that an utterance has an end.
    const folder = await mkdtemp(join(tmpdir(), 'malbeot-microphone-'));
    const microphoneWav = join(folder, 'order.wav');
    await writeFile(microphoneWav, paddedWav(await readFile(orderWav), 500, 2500));
    const own = await launchChromium({ microphoneWav });
    try {
      const counter = await stepUp(own, malbeot.url, { ownMicrophone: true });
      // First: does that microphone give any sound at all?
      const level = await counter.page.evaluate(async () => {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        context.createMediaStreamSource(stream).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let loudest = 0;
        for (let count = 0; count < 100 && loudest < 0.05; count++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          analyser.getFloatTimeDomainData(samples);
          loudest = Math.max(loudest, Math.hypot(...samples) / Math.sqrt(samples.length));
        }
        for (const track of stream.getTracks()) track.stop();
        await context.close();
        return loudest;
      });
      expect(level).toBeGreaterThan(0.02);
      await counter.button('web.kiosk.hands_free').click();
      // The file begins anew and anew; whatever of it is caught first, the burger comes.
      await expect.poll(() => counter.quantity('불고기버거'), { timeout: 40_000 }).not.toBe('0');
      await counter.leave();
    } finally {
      await own.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 90_000);

  it('goes on after the server was gone', async () => {
    const other = await startMalbeot();
    try {
      const counter = await stepUp(browser, other.url);
      const { page, button, said, orderIs, forgive } = counter;
      await button('web.kiosk.type').click();
      const say = async (text: string) => {
        await page.getByRole('textbox').fill(text);
        await button('web.kiosk.type.send').click();
      };
      await say('콜라 하나 주세요');
      await orderIs({ 콜라: 1 }, '1,900원');
      await other.kill();
      forgive(/ERR_CONNECTION_REFUSED|Failed to load resource/);
      await say('콜라 하나 더 주세요');
      await expect.poll(() => said.first().innerText(), { timeout: 15_000 }).toMatch(/연결하지 못했어요/);
      await page.getByText(counter.t('web.kiosk.connection.lost')).waitFor();
      await orderIs({ 콜라: 1 }, '1,900원');
      await other.start();
      await page.getByText(counter.t('web.kiosk.connection.back')).first().waitFor();
      await page.getByText(counter.t('web.kiosk.connection.lost')).waitFor({ state: 'detached' });
      // The same session, and the order in it, survived the process.
      await say('불고기버거 하나 주세요');
      await orderIs({ 콜라: 1, 불고기버거: 1 }, '6,400원');
      await counter.leave();
    } finally {
      await other.close();
    }
  }, 120_000);
});
