/** Short forms for an item, with a choice or without, by the names they stand for; taken where the menu has both. */
export const itemSlang: readonly {
  readonly said: readonly string[];
  readonly item: string;
  readonly choice: string | null;
}[] = [
  { said: ['아아'], item: '아메리카노', choice: '아이스' },
  { said: ['뜨아', '따아', '뜨아메', '따뜻아메'], item: '아메리카노', choice: '따뜻한' },
  { said: ['얼죽아'], item: '아메리카노', choice: '아이스' },
  { said: ['아라', '아카라'], item: '카페라떼', choice: '아이스' },
  { said: ['뜨라', '따라떼', '뜨카라'], item: '카페라떼', choice: '따뜻한' },
  { said: ['아바라'], item: '바닐라라떼', choice: '아이스' },
  { said: ['뜨바라', '따바라', '핫바라'], item: '바닐라라떼', choice: '따뜻한' },
  { said: ['바라'], item: '바닐라라떼', choice: null },
  { said: ['제콜', '제로콜', '콜제'], item: '제로콜라', choice: null },
  { said: ['불버', '불고기햄버거'], item: '불고기버거', choice: null },
  { said: ['치버', '치즈햄버거'], item: '치즈버거', choice: null },
  { said: ['새버', '새우햄버거'], item: '새우버거', choice: null },
  { said: ['치킨햄버거'], item: '치킨버거', choice: null },
  { said: ['더치버', '더블치버', '더블치즈햄버거'], item: '더블치즈버거', choice: null },
  { said: ['베토', '베토버'], item: '베이컨토마토버거', choice: null },
  { said: ['매치버', '매운치버'], item: '매운치킨버거', choice: null },
  { said: ['오쥬', '오주'], item: '오렌지주스', choice: null },
  { said: ['후렌치후라이', '프렌치후라이', '후라이', '감자'], item: '감자튀김', choice: null },
  { said: ['소콘'], item: '소프트아이스크림', choice: null },
  { said: ['물', '워터'], item: '생수', choice: null },
  { said: ['미네랄워터', 'mineral water', 'still water'], item: '생수', choice: null },
  { said: ['french fry', 'chips'], item: '감자튀김', choice: null },
  { said: ['coca cola', 'cokes'], item: '콜라', choice: null },
  {
    said: ['zero', 'diet cola', 'cola zero', 'zero sugar coke', 'coke zeros'],
    item: '제로콜라',
    choice: null,
  },
  { said: ['cafe latte'], item: '카페라떼', choice: null },
  { said: ['oj', 'orange juices'], item: '오렌지주스', choice: null },
  { said: ['ice cream cone', 'soft cone'], item: '소프트아이스크림', choice: null },
];

/** Other words for a choice, by its name; taken where the menu has it. */
export const choiceSlang: readonly { readonly said: readonly string[]; readonly choice: string }[] = [
  {
    said: ['셋트', '콤보', '세트메뉴', '세트 메뉴', 'combo', 'meal', 'set meal', 'combo meal'],
    choice: '세트',
  },
  {
    said: [
      '라지 셋트',
      '큰 세트',
      '라지 콤보',
      '라지 세트 메뉴',
      '세트 라지',
      'large combo',
      'large meal',
      'big set',
    ],
    choice: '라지세트',
  },
  {
    said: ['단품만', '단품 버거', 'burger only', 'only the burger', 'just the burger', 'a la carte'],
    choice: '단품',
  },
  {
    said: [
      '따뜻',
      '따뜻하게',
      '따듯한',
      '따끈한',
      '따끈하게',
      '뜨겁게',
      '뜨거운',
      '뜨끈한',
      '핫으로',
      '따신',
      '더운',
      'warm',
    ],
    choice: '따뜻한',
  },
  {
    said: ['차갑게', '시원하게', '찬 거', '찬 걸로', '찬 것', '차게', 'ice', 'cold', 'chilled'],
    choice: '아이스',
  },
  {
    said: ['크게', '큰 걸', '큰 것', '큰 사이즈', '대자', '엘 사이즈', '라지 사이즈', 'big', 'big size'],
    choice: '라지',
  },
  {
    said: [
      '작게',
      '작은 거',
      '작은 걸',
      '작은 것',
      '스몰',
      '기본',
      '기본 사이즈',
      '보통 거',
      '중간 거',
      'small',
      'medium',
      'normal',
    ],
    choice: '보통',
  },
  { said: ['오이피클', '오이 피클'], choice: '피클' },
  { said: ['마요', 'mayo'], choice: '마요네즈' },
  { said: ['상추'], choice: '양상추' },
  { said: ['어니언'], choice: '양파' },
  { said: ['치즈 한 장', '슬라이스 치즈', '치즈 슬라이스'], choice: '치즈' },
  { said: ['패티 한 장', '고기 패티'], choice: '패티' },
  { said: ['계란후라이', '계란 프라이'], choice: '계란' },
];

/** Other words for what is chosen in a group of options, by the last word of its name. */
export const groupSlang: readonly { readonly said: readonly string[]; readonly group: string }[] = [
  { said: ['음료수', '드링크', '마실 거는', 'beverage'], group: '음료' },
  { said: ['사이드 메뉴', '사이드메뉴'], group: '사이드' },
];

/** What recognisers write for a choice that was asked for; taken only as an answer to that question. */
export const misheardChoices: readonly { readonly said: readonly string[]; readonly choice: string }[] = [
  { said: ['i see', 'ice', 'eyes', '아이셀', '아이세', '아이쓰', '아이시'], choice: '아이스' },
  { said: ['hat', 'hut', '핟', '홋', '합'], choice: '따뜻한' },
];
