import { counters } from './counters.ts';
import type { TurnEnd } from './turn-end-judgement.ts';
import {
  countingNumbers,
  gluedOpen,
  looksLikeEnding,
  openWords,
  wholeAnswers,
} from './turn-end-korean-words.ts';

const FIRST_SYLLABLE = 0xac_00;
const LAST_SYLLABLE = 0xd7_a3;
const FINALS = [
  '',
  'ㄱ',
  'ㄲ',
  'ㄳ',
  'ㄴ',
  'ㄵ',
  'ㄶ',
  'ㄷ',
  'ㄹ',
  'ㄺ',
  'ㄻ',
  'ㄼ',
  'ㄽ',
  'ㄾ',
  'ㄿ',
  'ㅀ',
  'ㅁ',
  'ㅂ',
  'ㅄ',
  'ㅅ',
  'ㅆ',
];

/** The vowels, by place in the alphabet, of which a verb's -아, -어 and what they join with end: 가, 해, 서, 펴, 와, 돼, 춰. */
const VERB_VOWELS: ReadonlySet<number> = new Set([0, 1, 4, 5, 6, 9, 10, 14]);

/** True for an open syllable that may be the end of a verb's -아 or -어: in 가서, 아파서, 추워서. */
function endsLikeVerb(syllable: string | undefined): boolean {
  if (finalOf(syllable) !== '') return false;
  return VERB_VOWELS.has(Math.floor(((syllable!.charCodeAt(0) - FIRST_SYLLABLE) % 588) / 28));
}

/** The consonant that closes the syllable, empty for none; undefined for what is no syllable. Those after ㅆ don't matter here. */
function finalOf(syllable: string | undefined): string | undefined {
  const code = syllable?.charCodeAt(0) ?? 0;
  if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return undefined;
  return FINALS[(code - FIRST_SYLLABLE) % 28] ?? 'other';
}

interface Tail {
  /** All words, with one space between them. */
  readonly line: string;
  readonly last: string;
  readonly isAlone: boolean;
  /** The consonant that closes the syllable before the last one. */
  readonly finalBefore: string | undefined;
}

type Rule = readonly [RegExp | ((tail: Tail) => boolean), TurnEnd];

const COUNTERS = counters.filter(({ countsThings }) => countsThings).map(({ word }) => word);
const NUMBER =
  '(?:\\d+|[한두세네석넉]|하나|다섯|여섯|일곱|여덟|아홉|열\\s?[한두세네]?|스무|스물\\s?[한두세네]|[일이삼사오육칠팔구십백천만]+)';
const COUNTED = new RegExp(
  `${NUMBER}\\s?(?:${COUNTERS.join('|')}|원|번|명|층|호|분|초|살|시간|퍼센트)(?:씩|만|더)?$`,
);

/** Before 어, 아 and the like stand these where they are the end of a verb. */
const CLOSED = (tail: Tail) => tail.finalBefore !== undefined && tail.finalBefore !== '';

/** Ends with `요`: of a sentence, unless it was put after something that goes on. */
const polite: readonly Rule[] = [
  [
    /(?:^|\s)(?:그리고|그래서|근데|그런데|그니까|그러니까|왜냐면|왜냐하면|그게|저기\s있잖아|있잖아|그러면|하지만|일단)요$/,
    'open',
  ],
  [/(?:[가-힣](?:는|은)|(?:저|나)는)요$/, 'open'],
  [/(?:필요|중요|주요|수요|담요)$/, 'unclear'],
  [({ line }) => line.endsWith('데요') && finalOf(line.at(-3)) === 'ㄴ', 'unclear'],
  [/(?:고|구|서|면|지만|거든|니까|려고|도록|다가|라서|에서|한테)요$/, 'unclear'],
  [/./, 'complete'],
];

/** The first that fits decides. Polite endings and whole answers come before them. */
const rules: readonly Rule[] = [
  // Whole words
  [/(?:하나|둘|셋|넷)\s?(?:만|씩|더)?$/, 'complete'],
  [({ last }) => openWords.has(last), 'open'],
  [gluedOpen, 'open'],
  [({ last, isAlone }) => last === '어' && !isAlone, 'open'],
  [/(?:^|\s)(?:으?음+|흠+)$/, 'open'],
  [/(?:^|\s)(?:어+|에|아)$/, 'unclear'],
  [({ line, isAlone }) => !isAlone && /(?:요|다|까|죠|아|어|해|지|응|그래)\s네$/.test(line), 'complete'],
  [countingNumbers, 'open'],
  [COUNTED, 'complete'],
  [
    /(?:잠깐|잠시|그만|그것만|이것만|하나만|최고|별로|수고|부탁|거기까지|여기까지)$|(?:^|\s)(?:끝|땡)$/,
    'complete',
  ],
  [looksLikeEnding, 'unclear'],

  // Endings that go on
  [
    ({ line, finalBefore }) => line.endsWith('데') && finalBefore === 'ㄴ' && QUESTION_DE.test(line),
    'complete',
  ],
  [({ line, finalBefore }) => line.endsWith('데') && finalBefore === 'ㄴ', 'open'],
  [({ line }) => line.endsWith('니까') && finalOf(line.at(-3)) === 'ㅂ', 'complete'],
  [({ line, finalBefore }) => line.endsWith('까') && finalBefore === 'ㄹ', 'complete'],
  [/(?:니까|니깐)$/, 'open'],
  [
    /(?:려고|려구|러|도록|느라|느라고|자마자|수록|거나|든지|든가|다가|면서|으며|하며|이며|더니|길래|던|므로|지만)$/,
    'open',
  ],
  [/(?:뭐|누구|어디|언제|얼마|몇\s?시|무슨\s?일이)라고$/, 'complete'],
  [/(?:다|라|냐|자)고$/, 'unclear'],
  [/고$|(?:하|이|있|없|좋|했|았|었|시|가|먹|주)구$/, 'open'],
  [/면$/, 'open'],
  [/어디서$/, 'unclear'],
  [/[여거저]기서$|(?:엔|에선|한텐|땐|[은는한]\s건)$|(?:^|\s)(?:난|전|넌|걘|우린|저흰)$/, 'open'],
  [({ line }) => line.endsWith('서') && endsLikeVerb(line.at(-2)), 'open'],
  [/(?:되|부터|혼자|둘이|아니라|이라)서?$/, 'open'],
  [({ line }) => /[도야]$/.test(line) && endsLikeVerb(line.at(-2)) && !PRONOUN_TAIL.test(line), 'open'],
  [/[을를은는]$/, 'open'],
  [/(?:기\s?전|다음|나서|후|뒤|때|동안|중|김)에$|[을를는던]\s?때$/, 'open'],
  [({ line, finalBefore }) => line.endsWith('때') && finalBefore === 'ㄹ', 'open'],

  // Endings of sentences
  [/(?:습|입|합|됩|갑|옵|십시)니다$|십시오$/, 'complete'],
  [/(?:^|\s)(?:다|보다|마다)$|(?:에다|생각보다|[가-힣]보다)$/, 'open'],
  [/다$/, 'complete'],
  [/(?:죠|쥬|구나|군|네|자|냐|잖아|거든|더라|걸랑|으렴|세여|해여|어여|아여|네여|예여|삼|셈)$/, 'complete'],
  [({ line, finalBefore }) => /[게께래걸지]$/.test(line) && finalBefore === 'ㄹ', 'complete'],
  [
    ({ line, finalBefore }) => /[어지니대나]$/.test(line) && (finalBefore === 'ㅆ' || finalBefore === 'ㅄ'),
    'complete',
  ],
  [
    /(?:그렇|이|맞|하겠|좋)지$|(?:뭐|뭘|몇|어디|왜|언제|누구|누가|얼마|어떻게|무슨)(?:\s?[가-힣]+){1,3}지$/,
    'complete',
  ],
  [({ line, finalBefore }) => line.endsWith('대') && finalBefore === 'ㄴ', 'complete'],
  [/[이거뭐때걔얘쟤게데기디구시다마개명원니]야$/, 'complete'],
  [
    /(?:줘|줄래|봐|해|돼|와라|가라|해라|어라|아라|여라|려라|마라|놔|둬|워|려|켜|꺼|빼|춰)$|(?:^|\s|나|들어|다녀|가져|데려|이리|빨리)와$/,
    'complete',
  ],
  [(tail) => /[어아]$/.test(tail.line) && CLOSED(tail), 'complete'],
  [/(?:먹|하|가|오|뭐하|뭐|있|없|되|괜찮|맞|좋)니$/, 'complete'],
  [
    /(?:인가|는가|은가|던가|건가|한가|나가|들어가|올라가|내려가|돌아가|지나가|잘\s가|같이\s가|집에\s가|얼른\s가)$/,
    'complete',
  ],
  [
    /(?:있음|없음|했음|됐음)$|(?:바빠|아파|예뻐|나빠|고파|슬퍼|기뻐|써|줄여|보여|높여|먹여|가려|버려|빌려|올려|내려|돌려|느려|틀려|걸려|시켜|마셔|쳐|펴)$/,
    'complete',
  ],

  // Particles and forms before a noun
  [/(?:에|에서|에게|한테|께|하고|이랑|의|부터|처럼|마다|밖에|만큼|이나|조차|라는|이라는)$/, 'open'],
  [/랑$/, 'open'],
  [/[가-힣]가$/, 'open'],
  [(tail) => tail.last.endsWith('이') && tail.last.length > 1 && CLOSED(tail), 'open'],
  [(tail) => tail.last.endsWith('과') && tail.last.length > 1 && CLOSED(tail), 'open'],
  [({ last, finalBefore }) => last.endsWith('와') && last.length > 1 && finalBefore === '', 'open'],
  [
    /(?:^|[가-힣\s])(?<!북|남|제|무|기|권|유|극|시)한$|(?:매운|뜨거운|차가운|가까운|어려운|쉬운|큰|긴|예쁜|바쁜|나쁜|아픈|다른|빠른|센|먼)$/,
    'open',
  ],
  [/(?:^|\s)(?:할|갈|올|볼|줄|될|쓸|있을|없을|같은|많은|좋은)$|[가-힣](?:할|될)$/, 'open'],
  [/[가-힣]{2,}하게$|(?:크|작|많|적|맵|달|차갑|뜨겁|맛있|쉽|빠르|늦)게$/, 'open'],
];

/** "나도", "뭐야": a pronoun, not a verb. */
const PRONOUN_TAIL =
  /(?:^|\s)(?:나|저|너|얘|걔|쟤|뭐|거|그거|이거|저거|때|내)(?:도|야)$|(?:거|때|게|데|얘|걔|쟤|뭐|마|개|다)야$|(?:거|개|게|다)도$/;

/** "어딘데", "뭔데", "왜 그러는데" ask. */
const QUESTION_DE =
  /(?:어딘|뭔|누군|언젠|얼만|얼마인|몇\s?신|왠|무슨\s?일인)데$|(?:^|\s)(?:왜|뭐|뭘|어디|언제|누가|얼마나|어떻게|몇)\s?[가-힣\s]{0,10}데$/;

const PHONE_DIGITS = 10;
const LONGEST_PHONE_PART =
  /(?:^|\s)((?:\d[\d-]*|[공영일이삼사오육륙칠팔구]{3,})(?:[\s-]+(?:\d[\d-]*|[공영일이삼사오육륙칠팔구]{3,}))*)$/;

/** Of a number that is read digit by digit, people stop between its parts. */
function judgeDigits(line: string): TurnEnd | undefined {
  const digits = LONGEST_PHONE_PART.exec(line)?.[1]?.replaceAll(/[\s-]/g, '');
  if (digits === undefined) return undefined;
  if (/^(?:0|공|영)/.test(digits)) return digits.length < PHONE_DIGITS ? 'open' : 'complete';
  return digits.length < PHONE_DIGITS ? 'unclear' : 'complete';
}

export function judgeKoreanEnd(said: string): TurnEnd {
  const words = said.split(/[^\p{L}\p{N}-]+/u).filter((word) => word !== '');
  const line = words.join(' ');
  const last = words.at(-1) ?? '';
  if (wholeAnswers.has(line) || /^(네|예|응|아니|그래|맞아)(\s?\1)+$/.test(line)) return 'complete';
  const digits = judgeDigits(line);
  if (digits !== undefined) return digits;
  const tail: Tail = {
    line,
    last,
    isAlone: words.length === 1,
    finalBefore: finalOf(line.replaceAll(' ', '').at(-2)),
  };
  const table = line.endsWith('요') ? polite : rules;
  const rule = table.find(([fits]) => (fits instanceof RegExp ? fits.test(line) : fits(tail)));
  return rule?.[1] ?? 'unclear';
}
