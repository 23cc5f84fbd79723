import type { KioskAction } from '@malbeot/protocol';

/**
 * What a request may bring about, as a person would judge it who has never seen the server's code. The checks hold the server
 * to it: what is not in here must not happen.
 */
export interface Meaning {
  /** A plain yes, to whatever was asked. */
  readonly agrees: boolean;
  /** A yes with something else: it may answer what was asked, and can be no yes to an order, which the rest of it changes. */
  readonly saysYes: boolean;
  /** Names the read-back that is agreed to; null for words, and taps without one. */
  readonly readBack: string | null;
  /** True for a tap: two within a second are a double tap. */
  readonly tapped: boolean;
  /** How the customer wants to pay. */
  readonly pays: string | null;
  /** Items of which there may be fewer. */
  readonly fewer: readonly string[] | 'any';
  /** How many more of an item there may be at most, or in all where `inAll`. */
  readonly more: Readonly<Record<string, number>> | 'any';
  /** Leads to the question whether everything shall go. */
  readonly clears: boolean;
}

const NOTHING: Meaning = {
  agrees: false,
  saysYes: false,
  readBack: null,
  tapped: false,
  pays: null,
  fewer: [],
  more: {},
  clears: false,
};

export interface Phrase {
  readonly words: string;
  readonly meaning: Meaning;
}

const phrase = (words: string, meaning: Partial<Meaning> = {}): Phrase => ({
  words,
  meaning: { ...NOTHING, ...meaning },
});
const anything = { fewer: 'any', more: 'any' } as const;
const allGone = { fewer: 'any', clears: true } as const;

const items = [
  ['불고기버거', 'bulgogi_burger', '개'],
  ['치즈버거 세트', 'cheese_burger', '개'],
  ['콜라', 'cola', '잔'],
  ['사이다', 'cider', '잔'],
  ['아메리카노', 'americano', '잔'],
  ['아이스 카페라떼', 'cafe_latte', '잔'],
  ['감자튀김', 'french_fries', '개'],
  ['애플파이', 'apple_pie', '개'],
  ['초코선데이', 'choco_sundae', '개'],
] as const;
const amounts = [
  ['하나', 1],
  ['두 %', 2],
  ['세 %', 3],
  ['4%', 4],
] as const;

/** Things ordered, with exact amounts. */
export const orders: readonly Phrase[] = [
  ...items.flatMap(([name, id, counter]) =>
    amounts.map(([amount, count]) =>
      phrase(`${name} ${amount.replace('%', counter)} 주세요`, { more: { [id]: count } }),
    ),
  ),
  phrase('불고기버거 두 개랑 콜라 하나 주세요', { more: { bulgogi_burger: 2, cola: 1 } }),
  phrase('치즈버거 하나 콜라 두 잔이요', { more: { cheese_burger: 1, cola: 2 } }),
  phrase('two colas please', { more: { cola: 2 } }),
  phrase('one cheeseburger and one cider', { more: { cheese_burger: 1, cider: 1 } }),
];

/** Orders that have to be asked about, and what else changes what is wanted. */
export const corrections: readonly Phrase[] = [
  phrase('콜라 스물다섯 잔 주세요'),
  phrase('콜라 한두 잔 주세요'),
  phrase('불고기 보고 하나 주세요', { more: { bulgogi_burger: 1 } }),
  phrase('피자 두 판 주세요'),
  phrase('하나 더 주세요', { more: 'any' }),
  phrase('같은 걸로 하나 더요', { more: 'any' }),
  phrase('콜라 빼 주세요', { fewer: ['cola'] }),
  phrase('콜라 하나 빼 주세요', { fewer: ['cola'] }),
  phrase('그거 빼 주세요', { fewer: 'any' }),
  phrase('방금 거 취소해 주세요', { fewer: 'any', clears: true }),
  phrase('콜라 말고 사이다로 주세요', { fewer: ['cola'], more: { cider: 99 } }),
  phrase('아니 콜라 두 잔 말고 세 잔이요', { fewer: ['cola'], more: { cola: 3 } }),
  phrase('두 개로 바꿔 주세요', anything),
  phrase('세트로 바꿔 주세요'),
  phrase('양파 빼 주세요'),
  phrase('라지로 해 주세요'),
  phrase('아이스로요'),
  phrase('따뜻한 거요'),
  phrase('네 개요', anything),
  phrase('네 잔으로 해 주세요', anything),
];

/** Everything shall go. */
export const clearings: readonly Phrase[] = [
  phrase('전부 취소해 주세요', allGone),
  phrase('다 취소할게요', allGone),
  phrase('처음부터 다시 할게요', allGone),
  phrase('취소', allGone),
  phrase('cancel everything', allGone),
];

/** Says yes. What it says yes to, the customer has just heard. */
export const yeses: readonly Phrase[] = [
  phrase('네', { agrees: true }),
  phrase('네 맞아요', { agrees: true }),
  phrase('네네', { agrees: true }),
  phrase('응', { agrees: true }),
  phrase('yes', { agrees: true }),
];

/** Wants to finish: said when the order was just read back, a yes to it. */
export const finishes: readonly Phrase[] = [
  phrase('주문할게요', { agrees: true }),
  phrase('그게 다예요', { agrees: true }),
  phrase('이대로 주문해 주세요', { agrees: true }),
  phrase("that's all", { agrees: true }),
];

/** How to pay, with or without the wish to. */
export const payments: readonly Phrase[] = [
  phrase('카드로 결제할게요', { agrees: true, pays: 'card' }),
  phrase('카드로 할게요', { agrees: true, pays: 'card' }),
  phrase('네 카드로 결제할게요', { agrees: true, pays: 'card' }),
  phrase('카카오페이로 결제할게요', { agrees: true, pays: 'mobile_pay' }),
  phrase('현금으로 낼게요', { agrees: true, pays: 'counter' }),
  phrase('카운터에서 결제할게요', { agrees: true, pays: 'counter' }),
  phrase('결제할게요', { agrees: true }),
  phrase('pay by card please', { agrees: true, pays: 'card' }),
];

/** Sounds like a yes or a payment and is none: nothing may be placed or charged by it. */
export const traps: readonly Phrase[] = [
  phrase('아니요'),
  phrase('아니 잠깐만요'),
  phrase('네 콜라도 하나 주세요', { saysYes: true, more: { cola: 1 } }),
  phrase('네 근데 콜라는 빼 주세요', { saysYes: true, fewer: ['cola'] }),
  phrase('네 아니요', { saysYes: true }),
  phrase('네 아메리카노 하나 추가요', { saysYes: true, more: { americano: 1 } }),
  phrase('카드 돼요?'),
  phrase('카드로 결제할 수 있어요?'),
  phrase('결제 취소할게요', { fewer: 'any', clears: true }),
  phrase('결제 그만할게요', { fewer: 'any', clears: true }),
  phrase('no'),
  phrase('wait, not yet'),
];

/** Talk that changes nothing of the order. */
export const chatter: readonly Phrase[] = [
  phrase('얼마예요?'),
  phrase('다시 말해 주세요'),
  phrase('직원 불러 주세요'),
  phrase('포장이요'),
  phrase('매장에서 먹을게요'),
  phrase('콜라 있어요?'),
  phrase('뭐가 맛있어요?'),
  phrase('불고기버거 매워요?'),
  phrase('천천히 말해 주세요'),
  phrase('감사합니다'),
  phrase('뀨뀨까까'),
  phrase('영어로 해 주세요'),
  phrase('한국어로 해 주세요'),
  phrase('English please'),
  phrase('안녕하세요'),
];

/** What a tap may bring about. `itemAt`: the item of a line of the order, as it stands. */
export function meaningOfTap(tap: KioskAction, itemAt: (line: number) => string | undefined): Meaning {
  const tapped = { ...NOTHING, tapped: true };
  switch (tap.type) {
    case 'add':
      return { ...tapped, more: { [tap.item_id]: tap.quantity ?? 1 } };
    case 'set_quantity': {
      const item = itemAt(tap.line);
      return item === undefined ? tapped : { ...tapped, fewer: [item], more: { [item]: tap.quantity } };
    }
    case 'remove': {
      const item = itemAt(tap.line);
      return item === undefined ? tapped : { ...tapped, fewer: [item] };
    }
    case 'clear':
    case 'cancel':
    case 'start_over':
      return { ...tapped, ...allGone };
    case 'confirm':
      return { ...tapped, agrees: true, readBack: tap.read_back ?? null };
    case 'pay':
      return { ...tapped, agrees: true, pays: tap.method };
    case 'set_options':
    case 'dine':
    case 'language':
    case 'repeat':
    case 'call_staff':
      return tapped;
  }
}

/** What either of two requests at the same time may bring about, the one answering the other included. */
export function either(one: Meaning, other: Meaning): Meaning {
  // What the other one led the server to ask is what the yes was taken for.
  const isYes = [one, other].some(({ agrees, saysYes }) => agrees || saysYes);
  const isYesToGone = isYes && (one.clears || other.clears);
  const items = (meaning: Meaning) => (meaning.more === 'any' ? {} : meaning.more);
  return {
    ...one,
    fewer:
      one.fewer === 'any' || other.fewer === 'any' || isYesToGone ? 'any' : [...one.fewer, ...other.fewer],
    more: isYes || one.more === 'any' || other.more === 'any' ? 'any' : sum(items(one), items(other)),
    clears: one.clears || other.clears,
  };
}

function sum(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const all = { ...one };
  for (const [item, count] of Object.entries(other)) all[item] = (all[item] ?? 0) + count;
  return all;
}
