import type { KioskMenu, KioskOrder, Problem } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import { soundForm, speech } from './kiosk-kit.ts';
import { itemsOf, stalledEars, useKiosk } from './kiosk-test.ts';

const test = useKiosk();

const ELSEWHERE = '203.0.113.9';

describe('the menu', () => {
  const get = (headers: Record<string, string> = {}) =>
    test.kit.app.inject({ url: '/api/kiosk/menu', remoteAddress: ELSEWHERE, headers });
  const put = (menu: unknown, headers: Record<string, string> = {}) =>
    test.kit.app.inject({
      method: 'PUT',
      url: '/api/kiosk/menu',
      remoteAddress: ELSEWHERE,
      headers: { authorization: 'Bearer manager', 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(menu),
    });
  const read = async () => (await get()).json<KioskMenu>();
  const without = (menu: KioskMenu, gone: string): KioskMenu => ({
    ...menu,
    items: menu.items.filter(({ item_id }) => item_id !== gone),
  });
  const priced = (menu: KioskMenu, price: number): KioskMenu => ({
    ...menu,
    items: menu.items.map((item) => (item.item_id === 'cola' ? { ...item, price } : item)),
  });

  it('is read by anyone, with its tag', async () => {
    const answer = await get();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(answer.json<KioskMenu>()).toMatchObject({ version: 1, currency: 'KRW' });
    const known = await get({ 'if-none-match': answer.headers.etag as string });
    expect([known.statusCode, known.payload]).toEqual([304, '']);
  });

  it('is changed by a manager only', async () => {
    const menu = await read();
    const device = await test.kit.accounts.keys.create({ kind: 'device', name: 'front', kioskId: 'front' });
    const statuses = [];
    for (const headers of [
      { authorization: '' },
      { authorization: 'Bearer customer' },
      { authorization: 'Bearer cook' },
      { authorization: 'Bearer api-key' },
      { authorization: '', 'x-device-key': device.key },
    ]) {
      statuses.push((await put(menu, headers)).statusCode);
    }
    expect(statuses).toEqual([401, 403, 403, 403, 403]);
    expect((await read()).version).toBe(1);
    const answer = await put(menu);
    expect([answer.statusCode, answer.json<KioskMenu>()]).toEqual([200, { ...menu, version: 2 }]);
    expect((await get()).headers.etag).toBe(answer.headers.etag);
  });

  it('is changed from the menu in force, also when that came compressed', async () => {
    const answer = await get({ 'accept-encoding': 'gzip' });
    const etag = answer.headers.etag as string;
    expect(etag).toMatch(/^W\//);
    const menu = await read();
    expect((await put(priced(menu, 2_000), { 'if-match': etag })).statusCode).toBe(200);
    const late = await put(priced(menu, 3_000), { 'if-match': etag });
    expect([late.statusCode, late.json<Problem>().code]).toEqual([409, 'CONFLICT']);
    expect((await test.say('콜라 하나')).order_data!.total_amount).toBe(2_000);
  });

  it('is refused with every fault named', async () => {
    const menu = await read();
    const faulty = {
      ...menu,
      categories: menu.categories.slice(1),
      items: menu.items.map((item, at) => (at === 0 ? { ...item, price: -1 } : item)),
    };
    const shape = await put(faulty);
    expect([shape.statusCode, shape.headers['content-type']]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
    ]);
    expect(shape.json<Problem>()).toMatchObject({
      code: 'INVALID_INPUT',
      errors: [{ path: 'body.items.0.price' }],
    });
    const cross = await put({ ...menu, categories: menu.categories.slice(1) });
    const { errors } = cross.json<Problem>();
    expect(errors!.length).toBeGreaterThan(1);
    expect(errors![0]).toMatchObject({ path: 'items.0.category' });
    expect((await put([])).statusCode).toBe(422);
    expect((await put('x'.repeat(2 * 1024 * 1024))).statusCode).toBe(413);
    expect((await read()).version).toBe(1);
  });

  it('takes away what it no longer offers from orders that stand, and says so', async () => {
    const { session_id } = await test.say('불고기버거 두 개랑 콜라 하나 주세요');
    await put(without(await read(), 'cola'));
    // Between the change and the next turn already.
    expect((await test.kit.session(session_id)).order_data.items.map(({ item_id }) => item_id)).toEqual([
      'bulgogi_burger',
    ]);
    const answer = await test.say('사이다 하나', session_id);
    expect(itemsOf(answer)).toEqual(['bulgogi_burger 2', 'cider 1']);
    expect(answer.message).toContain('메뉴가 바뀌어서');
  });

  it('takes back an order that was read back with other prices', async () => {
    const session_id = await test.readBack();
    await put(priced(await read(), 5_000));
    const { body } = await test.confirm(session_id);
    expect(await test.kit.orders()).toEqual([]);
    expect(body.order_data).toMatchObject({ total_amount: 14_000, order_id: null });
  });

  it('does not change what a placed order cost', async () => {
    const session_id = await test.readBack();
    const { body } = await test.confirm(session_id);
    await put(priced(await read(), 5_000));
    expect((await test.kit.session(session_id)).order_data).toEqual(body.order_data);
    const broken = await test.kit.upload(soundForm(Buffer.from('x'), { session_id }));
    expect(broken.body.order_data).toEqual(body.order_data);
  });

  it('is one for the whole turn: what was read back is what is placed', async () => {
    const ears = new ScriptedEars({ hears: ['네'] });
    let meanwhile = () => Promise.resolve();
    const other = await test.openOther({
      folder: test.kit.folder,
      clock: test.kit.clock,
      ears: stalledEars(ears, () => meanwhile()),
    });
    const session_id = await test.readBack();
    meanwhile = async () => {
      const menu = priced(await read(), 5_000);
      const answer = await other.app.inject({
        method: 'PUT',
        url: '/api/kiosk/menu',
        headers: { host: 'localhost', authorization: 'Bearer manager' },
        payload: menu,
      });
      expect(answer.statusCode).toBe(200);
    };
    const { body } = await other.upload(soundForm(speech, { session_id }));
    expect(body.order_data).toMatchObject({ status: 'confirmed', total_amount: 10_900 });
    const order = await test.kit.app.inject({
      url: `/api/kiosk/orders/${body.order_data!.order_id}`,
      headers: { host: 'localhost' },
    });
    expect(order.json<KioskOrder>().order.total_amount).toBe(10_900);
  });
});
