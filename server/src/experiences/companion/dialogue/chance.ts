import type { MessageKey } from '@malbeot/protocol/messages';
import { endingOf } from './numbers.ts';
import type { Rule, RuleTurn } from './rule.ts';

const HANDS = ['rock', 'paper', 'scissors'] as const;
type Hand = (typeof HANDS)[number];
const HAND_KEYS: Readonly<Record<Hand, MessageKey>> = {
  rock: 'companion.hand.rock',
  paper: 'companion.hand.paper',
  scissors: 'companion.hand.scissors',
};

const DICE = {
  ko: /주사위/,
  en: /\b(?:dice|die)\b.*\b(?:roll|throw|cast)\b|\b(?:roll|throw|cast)\b.*\b(?:dice|die)\b/,
} as const;
const COIN = {
  ko: /동전(?:을|좀|한번)?(?:던|뒤집|하나)|앞면|뒷면/,
  en: /\b(?:flip|toss)\b.*\bcoin\b|\bheads or tails\b/,
} as const;
const HAND_GAME = { ko: /가위바위보/, en: /\brock[ ,]*paper[ ,]*scissors?\b/ } as const;
const HAND = {
  ko: [
    /^(?:나는|난|저는)?(?:바위|주먹)(?:요|야|이야|예요)?$/,
    /^(?:나는|난|저는)?(?:보|보자기)(?:요|야|예요)?$/,
    /^(?:나는|난|저는)?가위(?:요|야|예요)?$/,
  ],
  en: [/^(?:i take |i have )?rock$/, /^(?:i take |i have )?paper$/, /^(?:i take |i have )?scissors$/],
} as const;
const NUMBER = {
  ko: /(?:숫자|번호)(?:를|을)?(?:좀)?(?:하나|아무거나|하나만)?(?:좀)?(?:골라|뽑아|말해|찍어)/,
  en: /\b(?:pick|choose|give me|say) (?:a|any) (?:random )?number\b/,
} as const;

/** Dice, coins, hands and picks. */
export const chance: Rule = (turn) => {
  const { language, plain, say, draw, state } = turn;
  if (state.asked === 'hand') {
    const theirs = HAND[language].findIndex((form) => form.test(plain));
    if (theirs !== -1) return playHand(turn, theirs);
  }
  if (HAND_GAME[language].test(plain)) return { text: say('companion.hand.ask'), asked: 'hand' };
  if (DICE[language].test(plain)) {
    const value = draw(6) + 1;
    // Korean particles follow the sound of a word, which a digit does not show.
    const spoken = '일이삼사오육'[value - 1]!;
    return { text: say('companion.dice', { digit: value, value: spoken, ending: endingOf(value) }) };
  }
  if (COIN[language].test(plain)) {
    return { text: say(draw(2) === 0 ? 'companion.coin.heads' : 'companion.coin.tails') };
  }
  if (NUMBER[language].test(plain)) {
    const value = draw(10) + 1;
    return { text: say('companion.number', { value, ending: endingOf(value) }) };
  }
  return choose(turn);
};

function playHand({ say, draw }: RuleTurn, theirs: number) {
  const ours = draw(3);
  const hand = say(HAND_KEYS[HANDS[ours]!]);
  const key = ours === theirs ? 'draw' : (ours + 1) % 3 === theirs ? 'win' : 'lose';
  return { text: say(`companion.hand.${key}`, { hand }), asked: 'hand' } as const;
}

const BETWEEN = {
  ko: /^(.{1,16}?)\s*(?:이랑|랑|하고|과|와|아니면|,)\s*(.{1,16}?)\s*중(?:에서|에)?\s*(?:뭐|뭘|어느|어떤|하나|골라|누가)?/,
  en: /\b(?:choose|pick|decide) (?:between )?(?:a |an |the )?(.{1,24}?) (?:or|and) (?:a |an |the )?(.{1,24}?)$/,
} as const;

/** One of two things, for who can't decide. */
function choose({ language, text, plain, say, draw }: RuleTurn) {
  const found = BETWEEN[language].exec(language === 'ko' ? text : plain);
  if (found === null) return null;
  return { text: say('companion.choose', { choice: found[1 + draw(2)]!.trim() }) };
}
