import { describe, expect, it } from 'vitest';
import { parseMenu } from './menu.ts';
import { shippedMenu, startConversation } from './testing.ts';

const IN_FULL = '주문을 확인할게요. 콜라 2개, 모두 3,800원이에요. 이대로 주문할까요?';

async function readBack() {
  const talk = startConversation(shippedMenu());
  await talk.say('콜라 두 잔 주세요');
  expect((await talk.say('주문할게요')).message).toBe(IN_FULL);
  return talk;
}

describe('the read-back', () => {
  it('is told in full to whoever asks again, whatever was said since', async () => {
    const talk = await readBack();
    expect((await talk.say('직원 불러 주세요')).message).not.toContain('3,800');
    expect((await talk.say('다시 말해 주세요')).message).toBe(IN_FULL);
    expect((await talk.tap({ type: 'repeat' })).message).toBe(IN_FULL);
    expect((await talk.say('네')).order.status).toBe('confirmed');
  });

  it('is heard even in the answer to 다시 말해 주세요', async () => {
    const menu = shippedMenu();
    const items = menu.items.map((item) => ({ ...item, available: item.item_id !== 'bulgogi_burger' }));
    const talk = startConversation(parseMenu({ ...menu, items }, 1));
    await talk.say('콜라 두 잔 주세요');
    await talk.say('주문할게요');
    const { message } = await talk.say('불고기버거 두 개랑 사이다 하나 주세요');
    expect(message).toContain('대신');
    // The offer is dropped, and what stands is read back.
    const again = await talk.say('다시 말해 주세요');
    expect(again.order.status).toBe('confirming');
    expect(again.message).toContain('콜라 2개, 사이다 1개, 모두 5,700원이에요. 이대로 주문할까요?');
  });
});

it('하나 더 is one more than stands, even where an amount was asked about', async () => {
  const talk = startConversation(shippedMenu());
  await talk.say('콜라 스물다섯 잔 주세요');
  await talk.say('네');
  expect((await talk.say('하나 더 주세요')).message).toBe('콜라 26개 맞으세요?');
  expect((await talk.say('하나 더 주세요')).order.items).toMatchObject([{ quantity: 25 }]);
});

it('그거 빼 주세요 takes nothing of what is offered', async () => {
  const menu = shippedMenu();
  const items = menu.items.map((item) => ({ ...item, available: item.item_id !== 'choco_sundae' }));
  const talk = startConversation(parseMenu({ ...menu, items }, 1));
  expect((await talk.say('초코선데이 하나 주세요')).message).toContain('대신');
  expect((await talk.say('그거 빼 주세요')).order.items).toEqual([]);
});
