import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accessibilityFaults, type Rules } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type Tongue } from './harness/counter.ts';
import { replaceEvents } from './harness/event-stream.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { replacePayments } from './harness/told-payment.ts';

const burger = { ko: /^불고기버거/, en: /^Bulgogi Burger/i } as const;
/** The simulated terminal never answers for 55,500 won. */
const silent = {
  ko: '불고기버거 열한 개랑 채소버거 하나 주세요',
  en: 'eleven bulgogi burgers and one veggie burger',
} as const;
const themes = ['light', 'dark', 'contrast'] as const;
const walks = ['plain and in high contrast', 'large type and low reach'] as const;

interface Audit {
  readonly counter: Counter;
  /** Faults by screen; screens without any are left out, so that the whole list shows at once. */
  readonly faults: Record<string, string[]>;
  readonly rules?: Rules;
  /** Themes whose colours are looked at, too. */
  readonly alsoIn?: readonly (typeof themes)[number][];
}

describe.skipIf(chromiumPath === null)(`axe on every screen${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;

  beforeAll(async () => {
    // All screens in all looks are more turns than one kiosk has in a minute.
    malbeot = await startMalbeot({ env: { RATE_LIMIT: 'off', KIOSK_TERMINAL: 'simulator' } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await malbeot?.close();
  });

  /** Looks at the screen as it stands, and at its colours in other themes: a theme is one attribute and styles. */
  async function audit(
    { counter, faults, rules = 'all', alsoIn = [] }: Audit,
    screen: string,
  ): Promise<void> {
    const { page } = counter;
    const note = async (name: string, which: Rules) => {
      // Colours in the middle of a transition are nobody's colours.
      await page.evaluate(() => {
        for (const animation of document.getAnimations()) {
          if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
        }
      });
      const found = await accessibilityFaults(page, which);
      if (found.length > 0) faults[name] = found;
    };
    await note(screen, rules);
    const own = await page.locator('html').getAttribute('data-theme');
    for (const theme of alsoIn) {
      await wear(page, theme);
      await note(`${screen}, ${theme}`, 'looks');
    }
    await wear(page, own);
  }

  const wear = (page: Page, theme: string | null) =>
    page.evaluate((name) => {
      document.documentElement.dataset['theme'] = name ?? '';
    }, theme);

  /** Begins a walk in its look. The first of them puts on the kiosk's high contrast, to see that it is that theme. */
  async function setLook({ page, t, button }: Counter, walk: (typeof walks)[number]): Promise<void> {
    await button('web.kiosk.access').click();
    const flip = (mode: 'highContrast' | 'largeType' | 'lowReach') =>
      page.getByRole('switch', { name: new RegExp(`^${t(`web.kiosk.access.${mode}`)}`) }).click();
    if (walk === 'large type and low reach') {
      await flip('largeType');
      await flip('lowReach');
      return;
    }
    await flip('highContrast');
    await page.locator('html[data-theme="contrast"]').waitFor();
    await flip('highContrast');
    await page.locator('html[data-theme="light"]').waitFor();
  }

  /** What is looked at on each screen of a walk. */
  const auditOf = (counter: Counter, walk: (typeof walks)[number]): Audit =>
    walk === 'large type and low reach'
      ? { counter, faults: {}, rules: 'looks' }
      : { counter, faults: {}, alsoIn: ['contrast'] };

  it('would find something', async () => {
    const counter = await stepUp(browser, malbeot.url, { path: '/' });
    await counter.page.getByText(counter.t('web.experience.kiosk.line')).waitFor();
    await counter.page.evaluate(() => {
      const button = document.createElement('button');
      const pale = document.createElement('p');
      pale.textContent = 'pale';
      pale.style.color = '#eee';
      document.querySelector('main')?.append(button, pale);
    });
    expect((await accessibilityFaults(counter.page)).join()).toMatch(/button-name/);
    expect((await accessibilityFaults(counter.page, 'looks')).join()).toMatch(/color-contrast/);
    await counter.leave();
  });

  for (const language of ['ko', 'en'] as const satisfies readonly Tongue[]) {
    for (const walk of walks) {
      it(`finds nothing on the kiosk: ${language}, ${walk}`, async () => {
        const counter = await stepUp(browser, malbeot.url, { language });
        const { page, t, button, order } = counter;
        const looking = auditOf(counter, walk);
        await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
        await setLook(counter, walk);
        await audit(looking, 'settings');
        await button('web.kiosk.access.done').click();
        await audit(looking, 'start');
        await button('web.kiosk.type').click();
        await page.getByRole('button', { name: new RegExp(`^${t('web.kiosk.dine.in')}`) }).click();
        const menu = page.getByRole('region', { name: t('web.kiosk.menu') });
        await menu.getByRole('button', { name: burger[language] }).waitFor();
        await audit(looking, 'menu');
        // An americano is asked about: hot or iced.
        await page.getByRole('textbox').fill(language === 'ko' ? '아메리카노 한 잔이요' : 'one americano');
        await button('web.kiosk.type.send').click();
        await page.getByRole('dialog').waitFor();
        await audit(looking, 'options');
        await page.getByRole('dialog').locator('[data-choice="1"]').click();
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await expect.poll(() => order.getByRole('listitem').count()).toBe(1);
        await audit(looking, 'order');
        await order
          .getByRole('button', { name: new RegExp(t('web.kiosk.line.edit', { name: '.*' })) })
          .click();
        await page.getByRole('dialog').waitFor();
        await audit(looking, 'change a line');
        await button('web.kiosk.edit.cancel').click();
        await button('web.kiosk.confirm').click();
        await page.getByRole('alertdialog').waitFor();
        await audit(looking, 'confirmation');
        await page.getByRole('alertdialog').locator('[data-choice="1"]').click();
        await page.getByRole('dialog', { name: t('web.kiosk.payment.title') }).waitFor();
        await audit(looking, 'how to pay');
        await button('web.kiosk.payment.method.card').click();
        await page.getByRole('region', { name: t('web.kiosk.receipt.number') }).waitFor();
        await audit(looking, 'receipt');
        expect(looking.faults).toEqual({});
        await counter.leave();
      }, 90_000);

      it(`finds nothing while a payment is under way, and after it was not made: ${language}, ${walk}`, async () => {
        const counter = await stepUp(browser, malbeot.url, { language });
        const { page, t, button, forgive } = counter;
        const looking = auditOf(counter, walk);
        await setLook(counter, walk);
        await button('web.kiosk.access.done').click();
        await button('web.kiosk.type').click();
        await page.getByRole('textbox').fill(silent[language]);
        await button('web.kiosk.type.send').click();
        await page.locator('.order-total').getByText('55,500').waitFor();
        await button('web.kiosk.confirm').click();
        await page.getByRole('alertdialog').locator('[data-choice="1"]').click();
        await button('web.kiosk.payment.method.card').click();
        await page.getByRole('dialog', { name: t('web.kiosk.payment.ask.card') }).waitFor();
        await audit(looking, 'waiting for the card');
        forgive(/ERR_FAILED|404/);
        const tell = await replacePayments(page);
        tell('unreachable');
        await page.getByText(t('web.kiosk.payment.unreachable')).waitFor();
        await audit(looking, 'waiting, server out of reach');
        tell({ status: 'reversing', failure: 'timeout', message: t('kiosk.payment.reversing') });
        await page.getByRole('alertdialog', { name: t('web.kiosk.payment.reversing') }).waitFor();
        await audit(looking, 'taken back');
        tell('not-found');
        await page.getByRole('alertdialog', { name: t('web.kiosk.payment.unknown') }).waitFor();
        await audit(looking, 'nothing known');
        tell({});
        await button('web.kiosk.payment.check_again').click();
        await button('web.kiosk.payment.cancel').click();
        await page.getByRole('dialog', { name: t('web.kiosk.payment.again') }).waitFor();
        await audit(looking, 'how to pay, again');
        await button('web.kiosk.payment.method.counter').click();
        await page.getByText(t('web.kiosk.receipt.counter')).waitFor();
        await audit(looking, 'receipt, to be paid');
        expect(looking.faults).toEqual({});
        await counter.leave();
      }, 90_000);
    }

    it(`finds nothing on the other pages: ${language}`, async () => {
      const counter = await stepUp(browser, malbeot.url, { language, path: '/' });
      const { page, t, button } = counter;
      const looking: Audit = { counter, faults: {}, alsoIn: ['dark', 'contrast'] };
      await page.getByText(t('web.experience.kiosk.line')).waitFor();
      for (const theme of [...themes].reverse()) {
        await button(`web.theme.${theme}`).click();
        await page.locator(`html[data-theme="${theme}"]`).waitFor();
      }
      await audit(looking, 'home');
      await page.goto(`${malbeot.url}/staff`);
      await page.getByText(t('web.staff.sign_in'), { exact: true }).waitFor();
      await audit(looking, 'staff, nobody signed in');
      counter.forgive(/Failed to load resource/);
      await page.goto(`${malbeot.url}/sign-in?code=wrong`);
      await page.getByText(t('web.sign_in.used')).waitFor();
      await audit(looking, 'sign-in that failed');
      await page.goto(`${malbeot.url}/nowhere`);
      await page.getByRole('heading', { name: t('web.not_found.title') }).waitFor();
      await audit(looking, 'no such page');
      expect(looking.faults).toEqual({});
      await counter.leave();
    });
  }

  it('finds nothing on the board of the staff, with every kind of card', async () => {
    const [path] = await malbeot.printed(/\/sign-in\?code=\S+/);
    const board = await stepUp(browser, malbeot.url, { path });
    const { page, t } = board;
    await page.getByRole('heading', { name: t('web.staff.title') }).waitFor();
    const events = await replaceEvents(page);
    await page.goto(`${malbeot.url}/staff`);
    await page.getByText(t('web.staff.live')).waitFor();
    const at = new Date().toISOString();
    const order = { order_id: 'ord_1', order_number: 41, kiosk_id: 'front', at };
    const money = { ...order, payment_id: 'pay_1', amount: 9000, method: 'card', terminal: 'simulator' };
    events.tell('staff_called', { kiosk_id: 'front', session_id: 'ses_1', at });
    events.tell('order_created', { ...order, total_amount: 9000, item_count: 2 });
    events.tell('order_paid', { ...money, simulated: true });
    events.tell('order_paid', { ...money, order_id: 'ord_2', simulated: false });
    events.tell('payment_attention', { ...money, attempts: 5 });
    const cards = page.getByRole('log').getByRole('listitem');
    await expect.poll(() => cards.count()).toBe(4);
    await cards.last().getByRole('button').click();
    const looking: Audit = { counter: board, faults: {}, alsoIn: ['dark', 'contrast'] };
    for (const [language, name] of [
      ['ko', '한국어'],
      ['en', 'English'],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.locator(`html[lang="${language}"]`).waitFor();
      await audit(looking, `board, ${language}`);
    }
    expect(looking.faults).toEqual({});
    await events.close();
    await board.leave();
  });
});
