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
import { unknown } from './unknown.ts';

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
    if (reply !== null) return reply;
  }
  return unknown(turn)!;
}
