import { prepareUtterance, type KioskAction } from '@malbeot/client';
import { readFileSync } from 'node:fs';

/** What a customer does in one turn. */
export type Act =
  | { readonly text: string }
  | { readonly tap: KioskAction }
  | { readonly wav: Uint8Array }
  /** The customer leaves. */
  | 'leave';

const speech = prepareUtterance(
  readFileSync(new URL('../../web/test/fixtures/order-ko.wav', import.meta.url)),
);

/** Who comes on one day: `count` customers, no two with the same order; every fifth leaves without ordering. */
export function customers(count: number): readonly (readonly Act[])[] {
  const confirm: Act = { tap: { type: 'confirm' } };
  return Array.from({ length: count }, (_, index): readonly Act[] => {
    const cola: Act = { text: `콜라 ${(index % 18) + 1}개 주세요` };
    const burgers: Act = {
      tap: { type: 'add', item_id: 'bulgogi_burger', quantity: Math.floor(index / 18) + 1 },
    };
    const fries: Act = { wav: speech };
    if (index % 5 === 4) return [cola, fries, { text: '사이다도 하나요' }, 'leave'];
    return index % 2 === 0
      ? [cola, burgers, fries, confirm, confirm, 'leave']
      : [burgers, cola, { text: '주문할게요' }, { text: '네' }, 'leave'];
  });
}
