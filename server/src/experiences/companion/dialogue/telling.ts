import type { MessageKey } from '@malbeot/protocol/messages';
import type { Rule, RuleReply, RuleTurn } from './rule.ts';

const STORIES = ['companion.story.lamp', 'companion.story.persimmon', 'companion.story.star'] as const;
const JOKES = [
  'companion.joke.one',
  'companion.joke.two',
  'companion.joke.three',
  'companion.joke.four',
] as const;
const PROVERBS = ['companion.proverb.one', 'companion.proverb.two', 'companion.proverb.three'] as const;

const JOKE = {
  ko: /농담|개그|유머|넌센스|난센스|웃겨(?:줘|봐|주)|웃긴(?:얘기|이야기|거|말)/,
  en: /\b(?:joke|jokes|make me laugh|something funny|riddle)\b/,
} as const;
const PROVERB = { ko: /속담|명언|좋은말|격언|좋은글귀/, en: /\b(?:proverb|saying|quote|wisdom)\b/ } as const;
const STORY = {
  ko: /재(?:미있|밌)는(?:거|것)(?:없|있|좀|해)|(?:옛날|재미있는|재밌는|무서운|짧은|긴|감동적인|다른|아무)(?:얘기|이야기)|동화|(?:얘기|이야기)(?:를|을)?(?:좀)?(?:하나|한번|해줘|해주|해봐|들려|하나만|더)|아무말이나/,
  en: /\b(?:story|stories|fairy ?tale|tale|tell me something)\b/,
} as const;

const MORE = {
  ko: /^(?:하나|한개|한번)(?:만)?더(?:해|들려|말해)?(?:줘|주세요|봐)?(?:요)?$|^또(?:하나|다른거)?(?:해|들려)?(?:줘|주세요)$/,
  en: /^(?:one more|another one|another|tell me another(?: one)?|more)(?: please)?$/,
} as const;

/** Stories, jokes and proverbs, each time another one. */
export const telling: Rule = (turn) => {
  const { language, plain } = turn;
  if (JOKE[language].test(plain)) return joke(turn);
  if (PROVERB[language].test(plain)) return { text: next(turn, 'proverb', PROVERBS) };
  if (MORE[language].test(plain)) return turn.state.asked === 'joke' ? joke(turn) : story(turn);
  return STORY[language].test(plain) ? story(turn) : null;
};

/** A story that takes its time. */
export function story(turn: Pick<RuleTurn, 'say' | 'draw' | 'taken'>): RuleReply {
  return { text: next(turn, 'story', STORIES) };
}

/** A joke, for who wants one more too. */
export function joke(turn: Pick<RuleTurn, 'say' | 'draw' | 'taken'>): RuleReply {
  return { text: next(turn, 'joke', JOKES), emotion: { name: 'joy', intensity: 0.5 }, asked: 'joke' };
}

/** The one after the one that was told last. */
function next(
  { say, draw, taken }: Pick<RuleTurn, 'say' | 'draw' | 'taken'>,
  kind: string,
  all: readonly MessageKey[],
): string {
  const last = taken[kind];
  const index = last === undefined ? draw(all.length) : (last + 1) % all.length;
  taken[kind] = index;
  return say(all[index]!);
}
