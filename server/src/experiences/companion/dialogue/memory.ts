import { nounsIn } from '../topics.ts';
import { findIntroduction } from './introduction.ts';
import type { Rule } from './rule.ts';

const LONGEST_QUOTE = 80;
const MOST_FACTS = 20;

const ASK_NAME = {
  ko: /(?:내|제)이름(?:이|은|을)?(?:뭐|뭘|무엇|알|기억|말해)|내가누구|나누구|날뭐라고부/,
  en: /\b(?:what(?:'s| is) my name|who am i|(?:know|remember) my name|say my name)\b/,
} as const;

/** The person's name: told, asked for, or given where we asked. */
export const name: Rule = (turn) => {
  const { language, text, plain, state, say } = turn;
  if (ASK_NAME[language].test(plain)) {
    return state.name === null
      ? { text: say('companion.name.unknown'), asked: 'name' }
      : { text: say('companion.name.known', { name: state.name }) };
  }
  const told = findIntroduction(text, language, state.asked === 'name');
  if (told === null) return null;
  return {
    text: say('companion.name.learned', { name: told.name }),
    emotion: { name: 'joy', intensity: 0.5 },
    state: { name: told.name },
    ...(told.rest === '' ? {} : { rest: told.rest }),
  };
};

const TELL_FACT = {
  ko: /^(?:내|제|우리|나의|저의)\s+([가-힣a-z ]{1,14}?)(?:은|는|이|가)\s+(.{1,40}?)\s*(?:이라고\s*해요?|라고\s*해요?|입니다|이에요|이예요|예요|에요|이야|야)(?:\s*기억해.*)?$/i,
  en: /^(?:remember (?:that )?)?my ([a-z ]{2,20}?) (?:is|are) (.{1,40})$/i,
} as const;
const ASK_FACT = {
  ko: /^(?:내|제|우리|나의|저의)\s+([가-힣a-z ]{1,14}?)(?:은|는|이|가|을|를)?\s*(?:뭐|뭔|무엇|언제|누구|어디|몇|기억)/i,
  en: /\b(?:what|when|who|where)(?:'s| is| are| was) my ([a-z ]{2,20}?)$|\b(?:do you )?remember my ([a-z ]{2,20}?)$/i,
} as const;

/** What the person tells of themselves, kept for as long as the session goes on. */
export const fact: Rule = ({ language, text, state, say, isQuestion }) => {
  const bare = withoutMarks(text);
  const asked = ASK_FACT[language].exec(bare);
  if (asked !== null) {
    const what = key((asked[1] ?? asked[2])!);
    const value = Object.hasOwn(state.facts, what) ? state.facts[what]! : null;
    return value === null
      ? { text: say('companion.fact.unknown', { what }) }
      : { text: say('companion.fact.known', { what, value }) };
  }
  const told = isQuestion ? null : TELL_FACT[language].exec(bare);
  if (told === null) return null;
  const [what, value] = [key(told[1]!), told[2]!.trim()];
  const kept = Object.entries(state.facts).filter(([other]) => other !== what);
  const facts = Object.fromEntries([...kept.slice(1 - MOST_FACTS), [what, value]]);
  return { text: say('companion.fact.learned', { what, value }), state: { facts } };
};

const ASK_SAID = {
  first: {
    ko: /(?:내가|나는|제가|나)(?:맨|제일)?처음(?:에)?(?:뭐|무슨)|처음(?:에)?내가(?:뭐|무슨)/,
    en: /\bwhat did i (?:say|tell you|ask) (?:first|at first|in the beginning)\b|\bfirst thing i said\b/,
  },
  last: {
    ko: /(?:내가|나는|제가|나)(?:방금|아까|조금전에|좀전에)?(?:뭐라고|뭐라|무슨말|무슨말을)(?:했|그랬|말했)|(?:방금|아까)내가(?:뭐|무슨)|내가한말/,
    en: /\bwhat (?:did|have) i (?:just )?(?:say|said|tell you|told you|ask)\b|\bwhat was i saying\b/,
  },
  topics: {
    ko: /(?:우리|지금까지|오늘)?(?:무슨|어떤)(?:얘기|이야기|말)(?:를|을)?(?:했|나눴|하고있었|했었)/,
    en: /\bwhat (?:did|have|were) we (?:been )?(?:talk\w*|discuss\w*)|\bwhat were we (?:talking|on) about\b/,
  },
} as const;

/** What was said in this session. */
export const said: Rule = ({ language, plain, history, say }) => {
  const own = history.filter(({ role }) => role === 'user').map(({ text }) => text);
  const which = (['first', 'last', 'topics'] as const).find((kind) => ASK_SAID[kind][language].test(plain));
  if (which === undefined) return null;
  const quoted = which === 'first' ? own[0] : own.at(-1);
  if (quoted === undefined) return { text: say('companion.said.nothing') };
  if (which === 'topics') {
    const topics = [...new Set(own.flatMap(nounsIn))].slice(-3);
    if (topics.length > 0) return { text: say('companion.said.topics', { topics: topics.join(', ') }) };
  }
  const key = which === 'first' ? 'companion.said.first' : 'companion.said.last';
  return { text: say(key, { said: shortened(quoted) }) };
};

function key(what: string): string {
  return what.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function withoutMarks(text: string): string {
  return text
    .replace(/[\s.!?~,…]+$/u, '')
    .replace(/^(?:음+|어|저기요?|그게|네|응|um|well|so|hi|hello|안녕하세요|안녕)[\s,.!]+/iu, '');
}

function shortened(text: string): string {
  const bare = text.replaceAll(/["“”]/g, "'");
  return bare.length <= LONGEST_QUOTE ? bare : `${bare.slice(0, LONGEST_QUOTE - 1).trimEnd()}…`;
}
