import { beforeEach, describe, expect, it } from 'vitest';
import { parseMenu } from './menu.ts';
import { shippedMenu, startConversation, type Conversation } from './testing.ts';

const menu = shippedMenu();
const taken = (order: {
  readonly items: readonly { readonly item_id: string; readonly quantity: number }[];
}) => order.items.map(({ item_id, quantity }) => `${item_id} ${quantity}`);

let kiosk: Conversation;
beforeEach(() => {
  kiosk = startConversation(menu);
});

describe('the kiosk dialogue', () => {
  it('takes an order, reads it back and places it', async () => {
    const added = await kiosk.say('불고기버거 두 개랑 콜라 하나 주세요');
    expect(taken(added.order)).toEqual(['bulgogi_burger 2', 'cola 1']);
    expect(added.order).toMatchObject({
      total_amount: 10_900,
      item_count: 3,
      status: 'draft',
      order_id: null,
    });
    const readBack = await kiosk.say('주문할게요');
    expect(readBack.message).toContain('10,900원');
    expect(readBack.order).toMatchObject({ status: 'confirming', requires_confirmation: true });
    expect(readBack.actions[0]).toMatchObject({
      action_type: 'show_confirmation',
      requires_user_input: true,
      timeout_seconds: 30,
      data: { kind: 'order', replies: [{ send: { action: { type: 'confirm' } } }, {}] },
    });
    const placed = await kiosk.say('네');
    expect(placed.order).toMatchObject({ status: 'confirmed', order_id: 'ord_1' });
    expect(placed.actions.map(({ action_type }) => action_type)).toContain('show_receipt');
  });

  it.each([
    ['오늘 하늘이 참 파랗네', '잘 모르겠어요'],
    ['asdf qwer', '잘 모르겠어요'],
  ])('asks again and suggests when words mean nothing here: %s', async (said, told) => {
    const { message, actions, order } = await kiosk.say(said);
    expect(message).toContain(told);
    expect(actions.map(({ action_type }) => action_type)).toContain('show_menu');
    expect(order.items).toEqual([]);
  });

  it('calls a dish that is not on the menu by its name', async () => {
    expect((await kiosk.say('피자 주세요')).message).toContain('피자');
  });

  it('fills in defaults and leaves a required choice open until it is made', async () => {
    const { order, actions } = await kiosk.say('치즈버거 세트 하나랑 아메리카노 하나요');
    expect(order.items.map(({ options }) => options)).toEqual([
      { variant: 'set', side: 'french_fries', drink: 'cola' },
      { size: 'regular' },
    ]);
    expect(actions.find(({ action_type }) => action_type === 'show_options')?.data).toMatchObject({
      line: 1,
      group_id: 'temperature',
      required: true,
      remaining: 1,
      options: [{ option_id: 'hot' }, { option_id: 'iced' }],
    });
    const stuck = await kiosk.say('주문할게요');
    expect(stuck.order.status).toBe('draft');
    expect(stuck.state.asking).toMatchObject({ type: 'option', groupId: 'temperature' });
    // Wanting to finish is remembered: the read-back follows the answer.
    const done = await kiosk.say('아이스요');
    expect(done.order.status).toBe('confirming');
  });

  it('keeps unfinished items side by side and asks one question at a time', async () => {
    await kiosk.say('아메리카노 하나랑 카페라떼 하나 주세요');
    const between = await kiosk.say('콜라도 하나 주세요');
    expect(taken(between.order)).toEqual(['americano 1', 'cafe_latte 1', 'cola 1']);
    const first = await kiosk.say('따뜻한 거요');
    expect(first.order.items[0]!.options).toMatchObject({ temperature: 'hot' });
    expect(first.order.items[1]!.options).not.toHaveProperty('temperature');
    const second = await kiosk.say('아이스요');
    expect(second.order.items[1]!.options).toMatchObject({ temperature: 'iced' });
  });

  it('takes 네 for yes only to the question just asked', async () => {
    await kiosk.say('콜라 하나');
    expect((await kiosk.say('네')).order.status).toBe('draft');
    expect((await kiosk.say('네')).order.status).toBe('draft');
    await kiosk.say('주문할게요');
    expect((await kiosk.say('콜라 얼마예요')).order.status).toBe('confirming');
    await kiosk.say('생수도 하나요');
    expect((await kiosk.say('네')).order.status).toBe('confirmed');
  });

  it('takes no yes for an offer after something else was done', async () => {
    await kiosk.say('감자튀김 하나');
    expect((await kiosk.say('애플파이 얼마예요')).message).toContain('담아 드릴까요?');
    await kiosk.tap({ type: 'remove', line: 0 });
    expect((await kiosk.say('네')).order.items).toEqual([]);
  });

  it('reads an order back again that changes at the read-back, and takes only a yes to that', async () => {
    await kiosk.say('콜라 하나');
    await kiosk.say('주문할게요');
    const changed = await kiosk.say('네 사이다도 하나요');
    expect(changed.order.status).toBe('confirming');
    expect(changed.message).toContain('콜라 1개, 사이다 1개, 모두 3,800원');
    const again = await kiosk.say('주문할게요');
    expect(again.order.status).toBe('confirming');
    expect(again.message).toContain('모두 3,800원');
    expect((await kiosk.say('주문할게요')).order.status).toBe('confirmed');
  });

  it('cancels more than two things only after a yes', async () => {
    await kiosk.say('콜라 두 개');
    expect((await kiosk.say('취소')).order).toMatchObject({ status: 'cancelled', items: [] });
    await kiosk.say('콜라 세 개');
    const asked = await kiosk.tap({ type: 'cancel' });
    expect(taken(asked.order)).toEqual(['cola 3']);
    expect(taken((await kiosk.tap({ type: 'cancel' })).order)).toEqual(['cola 3']);
    expect((await kiosk.say('네')).order.items).toEqual([]);
  });

  it('asks about more than twenty of one thing, also when they come bit by bit', async () => {
    expect((await kiosk.say('콜라 스무 개')).order.item_count).toBe(20);
    const asked = await kiosk.say('콜라 하나 더');
    expect(asked.order.item_count).toBe(20);
    expect(asked.state.asking).toMatchObject({ type: 'quantity', wanted: { quantity: 1 } });
    expect((await kiosk.say('네')).order.item_count).toBe(21);
    expect((await kiosk.tap({ type: 'set_quantity', line: 0, quantity: 500 })).order.item_count).toBe(21);
  });

  it('refuses what is sold out and offers the nearest', async () => {
    const refused = await kiosk.tap({ type: 'add', item_id: 'choco_sundae' });
    expect(refused.order.items).toEqual([]);
    expect(refused.actions.find(({ action_type }) => action_type === 'show_menu')?.data).toMatchObject({
      reason: 'alternatives',
      options: [{ option_id: 'apple_pie', available: true }, { option_id: 'soft_ice_cream' }],
    });
  });

  it('calls staff in every state and changes nothing by it', async () => {
    for (const before of ['안녕하세요', '아메리카노 하나', '아이스요', '주문할게요', '네']) {
      const { order } = await kiosk.say(before);
      const called = await kiosk.say('직원 불러 주세요');
      expect(called.actions[0]?.action_type, before).toBe('call_staff');
      expect({ ...called.order, updated_at: '' }).toEqual({ ...order, updated_at: '' });
      const asked = called.state.asking;
      expect((await kiosk.tap({ type: 'call_staff' })).state.asking).toEqual(asked);
    }
  });

  it('does not place an order twice', async () => {
    await kiosk.tap({ type: 'add', item_id: 'cola' });
    await kiosk.tap({ type: 'confirm' });
    await kiosk.tap({ type: 'confirm' });
    const again = await kiosk.tap({ type: 'confirm' });
    expect(again.order.order_id).toBe('ord_1');
    expect((await kiosk.say('네 주문할게요')).order.order_id).toBe('ord_1');
    const next = await kiosk.say('콜라 하나 더 주세요');
    expect(next.order).toMatchObject({ status: 'draft', order_id: null, item_count: 1 });
  });

  it('refuses to charge here, honestly, and names what is possible', async () => {
    await kiosk.tap({ type: 'add', item_id: 'cola' });
    const refused = await kiosk.tap({ type: 'pay', method: 'card' });
    expect(refused.actions[0]).toMatchObject({
      action_type: 'show_error',
      data: { error_code: 'payment_error' },
    });
    expect(refused.message).toContain('카운터');
    expect((await kiosk.tap({ type: 'pay', method: 'counter' })).order.status).toBe('confirming');
  });

  it('refuses taps on what is not there', async () => {
    await kiosk.tap({ type: 'add', item_id: 'americano', options: { temperature: 'iced' }, quantity: 2 });
    for (const wrong of [
      { type: 'add', item_id: 'nothing' },
      { type: 'add', item_id: 'cola', options: { temperature: 'hot' } },
      { type: 'add', item_id: 'cola', options: { size: 'huge' } },
      { type: 'remove', line: 7 },
      { type: 'set_options', line: 0, options: { size: ['large'] } },
    ] as const) {
      const refused = await kiosk.tap(wrong as Parameters<typeof kiosk.tap>[0]);
      expect(refused.actions[0]?.action_type, JSON.stringify(wrong)).toBe('show_error');
      expect(taken(refused.order)).toEqual(['americano 2']);
    }
  });

  it('says the same again, with the question on the screen', async () => {
    const asked = await kiosk.say('아메리카노 하나 주세요');
    const again = await kiosk.say('다시 말해 주세요');
    expect(again.message).toBe(asked.message);
    expect(again.actions.map(({ action_type }) => action_type)).toContain('show_options');
  });

  it('shows at most nine things to choose from', async () => {
    for (const words of ['뭐 있어요', '버거 뭐 있어요', '버거 하나 주세요', '추천해 주세요', '아무 말']) {
      for (const { data } of (await kiosk.say(words)).actions) {
        if ('options' in data) expect(data.options.length, words).toBeLessThanOrEqual(9);
      }
    }
  });

  it('follows a new menu: what it lost leaves the order, and a read-back order is read back again', async () => {
    await kiosk.say('콜라 하나 사이다 하나');
    await kiosk.say('주문할게요');
    kiosk.changeMenu(
      parseMenu({ ...fileOf(), items: fileOf().items.filter(({ item_id }) => item_id !== 'cider') }, 2),
    );
    const answered = await kiosk.say('네');
    expect(answered.order.status).toBe('draft');
    expect(taken(answered.order)).toEqual(['cola 1']);
  });

  it('speaks English to those who ask for it', async () => {
    const first = await kiosk.say('English please');
    expect(first.message).toContain('What would you like');
    expect(first.actions[0]).toMatchObject({ action_type: 'set_language', data: { language: 'en' } });
    const added = await kiosk.say('two cheeseburgers');
    expect(added.message).toBe('I added 2 Cheeseburger. Anything else?');
    expect(added.order.items[0]!.name).toBe('Cheeseburger');
    expect((await kiosk.say('한국어로 해 주세요')).message).toContain('한국어');
  });
});

function fileOf() {
  const { currency, categories, option_groups, items } = menu;
  return { currency, categories, option_groups, items: items.map(({ image_url: _image, ...item }) => item) };
}
