/** Endings by the form of the stem that they follow. */
const AFTER_A = [
  '',
  '요',
  '서',
  '서요',
  '라',
  '봐',
  '봐요',
  '두',
  '둬',
  '다',
  '야',
  '야겠어요',
  '갖고',
  '가지고',
];
const AFTER_STEM = [
  '고',
  '고요',
  '구',
  '구요',
  '고서',
  '는데',
  '는데요',
  '자',
  '지',
  '시고',
  '시고요',
  '시구요',
  '시면',
  '시는데',
  '시는데요',
  '세요',
  '시죠',
  '겠습니다',
  '겠어요',
  '기',
  '게',
  '고 싶어요',
  '고 싶은데요',
  '고 싶어',
  '고 싶습니다',
  '고 싶은데',
];
const AFTER_EU = [
  '려고',
  '려고요',
  '려는데',
  '려는데요',
  '려고 하는데요',
  '면',
  '면 돼요',
  '면 됩니다',
  '면 좋겠어요',
  '러',
  '시죠',
  '십시오',
  '이소',
];
const AFTER_L = [
  '게',
  '게요',
  '께',
  '께요',
  '게용',
  '래',
  '래요',
  '까',
  '까요',
  '거',
  '거야',
  '거예요',
  '거에요',
  '건데',
  '건데요',
  '거고',
  '거고요',
  '수 있어요',
  '수 있나요',
  '수 있을까요',
  '수 있어',
  '수 있죠',
  '수 있습니까',
];

/** The forms in which people say a verb at a counter. */
export function formsOf({ a, stem, eu = stem, l }: Verb): readonly string[] {
  return [
    ...AFTER_A.map((ending) => a + ending),
    ...AFTER_STEM.map((ending) => stem + ending),
    ...AFTER_EU.map((ending) => eu + ending),
    ...AFTER_L.map((ending) => l + ending),
  ];
}

/** A verb by the stems that its endings follow: 바꿔, 바꾸, 바꿀; 먹어, 먹, 먹으, 먹을. */
export interface Verb {
  /** Before -요, -서. */
  readonly a: string;
  /** Before -고, -는데. */
  readonly stem: string;
  /** Before -려고, -면; the stem where it ends in a vowel. */
  readonly eu?: string;
  /** Before 게요, 래요. */
  readonly l: string;
}

export const removeVerbs: readonly Verb[] = [
  { a: '빼', stem: '빼', l: '뺄' },
  { a: '없애', stem: '없애', l: '없앨' },
  { a: '지워', stem: '지우', l: '지울' },
  { a: '덜어', stem: '덜', eu: '덜', l: '덜' },
  { a: '줄여', stem: '줄이', l: '줄일' },
  { a: '제외해', stem: '제외하', l: '제외할' },
  { a: '제거해', stem: '제거하', l: '제거할' },
  { a: '삭제해', stem: '삭제하', l: '삭제할' },
];

export const changeVerbs: readonly Verb[] = [
  { a: '바꿔', stem: '바꾸', l: '바꿀' },
  { a: '바꾸어', stem: '바꾸', l: '바꿀' },
  { a: '변경해', stem: '변경하', l: '변경할' },
  { a: '교체해', stem: '교체하', l: '교체할' },
  { a: '교환해', stem: '교환하', l: '교환할' },
  { a: '수정해', stem: '수정하', l: '수정할' },
  { a: '업그레이드해', stem: '업그레이드하', l: '업그레이드할' },
  { a: '고쳐', stem: '고치', l: '고칠' },
  { a: '늘려', stem: '늘리', l: '늘릴' },
];

export const addVerbs: readonly Verb[] = [
  { a: '추가해', stem: '추가하', l: '추가할' },
  { a: '넣어', stem: '넣', eu: '넣으', l: '넣을' },
  { a: '올려', stem: '올리', l: '올릴' },
  { a: '얹어', stem: '얹', eu: '얹으', l: '얹을' },
  { a: '더해', stem: '더하', l: '더할' },
];

export const wantVerbs: readonly Verb[] = [
  { a: '담아', stem: '담', eu: '담으', l: '담을' },
  { a: '시켜', stem: '시키', l: '시킬' },
  { a: '먹어', stem: '먹', eu: '먹으', l: '먹을' },
  { a: '묵어', stem: '묵', eu: '묵으', l: '묵을' },
  { a: '마셔', stem: '마시', l: '마실' },
  { a: '골라', stem: '고르', l: '고를' },
  { a: '가져다', stem: '가져가', l: '가져올' },
  { a: '선택해', stem: '선택하', l: '선택할' },
  { a: '주문해', stem: '주문하', l: '주문할' },
];

export const cancelVerbs: readonly Verb[] = [
  { a: '취소해', stem: '취소하', l: '취소할' },
  { a: '물러', stem: '무르', l: '무를' },
];

/** 가다, of which the way is said before it: 포장해 갈게요, 먹고 갈게요. */
export const goVerb: Verb = { a: '가', stem: '가', l: '갈' };

/** 두다, of which the way is said before it: 그대로 둬, 놔둬. */
export const keepVerb: Verb = { a: '둬', stem: '두', l: '둘' };

/** 얼마예요, 포함인가요: the forms in which a noun is asked about. */
export function questionsWith(noun: string): readonly string[] {
  return [
    ...COPULA.map((ending) => noun + ending),
    // 얼만가요: said in one after a vowel.
    ...(endsInVowel(noun) ? SHORT_COPULA.map((ending) => withFinalN(noun) + ending) : []),
  ];
}

/** Polite endings, and what is said for them in the south-east and the middle of the country. */
const DIALECTS: readonly (readonly [ending: RegExp, said: readonly string[]])[] = [
  [/(?<=[가-힣].|[줘봐해])요$/, ['예', '유']],
  [/습니다$/, ['심더', '심니더']],
  [/([겠])어요$/, ['$1심더']],
  [/(?<=[가-힣])주세요$/, ['주이소', '주이소예', '주입시더', '주쇼잉', '주쇼']],
];

/** A word as it is said in dialects: 됐심더, 할게예, 줘유. */
export function inDialects(word: string): readonly string[] {
  return DIALECTS.flatMap(([ending, said]) =>
    ending.test(word) ? said.map((other) => word.replace(ending, other)) : [],
  );
}

const COPULA = [
  '예요',
  '에요',
  '이에요',
  '이예요',
  '야',
  '인가요',
  '인가',
  '인지',
  '인지요',
  '인데요',
  '죠',
  '지',
  '지요',
  '니',
  '고',
  '고요',
  '구요',
  '며',
  '입니까',
  '래요',
];
const SHORT_COPULA = ['가요', '가', '지', '지요', '데', '데요'];
const FINAL_N = 4;

function endsInVowel(word: string): boolean {
  return (word.charCodeAt(word.length - 1) - 0xac00) % 28 === 0;
}

function withFinalN(word: string): string {
  return word.slice(0, -1) + String.fromCharCode(word.charCodeAt(word.length - 1) + FINAL_N);
}
