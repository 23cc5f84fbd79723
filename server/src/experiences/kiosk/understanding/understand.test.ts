import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedMenu } from '../testing.ts';
import type { Act, SaidItem } from './acts.ts';
import { understand } from './understand.ts';

const menu = shippedMenu();
const acts = (text: string, groupId: string | null = null) => understand(text, menu, { groupId }).acts;

/** Acts in a few letters: `add cola 2`, `add americano 1 {"temperature":"iced"}`. */
function brief(act: Act): string {
  const item = (said: Partial<SaidItem>) =>
    [
      said.itemId,
      said.vague === true ? 'vague' : said.quantity,
      said.more === true ? 'more' : null,
      Object.keys(said.options ?? {}).length > 0 ? JSON.stringify(said.options) : null,
      (said.cannot ?? []).length > 0 ? `can not ${said.cannot!.join(', ')}` : null,
    ]
      .filter((part) => part != null)
      .join(' ');
  switch (act.type) {
    case 'add':
    case 'remove':
    case 'change':
      return `${act.type} ${item(act.item)}`;
    case 'replace':
      return `replace ${act.fromItemId ?? 'last'} by ${item(act.item)}`;
    case 'loose':
      return `${act.said.intent === 'add' ? 'loose' : act.said.intent} ${item(act.said)}`.trim();
    case 'unsure':
      return `unsure ${act.nearest.join('/')}`;
    case 'unknown-item':
      return `unknown-item ${act.said}`;
    case 'category':
      return `category ${act.categoryId} ${act.item.quantity}`;
    case 'ask':
      return ['ask', act.about, act.itemId ?? act.categoryId].filter((part) => part !== null).join(' ');
    case 'dine':
      return `dine ${act.where}`;
    case 'pay':
      return `pay ${act.method}`;
    case 'speech':
      return act.what;
    case 'language':
      return `language ${act.language}`;
    default:
      return act.type;
  }
}

describe('understand', () => {
  it.each([
    ['불고기버거 두 개랑 콜라 하나 주세요', ['add bulgogi_burger 2', 'add cola 1']],
    ['불고기버거두개랑콜라하나주세요', ['add bulgogi_burger 2', 'add cola 1']],
    ['두 개 콜라 세 개 사이다', ['add cola 2', 'add cider 3']],
    ['콜라 2 사이다 3', ['add cola 2', 'add cider 3']],
    ['콜라랑 사이다 두 개씩', ['add cola 2', 'add cider 2']],
    ['불고기버거 두 세트', ['add bulgogi_burger 2 {"variant":"set"}']],
    ['아아 두 잔', ['add americano 2 {"temperature":"iced"}']],
    ['콜라 하나 더', ['add cola 1 more']],
    ['콜라 한두 잔', ['add cola vague']],
    ['콜라 둘 아니 셋', ['add cola 3']],
    ['콜라 하나 빼 줘', ['remove cola 1']],
    ['콜라랑 사이다 빼 주세요', ['remove cola', 'remove cider']],
    ['콜라 빼고 사이다 하나 주세요', ['remove cola', 'add cider 1']],
    ['콜라 말고 사이다로 주세요', ['replace cola by cider']],
    ['콜라를 사이다로 바꿔 주세요', ['replace cola by cider']],
    ['그거 말고 사이다로 주세요', ['replace last by cider']],
    ['불고기버거 세트로 바꿔 주세요', ['change bulgogi_burger {"variant":"set"}']],
    ['양파 빼 주세요', ['loose {"remove":["onion"]}']],
    ['네 개요', ['loose 4']],
    ['하나는 취소해 주세요', ['remove 1']],
    ['같은 걸로 두 개 더요', ['loose 2 more']],
    ['아니 두 개 말고 세 개', ['no', 'change 3']],
    ['두 개로 바꿔 주세요', ['change 2']],
  ])('%s', (text, expected) => expect(acts(text).map(brief)).toEqual(expected));

  it.each([
    ['네', ['yes']],
    ['네네 맞아요', ['yes']],
    ['아니요', ['no']],
    ['됐어요', ['enough']],
    ['그게 다예요', ['finish']],
    ['주문할게요', ['finish']],
    ['네 주문할게요', ['yes', 'finish']],
    ['카드로 결제할게요', ['pay card', 'finish']],
    ['취소', ['cancel-all']],
    ['전부 취소하고 콜라 하나 주세요', ['cancel-all', 'add cola 1']],
    ['처음부터 다시 할게요', ['start-over']],
    ['직원 불러 주세요', ['staff']],
    ['사장님 여기 좀 와 주세요', ['staff']],
    ['주세요', ['yes']],
    ['피클 많이 넣어 주세요', ['loose can not 피클 많이']],
    ['콜라 시키다가 직원 좀 불러 주세요', ['staff']],
    ['다시 말해 주세요', ['repeat']],
    ['도와주세요', ['help']],
    ['주문 확인해 주세요', ['review']],
    ['포장해 주세요', ['dine out']],
    ['먹고 갈게요', ['dine in']],
    ['천천히 말해 주세요', ['slower']],
    ['더 크게 말해 줘', ['louder']],
    ['영어로 해 주세요', ['language en']],
    ['English please', ['language en']],
    ['안녕하세요', ['greeting']],
    ['콜라 얼마예요', ['ask price cola']],
    ['전부 얼마예요', ['ask price']],
    ['버거 뭐 있어요', ['ask menu burger']],
    ['인기 메뉴 뭐예요', ['ask popular']],
    ['콜라 있어요', ['ask have cola']],
    ['새우버거 알레르기 있어요', ['ask allergy shrimp_burger']],
    ['매운 거 있어요', ['ask spicy']],
    ['뀨뀨까까', ['unknown']],
    ['', ['unknown']],
    ['cancel everything', ['cancel-all']],
    ["that's all", ['finish']],
    ['no', ['no']],
    ['no onions please', ['loose {"remove":["onion"]}']],
  ])('%j outside of items', (text, expected) => expect(acts(text).map(brief)).toEqual(expected));

  it('asks for what it does not surely know, and never guesses', () => {
    expect(acts('딸기라떼 하나 주세요').map(brief)).toEqual(['unsure cafe_latte']);
    expect(acts('피자 하나 주세요').map(brief)).toEqual(['unknown-item 피자']);
    expect(acts('한우버거 하나').map(brief)).toEqual(['unknown-item 한우버거']);
    expect(acts('버거 하나 주세요').map(brief)).toEqual(['category burger 1']);
    expect(acts('버거 세트 하나 주세요').map(brief)).toEqual(['category burger 1']);
  });

  it('takes a name for the answer where its group was just asked for', () => {
    expect(acts('콜라요', 'drink').map(brief)).toEqual(['loose {"drink":"cola"}']);
    expect(acts('콜라요').map(brief)).toEqual(['add cola']);
  });

  it('is surer of what was said clearly', () => {
    const sure = (text: string) => understand(text, menu, { groupId: null }).confidence;
    expect(sure('불고기버거 하나 주세요')).toBe(1);
    expect(sure('불고기 보고 하나 주세요')).toBeLessThan(1);
    expect(sure('딸기라떼 하나 주세요')).toBeLessThanOrEqual(0.5);
    expect(sure('뀨뀨까까')).toBe(0);
  });

  it('stays within the menu whatever it is given', () => {
    const heard = readFileSync(
      new URL('../../../../models/demo-ear/samples/orders-npm-default-voice.tsv', import.meta.url),
      'utf8',
    );
    const odd = [
      '  ',
      '!!!',
      '\u0000',
      '개'.repeat(1_000),
      '네'.repeat(500),
      '12345678901234567890',
      '콜라 '.repeat(100),
      '🍔',
      'ㅋㅋㅋ',
    ];
    for (const text of [...heard.split(/[\t\n]/), ...odd]) {
      for (const act of acts(text)) {
        if (act.type === 'add') expect(menu.itemsById.has(act.item.itemId), text).toBe(true);
      }
    }
  });
});
