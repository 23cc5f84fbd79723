import { formatMessage, type MessageKey, type MessageValues } from '@malbeot/protocol/messages';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

import { replaceMicrophone, type MicrophoneRefusal } from './fake-microphone.ts';
import { watchPlayback } from './playback.ts';

/** Generous: others may share the machine. What is right is there long before. */
const PATIENCE_MS = 30_000;

export type Tongue = 'ko' | 'en';

export interface CounterOptions {
  readonly language?: Tongue;
  /** False: the browser's own fake microphone is used. */
  readonly ownMicrophone?: boolean;
  /** How the browser refuses the microphone; it gives it when absent. */
  readonly microphoneRefusal?: MicrophoneRefusal;
  readonly path?: string;
  /** Runs in the page before anything of it, such as what a browser of another kind would have. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Of the window in pixels; a kiosk's when absent. */
  readonly size?: { readonly width: number; readonly height: number };
  /** How many times as fast as usual the kiosk's voice is played, for a test that waits for its end; 1 when absent. */
  readonly voiceSpeed?: number;
}

/** A customer in front of a page: finds things by what they are and are called, as people do. */
export interface Counter {
  readonly page: Page;
  /** What the page says for this key in its language. */
  readonly t: (key: MessageKey, values?: MessageValues) => string;
  readonly button: (key: MessageKey, values?: MessageValues) => Locator;
  /** The panel with the order. */
  readonly order: Locator;
  /** What the kiosk said last. */
  readonly said: Locator;
  /** How many of an item stand in the order, by the beginning of its name. */
  readonly quantity: (name: string) => Promise<string>;
  /** Waits until the order is exactly this. */
  readonly orderIs: (items: Readonly<Record<string, number>>, total: string) => Promise<void>;
  /** Closes the page; throws when it had complained on its console. */
  readonly leave: () => Promise<void>;
  /** Complaints that a test expects are passed over. */
  readonly forgive: (pattern: RegExp) => void;
}

/** Opens a page in a browser context of its own. */
export async function stepUp(browser: Browser, url: string, options: CounterOptions = {}): Promise<Counter> {
  const { language = 'ko', ownMicrophone = false, path = '/kiosk', voiceSpeed, microphoneRefusal } = options;
  const { size = { width: 1080, height: 1920 }, prepare } = options;
  const context: BrowserContext = await browser.newContext({ viewport: size });
  if (language === 'en') await context.addInitScript(() => localStorage.setItem('malbeot.language', 'en'));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  // A voice that is not made in time is asked for again.
  const forgiven: RegExp[] = [/503 \(.*\/api\/voice\/tts\//];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  if (!ownMicrophone) await replaceMicrophone(page, microphoneRefusal);
  await prepare?.(page);
  await watchPlayback(page, voiceSpeed);
  await page.goto(`${url}${path}`);

  const t = (key: MessageKey, values?: MessageValues) => formatMessage(language, key, values);
  const order = page.getByRole('region', { name: t('web.kiosk.order') });
  // The name of the stepper's group holds the label of the line.
  const [before, after] = t('web.kiosk.line.quantity', { name: '|' }).split('|');
  const stepper = (name: string) =>
    order.getByRole('group', {
      name: new RegExp(`^${escaped(before ?? '')}${escaped(name)}.*${escaped(after ?? '')}$`),
    });
  const quantity = async (name: string) =>
    (await stepper(name).count()) === 0 ? '0' : (await stepper(name).first().innerText()).trim();

  return {
    page,
    t,
    button: (key, values) => page.getByRole('button', { name: t(key, values), exact: true }),
    order,
    said: page.getByRole('region', { name: t('web.kiosk.talk') }).locator('.bubble-said p'),
    quantity,
    async orderIs(items, total) {
      const standing = async () => ({
        lines: await order.getByRole('listitem').count(),
        items: Object.fromEntries(
          await Promise.all(Object.keys(items).map(async (name) => [name, await quantity(name)])),
        ),
        total: await order.locator('.order-total strong').innerText(),
      });
      const wanted = Object.fromEntries(Object.entries(items).map(([name, count]) => [name, String(count)]));
      await expect
        .poll(standing, { timeout: PATIENCE_MS })
        .toEqual({ lines: Object.keys(items).length, items: wanted, total });
    },
    async leave() {
      await context.close();
      const left = complaints.filter((complaint) => !forgiven.some((pattern) => pattern.test(complaint)));
      if (left.length > 0) throw new Error(`The page complained:\n${left.join('\n')}`);
    },
    forgive: (pattern) => void forgiven.push(pattern),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
