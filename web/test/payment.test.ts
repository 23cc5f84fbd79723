import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type CounterOptions } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';
import { hasGoneQuiet, tapTalk } from './harness/talk-wire.ts';
import { replacePayments } from './harness/told-payment.ts';

const spoken = (name: string) => fileURLToPath(new URL(`./fixtures/${name}-ko.wav`, import.meta.url));

interface Wanted {
  readonly text: string;
  readonly total: string;
}
const CHEAP: Wanted = { text: '불고기버거 두 개 주세요', total: '9,000원' };
/** The simulator declines an order of exactly 44,400 won and never answers one of exactly 55,500. */
const DECLINED: Wanted = { text: '불고기버거 여덟 개랑 치즈버거 두 개 주세요', total: '44,400원' };
const SILENT: Wanted = { text: '불고기버거 열한 개랑 채소버거 하나 주세요', total: '55,500원' };
const SILENT_EN: Wanted = { text: 'eleven bulgogi burgers and one veggie burger', total: '₩55,500' };

describe.skipIf(chromiumPath === null)(`paying at the kiosk in a browser${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    malbeot = await startMalbeot({ env: { KIOSK_TERMINAL: 'simulator', RATE_LIMIT: 'off' } });
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

  const title = (page: Page) => page.locator('dialog[open] h2');
  const saidInDialog = ({ page }: Counter) => page.locator('.dialog-said').innerText();
  const receipt = ({ page, t }: Counter) => page.getByRole('region', { name: t('web.kiosk.receipt.number') });
  const question = ({ page, t }: Counter, key: 'title' | 'again' | 'ask.card' | 'ask.mobile_pay') =>
    page.getByRole('dialog', { name: t(`web.kiosk.payment.${key}`) });
  const warning = ({ page, t }: Counter, key: 'reversing' | 'unknown') =>
    page.getByRole('alertdialog', { name: t(`web.kiosk.payment.${key}`) });

  /** Orders by typing and asks for the read-back by a press. */
  async function order({ page, button }: Counter, { text, total }: Wanted): Promise<void> {
    await button('web.kiosk.type').click();
    await page.getByRole('textbox').fill(text);
    await button('web.kiosk.type.send').click();
    await expect.poll(() => page.locator('.order-total strong').innerText()).toBe(total);
    await button('web.kiosk.confirm').click();
    await page.getByRole('alertdialog').getByText(total).first().waitFor();
  }

  /** Orders and agrees to the read-back by a press; then it is asked how to pay. */
  async function place(counter: Counter, wanted: Wanted): Promise<void> {
    await order(counter, wanted);
    await counter.page.getByRole('alertdialog').locator('[data-choice="1"]').click();
    await question(counter, 'title').waitFor();
  }

  async function isPaid(counter: Counter, method: string): Promise<void> {
    const { page, t } = counter;
    const paper = receipt(counter);
    await paper.getByText(t('web.kiosk.receipt.paid')).waitFor();
    await paper.getByText(method, { exact: true }).waitFor();
    await paper.getByText(/^SIM-\w+$/).waitFor();
    await paper.getByText(t('web.kiosk.payment.simulated')).waitFor();
    expect(await page.locator('.receipt-number').innerText()).toMatch(/^\d+$/);
    expect(await page.getByRole('dialog').count()).toBe(0);
  }

  it('works by touch: how, the wait for the card, the receipt with its approval', async () => {
    const counter = await open();
    const { page, t, button } = counter;
    await place(counter, CHEAP);
    await page.getByRole('dialog').getByText(t('web.kiosk.payment.simulated')).waitFor();
    await page
      .getByRole('dialog')
      .getByText(t('web.kiosk.payment.tax', { amount: 818 }))
      .waitFor();
    // What is said is also shown where the customer looks.
    expect(await saidInDialog(counter)).toMatch(/주문번호는 \d+번/);
    await button('web.kiosk.payment.method.card').click();
    await question(counter, 'ask.card').getByText(t('web.kiosk.payment.waiting')).waitFor();
    await button('web.kiosk.payment.cancel').waitFor();
    await isPaid(counter, t('web.kiosk.payment.method.card'));
    // The end is spoken too.
    await expect.poll(async () => (await sounded(page)).length).toBeGreaterThan(0);
    await button('web.kiosk.receipt.done').click();
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
  });

  it('keeps still for who asked for less motion, with the card and the bar as they are', async () => {
    const counter = await open();
    const { page, button } = counter;
    await place(counter, SILENT);
    await button('web.kiosk.payment.method.card').click();
    const token = page.locator('.payment-token');
    await token.waitFor();
    const moving = await token.boundingBox();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const running = () => document.getAnimations().filter(({ playState }) => playState === 'running').length;
    await expect.poll(() => page.evaluate(running)).toBe(0);
    const still = await page.evaluate(() => ({
      token: document.querySelector('.payment-token')!.getBoundingClientRect().height,
      border: getComputedStyle(document.querySelector('.payment-token')!).borderTopWidth,
      bar: getComputedStyle(document.querySelector('.payment-progress')!, '::before').width,
      frame: getComputedStyle(document.querySelector('.payment-progress')!).width,
    }));
    expect(still).toMatchObject({ token: moving!.height, border: '0px' });
    // A part of the bar that stands still would say how far it is.
    expect(parseFloat(still.bar)).toBeGreaterThan(parseFloat(still.frame) * 0.9);
    await button('web.kiosk.payment.cancel').click();
    await question(counter, 'again').waitFor();
  });

  it('works by voice alone once it listens, from the order to the receipt', async () => {
    const counter = await open();
    const { page, t, button, orderIs } = counter;
    const wire = tapTalk(page);
    await button('web.kiosk.hands_free').click();
    await page.locator('.microphone-listening').waitFor();
    await sayFile(page, spoken('order'));
    await orderIs({ 불고기버거: 2, 콜라: 1 }, '10,900원');
    let answers = 1;
    for (const [name, next] of [
      ['finish', page.getByRole('alertdialog')],
      ['yes', question(counter, 'title')],
      ['card', receipt(counter)],
    ] as const) {
      // A yes to what was not heard to its end would not count.
      await hasGoneQuiet(wire, { timeout: 30_000 }, answers);
      await page.waitForTimeout(300);
      await sayFile(page, spoken(name));
      await next.waitFor();
      answers += 1;
    }
    await isPaid(counter, t('web.kiosk.payment.method.card'));
  }, 90_000);

  it('works by typing alone, in English, every question answered where it is asked', async () => {
    const counter = await open({ language: 'en' });
    const { page, t } = counter;
    const answer = async (text: string) => {
      await page.locator('dialog[open]').getByRole('textbox').fill(text);
      await page.keyboard.press('Enter');
    };
    await order(counter, { text: 'two bulgogi burgers', total: '₩9,000' });
    await answer('yes please');
    await question(counter, 'title').waitFor();
    await answer('by card please');
    await question(counter, 'ask.card').waitFor();
    await isPaid(counter, t('web.kiosk.payment.method.card'));
    expect(await page.locator('main').innerText()).not.toMatch(/[가-힣]/);
  });

  it('works by the keypad alone', async () => {
    const counter = await open();
    const { page, t } = counter;
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
    await page.keyboard.press('1');
    const burger = page.getByRole('region', { name: t('web.kiosk.menu') }).getByRole('button', {
      name: /^(\d )?불고기버거/,
    });
    await burger.waitFor();
    await page.keyboard.press((await burger.getAttribute('data-choice')) ?? '');
    await expect.poll(() => page.locator('.order-total strong').innerText()).toBe('4,500원');
    const confirm = page.getByRole('button', { name: t('web.kiosk.confirm'), exact: true });
    for (let step = 0; step < 60; step++) {
      if (await confirm.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('1');
    await question(counter, 'title').waitFor();
    // The question has the focus, so that a reader says it; arrows go on from there to the second way.
    expect(await title(page).evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator(':focus').innerText()).toContain(t('web.kiosk.payment.method.mobile_pay'));
    await page.keyboard.press('Enter');
    await question(counter, 'ask.mobile_pay').waitFor();
    expect(await title(page).evaluate((element) => element === document.activeElement)).toBe(true);
    await isPaid(counter, t('web.kiosk.payment.method.mobile_pay'));
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
  });

  it('tells why it was declined, and takes another way', async () => {
    const counter = await open();
    await place(counter, DECLINED);
    await counter.button('web.kiosk.payment.method.card').click();
    await question(counter, 'again').waitFor();
    expect(await saidInDialog(counter)).toMatch(/승인되지 않았어요. 청구된 금액은 없어요/);
    await counter.button('web.kiosk.payment.method.counter').click();
    await receipt(counter).getByText(counter.t('web.kiosk.receipt.counter')).waitFor();
    // Nothing was paid, so nothing of a payment is on the receipt.
    expect(await receipt(counter).innerText()).not.toMatch(/SIM-|모의/);
  });

  it('goes on where it was after the page was loaded anew, also when the server is away just then', async () => {
    const counter = await open();
    const { page, t, button, forgive } = counter;
    await place(counter, SILENT);
    forgive(/ERR_FAILED/);
    await page.route('**/api/kiosk/sessions/*', (route) => route.abort());
    await page.reload();
    await page.getByText(t('web.kiosk.connection.lost')).waitFor();
    await page.unroute('**/api/kiosk/sessions/*');
    await question(counter, 'title').waitFor();
    await button('web.kiosk.payment.method.card').click();
    await question(counter, 'ask.card').waitFor();
    await page.reload();
    await question(counter, 'ask.card').getByText(SILENT.total).waitFor();
    // Given up while the terminal waits, nothing is charged.
    await button('web.kiosk.payment.cancel').click();
    await question(counter, 'again').waitFor();
    expect(await saidInDialog(counter)).toMatch(/취소했어요.*청구된 금액은 없어요/);
    await button('web.kiosk.payment.method.counter').click();
    await receipt(counter).waitFor();
    const number = await page.locator('.receipt-number').innerText();
    await page.reload();
    await receipt(counter).waitFor();
    expect(await page.locator('.receipt-number').innerText()).toBe(number);
    await button('web.kiosk.receipt.done').click();
    await page.reload();
    await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
    expect(await receipt(counter).count()).toBe(0);
  });

  it('is begun once, and its end is shown, when the answer to the press was lost', async () => {
    const counter = await open();
    const { page, t, button, forgive } = counter;
    await place(counter, CHEAP);
    forgive(/ERR_FAILED/);
    await page.route('**/api/voice/process', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await button('web.kiosk.payment.method.card').click();
    await page.getByText(t('web.kiosk.connection.lost')).waitFor();
    await page.unroute('**/api/voice/process');
    await isPaid(counter, t('web.kiosk.payment.method.card'));
  });

  it('offers no other way while a charge is taken back, nor while nothing is known of it', async () => {
    const counter = await open({ language: 'en' });
    const { page, t, button, forgive } = counter;
    await place(counter, SILENT_EN);
    const tell = await replacePayments(page);
    await button('web.kiosk.payment.method.card').click();
    await question(counter, 'ask.card').waitFor();
    const staff = t('kiosk.payment.reversing_staff');
    const reversing = { status: 'reversing', failure: 'answer_lost' } as const;
    tell({ ...reversing, message: t('kiosk.payment.reversing') });
    await warning(counter, 'reversing').getByText(t('web.kiosk.payment.reversing.wait')).waitFor();
    tell({ ...reversing, message: staff });
    await warning(counter, 'reversing').locator('.dialog-said').getByText(staff, { exact: true }).waitFor();
    expect(await page.locator('.choice').count()).toBe(0);

    forgive(/404/);
    tell('not-found');
    const body = t('web.kiosk.payment.unknown.body', { number: '1' }).split('1')[0] ?? '';
    await warning(counter, 'unknown').getByText(body).waitFor();
    expect(await page.locator('.choice').count()).toBe(0);
    const message = t('kiosk.payment.answer_lost');
    tell({ status: 'reversed', failure: 'answer_lost', message });
    await button('web.kiosk.payment.check_again').click();
    await question(counter, 'again').locator('.dialog-said').getByText(message).waitFor();
  });

  it('says that the server is away, and shows what came of it once it is back', async () => {
    const counter = await open();
    const { page, t, button, forgive } = counter;
    await place(counter, SILENT);
    await button('web.kiosk.payment.method.card').click();
    await question(counter, 'ask.card').waitFor();
    forgive(/ERR_CONNECTION_REFUSED|Failed to load resource/);
    await malbeot.kill();
    await page.getByRole('alert').getByText(t('web.kiosk.payment.unreachable')).waitFor();
    await malbeot.start();
    await page.getByRole('alert').waitFor({ state: 'detached', timeout: 30_000 });
    // The simulator lost the charge with its process: what the customer calls off now is surely not charged.
    await button('web.kiosk.payment.cancel').click();
    await question(counter, 'again').waitFor({ timeout: 30_000 });
    expect(await saidInDialog(counter)).toMatch(/청구된 금액은 없어요/);
  }, 60_000);
});
