import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';

/** Sentences that the demo ear knows by heart. */
const spoken = (name: string) =>
  fileURLToPath(new URL(`../../server/models/demo-ear/samples/${name}.wav`, import.meta.url));
const question = spoken('08');
const patience = { timeout: 30_000 };

describe.skipIf(chromiumPath === null)(`a talk with the companion, by voice${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    malbeot = await startMalbeot({ env: { RATE_LIMIT: 'off' } });
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

  async function open(): Promise<Counter> {
    counter = await stepUp(browser, malbeot.url, {
      path: '/companion',
      size: { width: 1280, height: 860 },
    });
    const { page, t, button } = counter;
    await page.getByText(t('web.talk.connection.open'), { exact: true }).waitFor(patience);
    await button('web.talk.start').click();
    await page.getByText(t('web.talk.phase.listening'), { exact: true }).waitFor(patience);
    return counter;
  }

  const phase = ({ page }: Counter) => page.locator('.talk-phase');
  const replies = ({ page }: Counter) => page.locator('.talk-reply');
  const speaks = (at: Counter) =>
    expect.poll(() => phase(at).innerText(), patience).toBe(at.t('web.talk.phase.speaking'));
  const listens = (at: Counter) =>
    expect.poll(() => phase(at).innerText(), patience).toBe(at.t('web.talk.phase.listening'));

  it('hears a sentence, answers it aloud, and shows how long it took', async () => {
    const at = await open();
    const { page, t, button } = at;
    await sayFile(page, question);
    await expect.poll(() => page.locator('.talk-user[data-final="true"]').count(), patience).toBe(1);
    await speaks(at);
    await listens(at);
    expect(await replies(at).count()).toBe(1);
    // All of it was heard.
    expect(await replies(at).locator('.talk-open, .talk-unsaid').count()).toBe(0);
    await button('web.talk.timings.show').click();
    await page.getByRole('table', { name: t('web.talk.timings.caption') }).waitFor();
  });

  it('stops when somebody talks over it, answers them, and keeps what was heard', async () => {
    const at = await open();
    const { page, t } = at;
    await page.getByRole('textbox').fill('뭘 할 수 있어?');
    await page.keyboard.press('Enter');
    await speaks(at);
    await sayFile(page, question);
    await replies(at).first().getByText(t('web.talk.stopped')).waitFor(patience);
    await expect.poll(() => replies(at).count(), patience).toBeGreaterThan(1);
    await listens(at);
    expect(await replies(at).last().locator('.talk-open, .talk-unsaid').count()).toBe(0);
  });

  it('goes on through a “네”', async () => {
    const at = await open();
    const { page, t } = at;
    await page.getByRole('textbox').fill('뭘 할 수 있어?');
    await page.keyboard.press('Enter');
    await speaks(at);
    await sayFile(page, new URL('./fixtures/nod-ko.wav', import.meta.url));
    await listens(at);
    expect(await page.getByText(t('web.talk.stopped')).count()).toBe(0);
    expect(await replies(at).count()).toBe(1);
    expect(await replies(at).locator('.talk-open').count()).toBe(0);
  });
});
