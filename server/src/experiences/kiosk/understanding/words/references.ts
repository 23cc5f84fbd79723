import type { OrderOptions } from '@malbeot/protocol';

/** What stands on the order or on the screen, as it was pointed at. */
export type Reference =
  /** 그거, 방금 거: the line last touched. */
  | { readonly type: 'last' }
  /** 첫 번째 거, 마지막 거: counted from 0; negative from the end, -1 being the last. */
  | { readonly type: 'position'; readonly at: number }
  /** 둘 다, 전부; of one category where that was said. */
  | { readonly type: 'every'; readonly categoryId: string | null }
  /** 아이스만, 같은 세트로: the last line that is so; with `every`, all that are. */
  | { readonly type: 'having'; readonly options: OrderOptions; readonly every?: boolean }
  /** 나머지는: the other line of what was last touched. */
  | { readonly type: 'others' }
  /** 아까 그 버거: the last line of that category. */
  | { readonly type: 'category'; readonly categoryId: string };

const LAST: Reference = { type: 'last' };
const at = (position: number): Reference => ({ type: 'position', at: position });
const EVERY: Reference = { type: 'every', categoryId: null };

const KOREAN_ORDINALS = '첫,두,세,네,다섯,여섯,일곱,여덟,아홉';
const ENGLISH_ORDINALS = 'first,second,third,fourth,fifth,sixth,seventh,eighth,ninth';

/** Words that point at what stands on the order or the screen. Commas part them; spaces are only for the eye. */
export const referenceWords: readonly (readonly [words: string, reference: Reference])[] = [
  [
    '그거, 그것, 그걸, 그거요, 이거, 이것, 이걸, 저거, 저것, 저걸, 방금 거, 방금 꺼, 방금 그거, 방금 것, 방금 시킨 거, 방금 시킨, 방금 주문한, 방금 주문한 거, 방금 담은 거, 방금 담은, 방금 말한 거, 방금 추가한 거, 방금, 아까 거, 아까 꺼, 아까 그거, 아까 시킨 거, 아까 시킨, 아까 주문한 거, 아까 주문한, 아까 말한 거, 아까 말한, 아까 담은 거, 아까, 아까 그, 지금 거, 그놈, 고거, 요거',
    LAST,
  ],
  ['that, it, that one, this, this one, them, those, these', LAST],
  [
    '마지막, 마지막 거, 마지막 것, 마지막에 시킨 거, 마지막에 주문한 거, 맨 마지막, 맨 마지막 거, 맨 끝, 맨 끝에 거, 맨 아래, 맨 아래 거, 맨 아래에 거, 맨 밑, 맨 밑에 거, 제일 아래, 제일 아래 거, 제일 밑에 거, 아래 거, 아래에 거, 밑에 거, 끝에 거, 나중 거, 나중에 시킨 거',
    at(-1),
  ],
  ['the last one, last one, the last item, last item, the bottom one, bottom one, the last', at(-1)],
  [
    '위에 거, 위에 것, 위 거, 윗거, 그 위에 거, 바로 위에 거, 바로 위에 것, 위에 있는 거, 위에 시킨 거, 그 전 거, 그 전에 거, 전에 거, 이전 거',
    at(-2),
  ],
  [
    'the one above, one above, the one above that, the one before, the one before that, the previous one',
    at(-2),
  ],
  [
    '맨 위, 맨 위에 거, 맨 위 거, 제일 위, 제일 위에 거, 맨 처음, 맨 처음 거, 처음 거, 처음 시킨 거, 처음에 시킨 거, 처음에 거, 제일 처음 거, 맨 앞에 거, 맨 앞',
    at(0),
  ],
  ['the top one, top one', at(0)],
  [
    '둘 다, 셋 다, 넷 다, 두 개 다, 세 개 다, 네 개 다, 두 잔 다, 세 잔 다, 네 잔 다, 다섯 개 다, 다섯 잔 다',
    EVERY,
  ],
  ['both, either, either of them, each of them, both of them, all of them, all three, all of those', EVERY],
  ...KOREAN_ORDINALS.split(',').map((word, index) => [`${word} 번째`, at(index)] as const),
  ['첫째, 일 번째, 1번째', at(0)],
  ['둘째, 2번째', at(1)],
  ['셋째, 3번째', at(2)],
  ['4번째', at(3)],
  ...ENGLISH_ORDINALS.split(',').map(
    (word, index) =>
      [`the ${word} one, ${word} one, the ${word}, the ${word} item, ${word} item`, at(index)] as const,
  ),
];
