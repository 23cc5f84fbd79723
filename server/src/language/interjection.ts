import {
  englishBackchannels,
  englishLeadIns,
  englishStops,
  harmlessAfterNo,
  internationalBackchannels,
  internationalStops,
  koreanBackchannels,
  koreanLeadIns,
  koreanStop,
  koreanStopAnywhere,
  koreanStopEnd,
  koreanStopHead,
  noKoreanBackchannels,
} from './interjection-words.ts';

/**
 * What somebody says while the other one speaks. `none`: nothing. `backchannel`: they listen ("네", "맞아요", laughter), and nobody
 * has to stop. `stop`: they want it to stop ("잠깐만", "아니"), whatever else they say. `words`: they say something of their own.
 */
export type Interjection = 'none' | 'backchannel' | 'stop' | 'words';

/** A stop word at the end is one in so short an utterance; in a longer one it belongs to what is told. */
const MOST_WORDS_BEFORE_STOP = 4;
const LONGEST_BACKCHANNEL_WORD = 6;
const HANGUL = /\p{Script=Hangul}/u;

/**
 * What `text` is when it is said while the other side speaks. Korean and English words count in a session of either language; in
 * other languages only those that everybody uses.
 *
 * @param language BCP 47 of the session.
 */
export function judgeInterjection(text: string, language: string): Interjection {
  const words = wordsOf(text);
  if (words.length === 0) return /[ㅋㅎㅇ]{2}/.test(text) ? 'backchannel' : 'none';
  const spoken = tableOf(language);
  const start = skipWhile(words, 0, (at) => backchannelEnd(words, at, spoken) ?? leadInEnd(words, at));
  if (stopsAt(words, start, spoken) || stopsAt(words, 0, spoken)) return 'stop';
  if (endsInStop(words, text) || koreanStopAnywhere.test(words.join(''))) return 'stop';
  const end = skipWhile(words, 0, (at) => backchannelEnd(words, at, spoken));
  return end === words.length ? 'backchannel' : 'words';
}

/**
 * The same for words that are still coming: `none` where the last of them may yet become a backchannel ("그렇" of "그렇군요").
 */
export function judgePartialInterjection(text: string, language: string): Interjection {
  const verdict = judgeInterjection(text, language);
  if (verdict !== 'words') return verdict;
  const words = wordsOf(text);
  const last = words.at(-1)!;
  const before = judgeInterjection(words.slice(0, -1).join(' '), language);
  const isOpen = before === 'none' || before === 'backchannel';
  return isOpen && beginnings.has(last) ? 'none' : verdict;
}

/** What backchannels begin with. */
const beginnings: ReadonlySet<string> = new Set(
  [...koreanBackchannels, ...englishBackchannels.map(([word]) => word!)].flatMap((word) =>
    Array.from({ length: word.length }, (_, length) => word.slice(0, length + 1)),
  ),
);

type Phrases = readonly (readonly string[])[];

interface Table {
  readonly backchannels: Phrases;
  readonly stops: Phrases;
}

function tableOf(language: string): Table {
  return /^(?:ko|en)\b/i.test(language)
    ? { backchannels: englishBackchannels, stops: englishStops }
    : { backchannels: internationalBackchannels, stops: internationalStops };
}

/** Words in lower case without punctuation, sounds drawn out shortened; what stands in brackets is no speech. */
function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\([^)]*\)|\[[^\]]*\]|\*[^*]*\*/g, ' ')
    .replaceAll(/(?<=[a-z])['’](?=[a-z])/g, '')
    .replaceAll(/[\u1100-\u11ff\u3131-\u318e]/g, ' ')
    .replaceAll(/([하허호히헤흐후크])\1+/g, '$1$1')
    .replaceAll(/(?![하허호히헤흐후크])([가-힣])\1{2,}/g, '$1')
    .replaceAll(/([a-z])\1{2,}/g, '$1$1')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function skipWhile(words: readonly string[], from: number, skip: (at: number) => number | undefined): number {
  let at = from;
  for (let next = skip(at); at < words.length && next !== undefined; next = skip(at)) at = next;
  return at;
}

/** Where the backchannel that begins with the word at `at` ends; undefined when none does. */
function backchannelEnd(words: readonly string[], at: number, { backchannels }: Table): number | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (HANGUL.test(word)) return isKoreanBackchannel(word, words.length === 1) ? at + 1 : undefined;
  return phraseEnd(words, at, backchannels);
}

/** True for one, or for some without a space between them. */
function isKoreanBackchannel(word: string, isAlone: boolean): boolean {
  if (noKoreanBackchannels.has(word)) return !isAlone && koreanBackchannels.has(word);
  const reached = [true];
  for (let at = 0; at < word.length; at++) {
    if (reached[at] !== true) continue;
    for (let length = 1; length <= LONGEST_BACKCHANNEL_WORD; length++) {
      if (koreanBackchannels.has(word.slice(at, at + length))) reached[at + length] = true;
    }
  }
  return reached[word.length] === true;
}

function leadInEnd(words: readonly string[], at: number): number | undefined {
  const word = words[at];
  return word !== undefined && (koreanLeadIns.has(word) || englishLeadIns.has(word)) ? at + 1 : undefined;
}

function phraseEnd(words: readonly string[], at: number, phrases: Phrases): number | undefined {
  const longest = phrases.reduce(
    (most, phrase) =>
      phrase.length > most && phrase.every((word, index) => words[at + index] === word)
        ? phrase.length
        : most,
    0,
  );
  return longest === 0 ? undefined : at + longest;
}

function stopsAt(words: readonly string[], at: number, { stops }: Table): boolean {
  const word = words[at];
  if (word === undefined) return false;
  if (HANGUL.test(word)) return koreanStop.test(word) || koreanStopHead.test(word);
  const end = phraseEnd(words, at, stops);
  return end !== undefined && !(word === 'no' && harmlessAfterNo.has(words[end] ?? ''));
}

function endsInStop(words: readonly string[], text: string): boolean {
  // "많이 기다려?" asks.
  if (/\?\s*$/.test(text)) return false;
  return [1, 2, 3].some((count) => {
    const before = words.length - count;
    return (
      before >= 0 && before <= MOST_WORDS_BEFORE_STOP && koreanStopEnd.test(words.slice(before).join(''))
    );
  });
}
