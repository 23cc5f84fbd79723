import type { UIActionData } from '@malbeot/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { shippedMenu, startConversation, type Conversation, type Reply } from '../testing.ts';

const menu = shippedMenu();
let kiosk: Conversation;
beforeEach(() => {
  kiosk = startConversation(menu);
  kiosk.changePaying({ methods: ['card', 'counter'], simulated: false, payment: null });
});

describe('a double tap', () => {
  const confirm = (read_back?: string) =>
    kiosk.tap({ type: 'confirm', ...(read_back === undefined ? {} : { read_back }) });
  const confirmationIn = ({ actions }: Reply) =>
    actions.find(({ action_type }) => action_type === 'show_confirmation')!
      .data as UIActionData['show_confirmation'];
  const idOf = (reply: Reply) => confirmationIn(reply).read_back!;

  beforeEach(async () => void (await kiosk.say('불고기버거 두 개랑 콜라 하나 주세요')));

  it('is one tap: its second half is no yes, and nothing is said twice', async () => {
    kiosk.changePace(400);
    const first = await confirm();
    const second = await confirm();
    expect(second.order.status).toBe('confirming');
    expect(second.message).toBe(first.message);
    expect([first.unspoken, second.unspoken]).toEqual([false, true]);
    expect(idOf(second)).toBe(idOf(first));
    await confirm();
    // The read-back was 1,200 ms ago by now.
    expect((await confirm()).order.status).toBe('confirmed');
  });

  it('is none a second after the read-back', async () => {
    await confirm();
    kiosk.changePace(999);
    expect((await confirm()).order.status).toBe('confirming');
    kiosk.changePace(1);
    expect((await confirm()).order.status).toBe('confirmed');
  });

  it('is none when the tap names the read-back that stands', async () => {
    kiosk.changePace(5);
    const first = await confirm();
    const replies = confirmationIn(first).replies;
    expect(replies[0]!.send).toEqual({ action: { type: 'confirm', read_back: idOf(first) } });
    expect((await confirm(idOf(first))).order.status).toBe('confirmed');
  });

  it('agrees to nothing that is not what was read back', async () => {
    const first = await confirm();
    const changed = await kiosk.say('사이다도 하나 주세요');
    expect(changed.order.status).toBe('confirming');
    const again = await confirm(idOf(first));
    expect(again.order.status).toBe('confirming');
    expect(idOf(again)).not.toBe(idOf(first));
    const stale = await confirm(idOf(first));
    expect(stale.order.status).toBe('confirming');
    expect(stale.message).toContain('이대로 주문할까요?');
    expect([idOf(first), idOf(again)]).not.toContain(idOf(stale));
    expect((await confirm(idOf(stale))).order.status).toBe('confirmed');
  });

  it('is none in words', async () => {
    kiosk.changePace(1);
    await confirm();
    expect((await kiosk.say('네')).order.status).toBe('confirmed');
  });

  it('on a way to pay is one too', async () => {
    kiosk.changePace(300);
    await kiosk.tap({ type: 'pay', method: 'card' });
    const second = await kiosk.tap({ type: 'pay', method: 'card' });
    expect([second.order.status, second.effect, second.unspoken]).toEqual(['confirming', null, true]);
    kiosk.changePace(1_000);
    expect((await kiosk.tap({ type: 'pay', method: 'card' })).effect).toEqual({
      type: 'charge',
      orderId: 'ord_1',
      method: 'card',
    });
  });

  it('is one where there is no terminal', async () => {
    kiosk = startConversation(menu);
    await kiosk.say('콜라 하나');
    kiosk.changePace(300);
    await confirm();
    expect((await confirm()).order.status).toBe('confirming');
    expect((await kiosk.tap({ type: 'pay', method: 'counter' })).order.status).toBe('confirming');
  });
});
