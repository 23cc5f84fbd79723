import { answer } from './asked.ts';
import { crisis, feeling } from './care.ts';
import { chance } from './chance.ts';
import { clockTalk } from './clock-talk.ts';
import { goOn, repeat, stop } from './control.ts';
import { about, beyond, greeting, manners, yesOrNo } from './manners.ts';
import { fact, name, said } from './memory.ts';
import { arithmetic, counting } from './numbers.ts';
import type { Rule, RuleReply, RuleTurn } from './rule.ts';
import { telling } from './telling.ts';
import { SHORTEST_STATEMENT, unknown } from './unknown.ts';
import { readWords } from './words.ts';

/** In the order in which they are asked: what matters most first, what matches most loosely last. */
const rules: readonly Rule[] = [
  crisis,
  stop,
  said,
  repeat,
  answer,
  goOn,
  name,
  fact,
  clockTalk,
  counting,
  arithmetic,
  chance,
  telling,
  beyond,
  about,
  feeling,
  manners,
  yesOrNo,
  greeting,
];

/** What the rules answer; there is always something. */
export function answerByRules(turn: RuleTurn): RuleReply {
  for (const rule of rules) {
    const reply = rule(turn);
    if (reply !== null) return withRest(turn, reply);
  }
  return unknown(turn)!;
}

/** The answer to one part of what was said, and after it that to the rest. */
function withRest(turn: RuleTurn, { rest, ...reply }: RuleReply): RuleReply {
  if (rest === undefined) return reply;
  const words = { ...readWords(rest, turn.language), language: turn.language };
  const other = answerByRules({ ...turn, ...words, state: { ...turn.state, ...reply.state, asked: null } });
  // A word or two that nobody knows were most likely misheard.
  if (other.isGuess === true && words.plain.length < SHORTEST_STATEMENT[turn.language]) return reply;
  const { text, state = {}, ...more } = other;
  return { ...reply, ...more, text: `${reply.text} ${text}`, state: { ...reply.state, ...state } };
}
