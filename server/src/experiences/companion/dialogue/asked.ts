import { NO, YES } from './answers.ts';
import type { Rule } from './rule.ts';
import { joke, story } from './telling.ts';

/** A bare yes or no to what the companion offered. */
export const answer: Rule = (turn) => {
  const { language, plain, state, say } = turn;
  if (state.asked === null || state.asked === 'name') return null;
  if (NO[language].test(plain)) return { text: say('companion.offer.declined') };
  if (!YES[language].test(plain)) return null;
  switch (state.asked) {
    case 'story':
      return story(turn);
    case 'joke':
      return joke(turn);
    case 'hand':
      return { text: say('companion.hand.ask'), asked: 'hand' };
  }
};
