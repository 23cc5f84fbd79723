import { nounsIn } from '../topics.ts';
import type { Rule } from './rule.ts';

/** Statements have something of a sentence; less is most likely misheard. */
export const SHORTEST_STATEMENT = { ko: 5, en: 9 } as const;

/** When no other rule knows: honest about questions, and back to the person with what they tell. */
export const unknown: Rule = ({ language, plain, text, isQuestion, say }) => {
  if (isQuestion) return { text: say('companion.unknown.question'), isGuess: true };
  const topic = nounsIn(text).at(-1);
  if (topic !== undefined) return { text: say('companion.reflect.topic', { topic }), isGuess: true };
  const key = plain.length >= SHORTEST_STATEMENT[language] ? 'companion.reflect' : 'companion.unknown';
  return { text: say(key), isGuess: true };
};
