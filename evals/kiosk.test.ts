import { describe, expect, it } from 'vitest';
import { shippedMenu, startConversation } from '../server/src/experiences/kiosk/testing.ts';
import { BAR, faultsOf, scoreKiosk, shareOfOrders } from './kiosk.ts';
import { parseLine, writeLines } from '../server/src/experiences/kiosk/testing/order-lines.ts';

const menu = shippedMenu();

describe('the open set', async () => {
  const { utterances, dialogues } = await scoreKiosk('open');
  it.each([
    ['utterances', utterances],
    ['dialogues', dialogues],
  ])('%s reach their bar', (_, outcomes) => {
    const wrong = outcomes.filter(({ orderFaults }) => orderFaults.length > 0);
    expect(shareOfOrders(outcomes), JSON.stringify(wrong, null, 2)).toBeGreaterThanOrEqual(BAR.open);
  });
});

describe('the scorer', () => {
  const lines = (...written: string[]) =>
    writeLines(
      written.map((line) => parseLine(line, menu)),
      menu,
    );

  it('writes lines without defaults, equal ones as one, in any order', () => {
    expect(
      lines('1 cola size=regular', '2 cola', '1 cheese_burger variant=set drink=cola remove=pickle,onion'),
    ).toEqual(['1 cheese_burger variant=set remove=onion,pickle', '3 cola']);
  });

  it.each([
    ['cola', 'whole number'],
    ['0 cola', 'whole number'],
    ['1 soup', 'no item "soup"'],
    ['1 cola temperature=hot', 'no option group "temperature"'],
    ['1 cola size=huge', 'no choice "huge"'],
  ])('refuses the line %j', (line, reason) => {
    expect(() => parseLine(line, menu)).toThrow(reason);
  });

  it('gives no credit for a part, and tells orders from all else', async () => {
    const reply = await startConversation(menu).say('아메리카노 두 잔이랑 콜라 하나 주세요');
    const faults = (order: string[], more = {}) => {
      const { orderFaults, otherFaults } = faultsOf({ order, tells: [], ...more }, reply, menu);
      return [orderFaults.length, otherFaults.length];
    };
    expect(faults(['1 cola', '2 americano'], { asks: 'option', status: 'draft' })).toEqual([0, 0]);
    expect(faults(['2 americano'])).toEqual([1, 0]);
    expect(faults(['1 cola', '2 americano temperature=iced'])).toEqual([1, 0]);
    expect(
      faults(['1 cola', '2 americano'], { asks: 'quantity', does: 'call_staff', tells: ['없는 말'] }),
    ).toEqual([0, 3]);
  });
});
