/** Short forms for an item with a choice, by the names they stand for; taken where the menu has both. */
export const slang: readonly {
  readonly said: readonly string[];
  readonly item: string;
  readonly choice: string | null;
}[] = [
  { said: ['아아', '얼죽아'], item: '아메리카노', choice: '아이스' },
  { said: ['뜨아', '따아'], item: '아메리카노', choice: '따뜻한' },
  { said: ['아바라'], item: '바닐라라떼', choice: '아이스' },
  { said: ['뜨바라'], item: '바닐라라떼', choice: '따뜻한' },
  { said: ['제콜'], item: '제로콜라', choice: null },
  { said: ['불버'], item: '불고기버거', choice: null },
  { said: ['치버'], item: '치즈버거', choice: null },
  { said: ['새버'], item: '새우버거', choice: null },
  { said: ['더치버'], item: '더블치즈버거', choice: null },
];
