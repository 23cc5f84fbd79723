import type { Language } from '@malbeot/protocol';
import { isEnglishName, isKoreanName, mayBeEnglishName, mayBeKoreanName } from './name-shapes.ts';

/** A person who says who they are. */
export interface Introduction {
  readonly name: string;
  /** What they said beside it that wants an answer; empty when it was all courtesy. */
  readonly rest: string;
}

interface Form {
  /** The name is its first group. */
  readonly pattern: RegExp;
  readonly isName: (name: string) => boolean;
}

const LONGEST_NAME = 20;

const COPULA = '(?:입니다|이에요|이예요|예요|에요|이야|야|임|이지|인데요?|이고요?|이구요|고요?|구요)';
/** The sentence, or this part of it, is over. */
const KOREAN_END = '(?=$|[\\s.,!~…?？])';
/** `용이에요` is `용` and the copula, not somebody called `용이`. */
const KOREAN_NAME = "([가-힣]{2,5}?(?<!이(?=[에예]요))|[A-Z][a-z'-]{1,14})";
const HELLO = '(?:안녕(?:하세요|하십니까)?|반가워요?|반갑습니다|여보세요|처음\\s*뵙겠습니다)';
const CALLED =
  '이?라고\\s*(?:해요|합니다|해|하는데요?|하고요?|불러\\s*(?:줘요?|주세요|줄래요?|주실래요)?|부르(?:세요|시면|면)\\s*(?:돼요?|됩니다)?|해\\s*(?:줘요?|주세요))';
/** Where a word begins. */
const FROM = '(?<![가-힣])';
/** Words for "I" before what one is. */
const AS_ME = '(?:저는|전|나는|난|저|나)';

const isPlainlyNoName =
  /^(?:몰라|모르|글쎄|비밀|싫|왜|안녕|고마|감사|미안|그냥|없|나중|아무|됐|괜찮|아니|안 |네$|응$|나도|뭐|뭘|누구|무엇|어떻|말 |알)/;
const isAnnounced = (name: string) => !isPlainlyNoName.test(name);

const korean: readonly Form[] = [
  {
    pattern: new RegExp(
      `${FROM}(?:내|제)\\s*이름은\\s*([가-힣a-zA-Z' -]{1,20}?)\\s*(?:${COPULA}|${CALLED})${KOREAN_END}`,
    ),
    isName: isAnnounced,
  },
  {
    pattern: new RegExp(`${FROM}(?:내|제)\\s*이름은\\s*([가-힣]{1,5}|[a-zA-Z'-]{2,15})(?=$|[.,!~…])`),
    isName: (name) => isAnnounced(name) && mayBeKoreanName(name),
  },
  {
    pattern: new RegExp(
      `${FROM}(?:나를|날|저를|나|저는|전|나는|난|저)\\s*([가-힣a-zA-Z'-]{1,12}?)${CALLED}${KOREAN_END}`,
    ),
    isName: isAnnounced,
  },
  {
    pattern: /(?:^|[.,!~…]\s*)(?:그냥\s+)?([가-힣a-zA-Z'-]{1,12}?)이?라고\s*(?:불러|부르)/,
    isName: isAnnounced,
  },
  { pattern: new RegExp(`${FROM}${AS_ME}\\s+${KOREAN_NAME}${COPULA}${KOREAN_END}`), isName: isTold },
  { pattern: new RegExp(`${HELLO}[\\s.,!~]+${KOREAN_NAME}${COPULA}${KOREAN_END}`), isName: isTold },
];

const ENGLISH_END =
  "(?=$|\\s*[,.!?;:…]|\\s+(?:and|but|so|nice|pleased|glad|how|what|who|where|when|can|could|tell|from|by|please|speaking|here|i|i'm|it's)\\b)";
const ENGLISH_NAME = "(\\p{L}[\\p{L}'-]*(?: \\p{L}[\\p{L}'-]*){0,2}?)";

const english: readonly Form[] = [
  {
    pattern: new RegExp(
      `\\b(?:my name is|my name's|name's|call me|i am called|i'm called) ${ENGLISH_NAME}${ENGLISH_END}`,
      'iu',
    ),
    isName: mayBeEnglishName,
  },
  { pattern: new RegExp(`\\b(?:i am|i'm) ${ENGLISH_NAME}${ENGLISH_END}`, 'iu'), isName: isEnglishName },
  { pattern: new RegExp(`\\bthis is ${ENGLISH_NAME} (?:speaking|here)\\b`, 'iu'), isName: isEnglishName },
];

const forms: Readonly<Record<Language, readonly Form[]>> = { ko: korean, en: english };

/** Short answers to "what shall I call you". */
const bare: Readonly<Record<Language, Form>> = {
  ko: {
    pattern: new RegExp(
      `^(?:나는|난|저는|전|내가|제가|그냥)?\\s*([가-힣a-zA-Z]{1,12}?)\\s*(?:${COPULA}|${CALLED}|요)?$`,
    ),
    isName: (name) => isAnnounced(name) && mayBeKoreanName(name),
  },
  en: {
    pattern: /^(?:i am|i'm|it's|it is|this is|just)? ?(\p{L}[\p{L}'-]{0,19})$/iu,
    isName: mayBeEnglishName,
  },
};

const COURTESY: Readonly<Record<Language, RegExp>> = {
  ko: /^(?:안녕(?:하세요|하십니까)?|(?:만나서)?(?:정말|너무)?(?:반가워요?|반갑습니다|반가와요)|처음뵙겠습니다|처음뵈어요|(?:앞으로)?잘부탁(?:해요?|드려요|드립니다|합니다)|좋은(?:아침|저녁)(?:이에요|입니다)?|하이|여보세요|말벗(?:아|님)?|저기요?|아|어|음|네|응|아니요?|그리고|근데|사실|감사합니다|고마워요?)+$/,
  en: /^(?:(?:hi|hello|hey|there|malbeot|good (?:morning|afternoon|evening)|(?:it's |it is )?(?:very )?(?:nice|pleased|glad|good|great) to meet you|yes|no|oh|well|and|so|please|thanks|thank you|speaking|here|um|uh)(?: |$))+$/,
};

/**
 * Who the person says they are, wherever in `text` they say it. `isAsked`: they were asked, so that a name alone is one. Null where
 * no name is told; what somebody does, feels or comes from is none.
 */
export function findIntroduction(text: string, language: Language, isAsked: boolean): Introduction | null {
  const said = text.replaceAll('’', "'");
  for (const form of forms[language]) {
    const found = form.pattern.exec(said);
    const name = found === null ? null : nameOf(found, form);
    if (found === null || name === null) continue;
    const end = found.index + found[0].length;
    // Who asks is not telling.
    if (/^\s*[?？]/.test(said.slice(end))) continue;
    return { name, rest: restOf(`${said.slice(0, found.index)} , ${said.slice(end)}`, language) };
  }
  if (!isAsked || /[?？]/.test(said)) return null;
  const found = bare[language].pattern.exec(withoutMarks(said));
  const name = found === null ? null : nameOf(found, bare[language]);
  return name === null ? null : { name, rest: '' };
}

function nameOf(found: RegExpExecArray, { isName }: Form): string | null {
  const name = (found[1] ?? '').trim();
  return name !== '' && name.length <= LONGEST_NAME && isName(name) ? name : null;
}

/** Names in Latin letters are told by their writing, others by their syllables. */
function isTold(name: string): boolean {
  return /^[A-Z]/.test(name) ? isEnglishName(name) : isKoreanName(name);
}

/** What is left without courtesies, at both ends of what was said as anywhere in it. */
function restOf(said: string, language: Language): string {
  const parts = said
    .split(/(?<=[?？!.…])\s+|\s*,\s*/u)
    .map((part) => withoutCourtesy(part.trim(), language))
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
  return parts.join(', ');
}

/** Speech comes without commas: courtesies at the beginning of a part go too, word by word. */
function withoutCourtesy(part: string, language: Language): string {
  const words = part.split(' ');
  for (let count = words.length; count > 0; count--) {
    const head = words
      .slice(0, count)
      .join(' ')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}' ]/gu, '');
    const plain = language === 'ko' ? head.replaceAll(' ', '') : head.trim();
    if (plain === '' || COURTESY[language].test(plain)) return words.slice(count).join(' ');
  }
  return part;
}

function withoutMarks(text: string): string {
  return text
    .replace(/[\s.!~,…]+$/u, '')
    .replace(/^(?:음+|어|저기요?|그게|네|응|um|well|so|hi|hello|안녕하세요|안녕)[\s,.!]+/iu, '');
}
