import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accessibilityFaults } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type Tongue } from './harness/counter.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';

const burger = { ko: /^불고기버거/, en: /^Bulgogi Burger/i } as const;
const looks = ['plain', 'high contrast', 'large type and low reach'] as const;

describe.skipIf(chromiumPath === null)(`axe on every screen${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;

  beforeAll(async () => {
    // All screens in all looks are more turns than one kiosk has in a minute.
    malbeot = await startMalbeot({ env: { RATE_LIMIT: 'off' } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await malbeot?.close();
  });

  /** Faults by screen; screens without any are left out, so that the whole list shows at once. */
  async function audit(counter: Counter, faults: Record<string, string[]>, screen: string): Promise<void> {
    // Colours in the middle of a transition are nobody's colours.
    await counter.page.evaluate(() => {
      for (const animation of document.getAnimations()) {
        if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
      }
    });
    const found = await accessibilityFaults(counter.page);
    if (found.length > 0) faults[screen] = found;
  }

  async function setLook({ page, t, button }: Counter, look: (typeof looks)[number]): Promise<void> {
    await button('web.kiosk.access').click();
    const modes = {
      plain: [],
      'high contrast': ['highContrast'],
      'large type and low reach': ['largeType', 'lowReach'],
    } as const;
    for (const mode of modes[look]) {
      await page.getByRole('switch', { name: new RegExp(`^${t(`web.kiosk.access.${mode}`)}`) }).click();
    }
  }

  it('would find something', async () => {
    const counter = await stepUp(browser, malbeot.url, { path: '/' });
    await counter.page.getByText(counter.t('web.experience.kiosk.line')).waitFor();
    await counter.page.evaluate(() => {
      const button = document.createElement('button');
      document.querySelector('main')?.append(button);
    });
    expect((await accessibilityFaults(counter.page)).join()).toMatch(/button-name/);
    await counter.leave();
  });

  for (const language of ['ko', 'en'] as const satisfies readonly Tongue[]) {
    for (const look of looks) {
      it(`finds nothing on the kiosk: ${language}, ${look}`, async () => {
        const counter = await stepUp(browser, malbeot.url, { language });
        const { page, t, button, order } = counter;
        const faults: Record<string, string[]> = {};
        await page.getByRole('heading', { name: t('web.kiosk.welcome') }).waitFor();
        await setLook(counter, look);
        await audit(counter, faults, 'settings');
        await button('web.kiosk.access.done').click();
        await audit(counter, faults, 'start');
        await button('web.kiosk.type').click();
        await page.getByRole('button', { name: new RegExp(`^${t('web.kiosk.dine.in')}`) }).click();
        const menu = page.getByRole('region', { name: t('web.kiosk.menu') });
        await menu.getByRole('button', { name: burger[language] }).waitFor();
        await audit(counter, faults, 'menu');
        // An americano is asked about: hot or iced.
        await page.getByRole('textbox').fill(language === 'ko' ? '아메리카노 한 잔이요' : 'one americano');
        await button('web.kiosk.type.send').click();
        await page.getByRole('dialog').waitFor();
        await audit(counter, faults, 'options');
        await page.getByRole('dialog').locator('[data-choice="1"]').click();
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await expect.poll(() => order.getByRole('listitem').count()).toBe(1);
        await audit(counter, faults, 'order');
        await order
          .getByRole('button', { name: new RegExp(t('web.kiosk.line.edit', { name: '.*' })) })
          .click();
        await page.getByRole('dialog').waitFor();
        await audit(counter, faults, 'change a line');
        await button('web.kiosk.edit.cancel').click();
        await button('web.kiosk.confirm').click();
        await page.getByRole('alertdialog').waitFor();
        await audit(counter, faults, 'confirmation');
        const receipt = page.getByRole('region', { name: t('web.kiosk.receipt.number') });
        for (let question = 0; question < 4; question++) {
          const heading = page.locator('dialog[open] h2');
          await receipt.or(heading).first().waitFor();
          if (await receipt.isVisible()) break;
          const title = await heading.first().innerText();
          if (question > 0) await audit(counter, faults, title);
          await page.locator('dialog[open] [data-choice="1"]').first().click();
          await expect
            .poll(async () => (await receipt.isVisible()) || (await heading.allInnerTexts())[0] !== title)
            .toBe(true);
        }
        await receipt.waitFor();
        await audit(counter, faults, 'receipt');
        expect(faults).toEqual({});
        await counter.leave();
      }, 90_000);
    }

    for (const theme of ['light', 'dark', 'contrast'] as const) {
      it(`finds nothing on the other pages: ${language}, ${theme}`, async () => {
        const counter = await stepUp(browser, malbeot.url, { language, path: '/' });
        const { page, t, button } = counter;
        const faults: Record<string, string[]> = {};
        await page.getByText(t('web.experience.kiosk.line')).waitFor();
        await button(`web.theme.${theme}`).click();
        await audit(counter, faults, 'home');
        await page.goto(`${malbeot.url}/staff`);
        await page.getByText(t('web.staff.sign_in'), { exact: true }).waitFor();
        await audit(counter, faults, 'staff, nobody signed in');
        counter.forgive(/Failed to load resource/);
        await page.goto(`${malbeot.url}/sign-in?code=wrong`);
        await page.getByText(t('web.sign_in.used')).waitFor();
        await audit(counter, faults, 'sign-in that failed');
        await page.goto(`${malbeot.url}/nowhere`);
        await page.getByRole('heading', { name: t('web.not_found.title') }).waitFor();
        await audit(counter, faults, 'no such page');
        expect(faults).toEqual({});
        await counter.leave();
      });
    }
  }
});
