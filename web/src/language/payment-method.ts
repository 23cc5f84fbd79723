import { isWebMessageKey } from '@malbeot/protocol/messages';
import type { LanguageChoice } from './language.tsx';

/** A way to pay as people call it. A terminal may have ways of its own: those keep their name. */
export function paymentMethodName(method: string, t: LanguageChoice['t']): string {
  const key = `web.kiosk.payment.method.${method}`;
  return isWebMessageKey(key) ? t(key) : method;
}
