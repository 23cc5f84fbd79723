import type { KioskMenuItem, OrderOptions } from '@malbeot/protocol';
import { countingWords, nativeWords, sinoWords } from '../../../../language/number-words.ts';
import type { Menu } from '../../menu.ts';

/** Numbers that look random and are the same every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Something wanted, and the words for it. */
export interface Wanted {
  readonly itemId: string;
  readonly quantity: number;
  readonly options: OrderOptions;
}

/** An order in words, with what has to be understood. */
export interface GeneratedOrder {
  readonly said: string;
  readonly wanted: readonly Wanted[];
}

type Pick = <T>(from: readonly T[]) => T;

const LINKS = ['', '랑', '하고', ' 그리고', ',', '이요'];
const ENDINGS = [
  '주세요',
  '줘',
  '주시겠어요',
  '할게요',
  '부탁드려요',
  '주실래요',
  '주실 수 있어요',
  '먹을게요',
  '시킬게요',
  '주문할게요',
  '담아 주세요',
  '주십시오',
  '주시면 돼요',
  '갖다 주세요',
  '',
];
const OPENINGS = ['', '저기요 ', '음 ', '안녕하세요 ', '네 ', '여기 ', '저는 ', '그럼 ', '일단 '];

/** Makes orders of a menu in Korean: every word order, numeral, option and ending against every other. */
export function generateKorean(menu: Menu, random: () => number): GeneratedOrder {
  const pick: Pick = (from) => from[Math.floor(random() * from.length)]!;
  const chance = (share: number) => random() < share;
  const items = menu.items.filter(({ available }) => available);
  const count = pick([1, 1, 2, 2, 3, 4]);
  const numberFirst = chance(0.12);
  const parts = Array.from({ length: count }, () => part(menu, pick(items), numberFirst, pick, chance));
  const said = parts.map(({ words }, at) => {
    if (at === parts.length - 1) return words;
    const link = numberFirst ? pick(['', ',']) : pick(LINKS);
    return words + joinable(words, link);
  });
  // 네 다섯 would be four or five.
  const opening = pick(numberFirst ? OPENINGS.filter((words) => words !== '네 ') : OPENINGS);
  const spaced = `${opening}${said.join(' ')} ${pick(ENDINGS)}`.trim();
  return { said: chance(0.15) ? withoutSpaces(spaced) : spaced, wanted: parts.map(({ wanted }) => wanted) };
}

function part(
  menu: Menu,
  item: KioskMenuItem,
  numberFirst: boolean,
  pick: Pick,
  chance: (share: number) => boolean,
) {
  const before: string[] = [];
  const after: string[] = [];
  const options: Record<string, string | readonly string[]> = {};
  const quantity = chance(0.3) ? 1 : 1 + Math.floor(pick([0, 1, 2, 3, 4, 5, 7, 9, 11, 14, 19]));
  const isSet = item.options.includes('variant') && chance(0.4);
  if (isSet) {
    const variant = pick(['set', 'set', 'large_set']);
    options['variant'] = variant;
    after.push(variant === 'set' ? '세트' : '라지세트');
    if (chance(0.4)) chooseMarked(menu, 'drink', options, after, pick);
    if (chance(0.25)) chooseMarked(menu, 'side', options, after, pick);
  }
  if (item.options.includes('temperature') && chance(0.9)) {
    const [choice, adnominal, adverbial] = pick([
      ['hot', '따뜻한', '따뜻하게'],
      ['hot', '뜨거운', '뜨거운 걸로'],
      ['iced', '아이스', '아이스로'],
      ['iced', '차가운', '차갑게'],
    ]) as [string, string, string];
    options['temperature'] = choice;
    if (numberFirst || chance(0.5)) before.push(adnominal);
    else after.push(adverbial);
  }
  if (item.options.includes('size') && chance(0.35)) {
    options['size'] = 'large';
    if (numberFirst || chance(0.4)) before.push(pick(['라지', '큰']));
    else after.push(pick(['라지로', '큰 걸로', '라지 사이즈로']));
  }
  if (item.options.includes('remove') && !numberFirst && chance(0.25)) {
    const choice = pick(menu.option_groups['remove']!.choices);
    options['remove'] = [choice.id];
    if (chance(0.4)) before.unshift(`${choice.name} ${pick(['뺀', '없는'])}`);
    else after.push(`${choice.name} ${pick(['빼고', '없이'])}`);
  } else if (item.options.includes('add') && !numberFirst && chance(0.2)) {
    const choice = pick(menu.option_groups['add']!.choices);
    options['add'] = [choice.id];
    if (chance(0.3)) before.unshift(`${choice.name} 추가한`);
    else after.push(`${choice.name} ${pick(['추가해서', '넣어서', '추가하고'])}`);
  }
  const amount = amountOf(item, quantity, pick);
  const name = pick([item.name, item.name, ...item.aliases]);
  const words = numberFirst ? [amount, ...before, name, ...after] : [...before, name, ...after, amount];
  return { words: words.join(' '), wanted: { itemId: item.item_id, quantity, options } };
}

function chooseMarked(
  menu: Menu,
  groupId: string,
  options: Record<string, string | readonly string[]>,
  after: string[],
  pick: Pick,
): void {
  const group = menu.option_groups[groupId]!;
  const choice = pick(group.choices.filter(({ id }) => id !== group.default));
  const fallback = group.choices.find(({ id }) => id === group.default)!;
  options[groupId] = choice.id;
  const marked = `${choice.name}${/[가-힣]$/.test(choice.name) && hasCoda(choice.name) ? '으로' : '로'}`;
  const noun = group.name.split(' ').at(-1)!;
  after.push(
    pick([
      marked,
      `${fallback.name} 말고 ${marked}`,
      `${noun}는 ${marked}`,
      `${fallback.name} 대신 ${marked}`,
    ]),
  );
}

function amountOf({ category }: KioskMenuItem, quantity: number, pick: Pick): string {
  const counter = category === 'drink' || category === 'coffee' ? '잔' : '개';
  return pick([
    `${countingWords(quantity)} ${counter}`,
    `${countingWords(quantity)}${counter}`,
    nativeWords(quantity),
    `${quantity}${counter}`,
    `${quantity} ${counter}`,
    ...(category === 'side' ? [`${sinoWords(quantity)} 인분`, `${quantity}인분`] : []),
  ]);
}

function joinable(words: string, link: string): string {
  if (link === '랑') return hasCoda(words) ? '이랑' : '랑';
  if (link === '이요') return hasCoda(words) ? '이요' : '요';
  return link;
}

function hasCoda(word: string): boolean {
  const code = word.charCodeAt(word.length - 1) - 0xac00;
  return code >= 0 && code % 28 !== 0;
}

/** As a recogniser writes it that leaves spaces out; digits keep theirs. */
function withoutSpaces(text: string): string {
  return text.replaceAll(/(?<=[가-힣]) (?=[가-힣])/g, '');
}

const NUMBER_WORDS = [
  'a',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** Makes orders of a menu in English. */
export function generateEnglish(menu: Menu, random: () => number): GeneratedOrder {
  const pick: Pick = (from) => from[Math.floor(random() * from.length)]!;
  const chance = (share: number) => random() < share;
  const items = menu.items.filter(({ available }) => available);
  const count = pick([1, 2, 2, 3]);
  // A set with something, and something: only the last one says with.
  const parts = Array.from({ length: count }, (_, at) =>
    englishPart(menu, pick(items), at === count - 1, pick, chance),
  );
  const words = parts.map((one) => one.words);
  const list = words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
  const said = pick([
    `${list} please`,
    `can I get ${list}`,
    `I'd like ${list}`,
    `could I have ${list}, please`,
    `I'll have ${list}`,
    `hi, let me get ${list}, thanks`,
    list,
  ]);
  return { said, wanted: parts.map(({ wanted }) => wanted) };
}

function englishPart(
  menu: Menu,
  item: KioskMenuItem,
  isLast: boolean,
  pick: Pick,
  chance: (share: number) => boolean,
) {
  const before: string[] = [];
  const after: string[] = [];
  const options: Record<string, string | readonly string[]> = {};
  const quantity = 1 + Math.floor(pick([0, 0, 1, 2, 3, 5, 11]));
  const plural = quantity > 1;
  if (item.options.includes('temperature') && chance(0.9)) {
    options['temperature'] = pick(['hot', 'iced']);
    before.push(options['temperature'] as string);
  }
  if (item.options.includes('size') && chance(0.35)) {
    options['size'] = 'large';
    before.unshift('large');
  }
  let name = pick([item.name_en.replace(/\s*\(.*\)/, ''), ...item.aliases_en]).toLowerCase();
  if (item.options.includes('variant') && chance(0.4)) {
    options['variant'] = 'set';
    name += plural ? pick([' sets', ' combos']) : pick([' set', ' meal', ' combo']);
    if (isLast && chance(0.5)) {
      const choice = pick(menu.option_groups['drink']!.choices.filter(({ id }) => id !== 'cola'));
      options['drink'] = choice.id;
      after.push(`with ${choice.name_en.replace(/\s*\(.*\)/, '').toLowerCase()}`);
    }
  } else if (plural && !name.endsWith('s')) name += 's';
  if (item.options.includes('remove') && after.length === 0 && chance(0.3)) {
    const choice = pick(menu.option_groups['remove']!.choices);
    options['remove'] = [choice.id];
    after.push(`${pick(['without', 'with no', 'no'])} ${choice.name_en.toLowerCase()}`);
  }
  const number = pick([NUMBER_WORDS[quantity - 1]!, String(quantity)]);
  return {
    words: [number, ...before, name, ...after].join(' '),
    wanted: { itemId: item.item_id, quantity, options },
  };
}
