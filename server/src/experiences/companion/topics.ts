import type { CompanionTopic } from '@malbeot/protocol';

/** Turns that a word has to turn up in before it is something that was talked about. */
const FEWEST_TURNS = 2;
const HANGUL_WORD = /^[가-힣]+$/;
const ENGLISH_WORD = /^[a-z][a-z'’-]{3,}$/;

/**
 * Particles by what they want before them: `closed` a final consonant, `open` none (ㄹ goes with 로), `any` either. Longest first.
 */
const PARTICLES: readonly (readonly [string, 'closed' | 'open' | 'any'])[] = [
  ['에서는', 'any'],
  ['에서도', 'any'],
  ['한테서', 'any'],
  ['으로는', 'closed'],
  ['이랑은', 'closed'],
  ['이라는', 'closed'],
  ['에서', 'any'],
  ['에게', 'any'],
  ['한테', 'any'],
  ['까지', 'any'],
  ['부터', 'any'],
  ['처럼', 'any'],
  ['보다', 'any'],
  ['마다', 'any'],
  ['에는', 'any'],
  ['에도', 'any'],
  ['이랑', 'closed'],
  ['으로', 'closed'],
  ['하고', 'any'],
  ['은', 'closed'],
  ['을', 'closed'],
  ['과', 'closed'],
  ['이', 'closed'],
  ['는', 'open'],
  ['를', 'open'],
  ['와', 'open'],
  ['가', 'open'],
  ['랑', 'open'],
  ['로', 'open'],
  ['의', 'any'],
  ['에', 'any'],
  ['도', 'any'],
  ['만', 'any'],
];

/** Nouns that end as if a particle followed. */
const WHOLE = new Set(
  '고양이 어린이 호랑이 원숭이 거북이 떡볶이 목걸이 지팡이 달팽이 나들이 놀이 아이 나이 종이 오이 마음이 회의 강의 주의 날씨가 휴가 작가 물가 작은 마을 가을 노을 제도 지도 온도 속도 포도 효도'.split(
    ' ',
  ),
);

/** Stems of what is done or is so, as they stand before an ending that looks like a particle: 좋아하는, 있는. */
const STEM =
  /(?:하|되|있|없|않|싶|같|았|었|했|겠|기다리|가르치|걸리|빌리|달리|버리|올리|내리|놀리|떨어지|만지|던지|마시|다니|만나|태어나|일어나|나오|들어오|돌아오|지내|보내)$/;
const STEM_ENDINGS = new Set(['는', '은', '을', '도', '만']);

/** The end of a predicate, on a word that bears no particle. */
const PREDICATE =
  /(?:다|요|죠|까|니|냐|네|줘|자|래|게|서|면|고|데|며|든|봐|해|한|할|된|될|던|었|았|했|겠|어|아|여|려|지만|니까|는데|(?:렇|하|있|없|었|았|했|겠)지)$/;

const STOP = new Set(
  '오늘 내일 어제 지금 아까 방금 요즘 요새 정말 진짜 너무 아주 조금 많이 그냥 다시 항상 계속 이제 여기 거기 저기 이거 그거 저거 이것 그것 저것 우리 저희 당신 너희 자기 이야기 얘기 말씀 생각 때문 하나 무엇 누구 어디 언제 얼마 그리고 그런데 그래서 하지만 그러면 그럼 안녕 감사 고마 말벗 이름 처음 마지막 다음 이번 저번 모두 전부 혼자 같이 함께 제일 가장 먼저 나중 사실 아마 혹시 역시 별로 거의 매일 가끔 자주 누가 무슨 어떤 이런 그런 저런 기분 마음 정도 사이 동안 계산 숫자 시간 날짜 요일 더하기 빼기 곱하기 나누기'.split(
    ' ',
  ),
);

const ENGLISH_STOP = new Set(
  'about above after again also always because been before being between both cannot could does doing down during each even ever every from further going gonna have having hello here hers himself into itself just keep kind know like likes liked little look made make many maybe more most much must myself need never nothing okay once only other ours over please really said same says should some something still such sure take tell than thank thanks that that’s theirs them then there these they thing things think this those time today tomorrow under until very want wanted wants well went were what what’s when where which while whom will with would yeah yesterday your yours yourself story joke name count don’t doesn’t didn’t can’t won’t isn’t wasn’t aren’t feel feeling felt makes thought talk talked talking good great nice came come comes goes gets give gave best better plus minus times divided'.split(
    ' ',
  ),
);

/**
 * What was talked about: nouns as simple counting finds them, by the number of turns they turn up in, most often first and never
 * only once. It knows particles and common words, not meaning: "영화를" and "영화도" are one, "film" and "movie" are two.
 */
export function topicsOf(texts: readonly string[]): CompanionTopic[] {
  const turns = new Map<string, number>();
  for (const text of texts) {
    for (const noun of new Set(nounsIn(text))) turns.set(noun, (turns.get(noun) ?? 0) + 1);
  }
  return [...turns]
    .filter(([, count]) => count >= FEWEST_TURNS)
    .sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
    .map(([topic, count]) => ({ topic, turns: count }));
}

/** Nouns of one utterance, in order, as far as their form tells. */
export function nounsIn(text: string): string[] {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .replaceAll("'", '’')
      .match(/[\p{L}\p{N}’-]+/gu) ?? [];
  return words
    .map((word, index) =>
      HANGUL_WORD.test(word) ? koreanNoun(word, index === words.length - 1) : englishNoun(word),
    )
    .filter((noun) => noun !== null);
}

function koreanNoun(word: string, isLast: boolean): string | null {
  if (WHOLE.has(word)) return word;
  const copula = /^(.{2,})(?:이에요|이예요|예요|입니다|이야|인데|이고|이라서)$/.exec(word);
  if (copula !== null) return acceptable(copula[1]!);
  for (const [particle, after] of PARTICLES) {
    const stem = word.slice(0, -particle.length);
    if (!word.endsWith(particle) || stem.length < 2 || !fits(stem, after, particle)) continue;
    if (STEM_ENDINGS.has(particle) && STEM.test(stem)) return null;
    return acceptable(stem);
  }
  // A noun of one syllable with its particle says too little by itself.
  if (word.length === 2 && /[을를은는이에도만]$/.test(word)) return null;
  // Without a particle the last word is what happens, mostly.
  return isLast || PREDICATE.test(word) ? null : acceptable(word);
}

function acceptable(noun: string): string | null {
  return noun.length < 2 || noun.length > 12 || STOP.has(noun) ? null : noun;
}

function fits(stem: string, after: 'closed' | 'open' | 'any', particle: string): boolean {
  const final = (stem.charCodeAt(stem.length - 1) - 0xac_00) % 28;
  // ㄹ takes 로 as if it were open.
  if (particle === '로' && final === 8) return true;
  return after === 'any' || (final === 0) === (after === 'open');
}

function englishNoun(word: string): string | null {
  if (!ENGLISH_WORD.test(word) || ENGLISH_STOP.has(word)) return null;
  return /(?:ing|ly|ed)$/.test(word) ? null : word;
}
