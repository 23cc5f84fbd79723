import type { MessageKey } from '@malbeot/protocol/messages';
import type { Rule, RuleReply } from './rule.ts';

/** A rule whose answer depends on nothing but the words. */
export interface FixedRule {
  readonly ko: RegExp;
  readonly en: RegExp;
  readonly say: MessageKey;
  readonly emotion?: RuleReply['emotion'];
  readonly asked?: RuleReply['asked'];
}

/** The first of `fixed` whose words were said. */
export function fixedRules(fixed: readonly FixedRule[]): Rule {
  return ({ language, plain, say }) => {
    const found = fixed.find((rule) => rule[language].test(plain));
    if (found === undefined) return null;
    const { emotion, asked } = found;
    return {
      text: say(found.say),
      ...(emotion === undefined ? {} : { emotion }),
      ...(asked === undefined ? {} : { asked }),
    };
  };
}
