import type { KioskPayment } from '@malbeot/protocol';
import type { Page } from 'playwright-core';

/** What comes of a payment that no simulated terminal brings about. */
export type Told =
  /** As the server has it, but for this. */
  | Partial<KioskPayment>
  /** The server has no such payment. */
  | 'not-found'
  /** The server can't be reached. */
  | 'unreachable';

/** From the next call on the page hears of payments what the test tells; gives what tells it. */
export async function replacePayments(page: Page): Promise<(told: Told) => void> {
  let told: Told = {};
  await page.route('**/api/kiosk/orders/*/payment', async (route) => {
    const now = told;
    if (now === 'unreachable') return route.abort();
    if (now === 'not-found') return route.fulfill({ status: 404, json: { code: 'NOT_FOUND' } });
    const response = await route.fetch();
    const payment = (await response.json()) as KioskPayment;
    return route.fulfill({ response, json: { ...payment, ...now } });
  });
  return (next) => {
    told = next;
  };
}
