import type { Language } from '@malbeot/protocol';

/** What was heard, in the forms that rules look at. */
export interface Words {
  /** As it came, trimmed, in NFC. */
  readonly text: string;
  readonly language: Language;
  /** Korean: letters and digits without spaces, lower case. English: words with single spaces, lower case, `'` kept. */
  readonly plain: string;
  /** Ends with a question mark, or is worded as a question. */
  readonly isQuestion: boolean;
}

/** What people say before they say something. */
const KOREAN_FILLERS = new Set(
  '음 으음 어 아 저 저기 저기요 말벗아 말벗 말벗님 있잖아 있잖아요 혹시 그럼 그러면 근데 그런데 야 자 아니 참 오 와 네 응'.split(
    ' ',
  ),
);
const ENGLISH_FILLERS = new Set(
  'um uh er well so hey oh ok okay please malbeot and but then now just'.split(' '),
);

const KOREAN_QUESTION =
  /(?:뭐|뭘|무엇|무슨|왜|어떻게|어떤|어디|누구|누가|언제|얼마|몇)|(?:까|냐|나요|가요|는가|은가|인가|던가|는지|죠|지요|(?:았|었|했|겠|있|없|갔|왔|봤|하|되)(?:나|니|지))$/;
const ENGLISH_QUESTION =
  /^(?:what|who|where|when|why|how|which|whose|is|are|do|does|did|can|could|would|will|should|have|has)\b/;

/** Reads an utterance of a session in `language`; words in another language count as that. */
export function readWords(said: string, language: Language): Words {
  const text = said.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const spoken = languageOf(text, language);
  const plain = spoken === 'ko' ? plainKorean(text) : plainEnglish(text);
  const asked = spoken === 'ko' ? KOREAN_QUESTION : ENGLISH_QUESTION;
  return { text, language: spoken, plain, isQuestion: /[??]/.test(text) || asked.test(plain) };
}

/** Two Latin words or more are English anywhere; one may be a name or a brand in Korean. */
function languageOf(text: string, language: Language): Language {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  const latin = text.match(/[a-z]+/gi)?.length ?? 0;
  return latin >= 2 ||
    (latin === 1 && /^(?:hi|hello|hey|bye|thanks|yes|no|stop|wait|continue|repeat)\W*$/i.test(text))
    ? 'en'
    : language;
}

function plainKorean(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return withoutFillers(words, KOREAN_FILLERS).join('');
}

function plainEnglish(text: string): string {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? [];
  return withoutFillers(words, ENGLISH_FILLERS).join(' ');
}

/** What is left of an utterance of nothing else stays. */
function withoutFillers(words: readonly string[], fillers: ReadonlySet<string>): readonly string[] {
  const first = words.findIndex((word) => !fillers.has(word));
  return first === -1 ? words.slice(-1) : words.slice(first);
}
