import type { KioskAction } from '@malbeot/protocol';
import type { ChargeFault, ReverseFault } from '../../src/experiences/kiosk/payments/testing.ts';
import {
  chatter,
  clearings,
  corrections,
  finishes,
  orders,
  payments,
  traps,
  yeses,
  type Phrase,
} from './meaning.ts';
import { menus } from './menus.ts';
import { seeded, type Random } from './random.ts';

/** What a customer does. */
export type What =
  | { readonly do: 'say'; readonly phrase: Phrase; readonly aloud: boolean }
  | { readonly do: 'tap'; readonly tap: KioskAction }
  /** Taps what agrees to the last read-back, to the one before it, or to none by name. */
  | { readonly do: 'confirm'; readonly which: 'right' | 'stale' | 'unnamed' }
  /** Does what was just asked for: chooses, agrees, pays, or orders something. `way` picks among ways to do so. */
  | { readonly do: 'react'; readonly way: number }
  /** Sends an earlier request again, as it was, with its key: the last, the one before it, … */
  | { readonly do: 'again'; readonly back: number }
  /** The page begins a payment of the placed order. */
  | { readonly do: 'page-pay'; readonly method: string }
  | { readonly do: 'leave' };

/** One of two customers does something at one of two processes. */
export interface Ask {
  readonly who: 0 | 1;
  readonly at: 0 | 1;
  readonly what: What;
  /** The very request of the step's first ask, key and all. */
  readonly same: boolean;
}

export interface Step {
  /** Stays when other steps are left out. */
  readonly id: number;
  readonly afterMs: number;
  /** At the same moment; none where something else happens. */
  readonly asks: readonly Ask[];
  /** A new menu comes in force, or charges that were thought lost reach the bank. */
  readonly event: 'menu' | 'late' | null;
  /** A process dies with one of its next steps, and is down for a while. */
  readonly crash: { readonly at: 0 | 1; readonly steps: number; readonly downMs: number } | null;
  /** The answers do not arrive, and the requests come again. */
  readonly lost: boolean;
}

export interface Script {
  readonly seed: number;
  readonly menuVersion: number;
  /** What goes wrong with charges and with reversals, one after the other; then nothing. */
  readonly charges: readonly ChargeFault[];
  readonly reversals: readonly ReverseFault[];
  readonly steps: readonly Step[];
}

/** What a customer does how often. */
type Habits = Readonly<
  Record<
    'order' | 'react' | 'correct' | 'trap' | 'chat' | 'clear' | 'yes' | 'finish' | 'pay' | 'tap' | 'other',
    number
  >
>;

const resolute: Habits = {
  order: 3,
  react: 9,
  correct: 2,
  trap: 1,
  chat: 1,
  clear: 0.3,
  yes: 1,
  finish: 2,
  pay: 2,
  tap: 1,
  other: 1,
};
const undecided: Habits = { ...resolute, react: 6, correct: 4, trap: 4, chat: 2, clear: 1, yes: 2, tap: 2 };
const eagerToPay: Habits = { ...resolute, order: 2, react: 8, correct: 1, yes: 2, pay: 5, tap: 2, other: 4 };

/** How a dialogue is as a whole. */
interface Course {
  readonly habits: Habits;
  /** How likely a step meets a crash. */
  readonly trouble: number;
  /** Both processes are in use. */
  readonly isShared: boolean;
  /** There is a second customer. */
  readonly hasStranger: boolean;
}

/** The dialogue of a seed. */
export function writeScript(seed: number): Script {
  const random = seeded(seed, 1);
  const course: Course = {
    habits: random.pick([resolute, undecided, eagerToPay]),
    trouble: random.pick([0, 0.1, 0.25]),
    isShared: random.chance(0.3),
    hasStranger: random.chance(0.15),
  };
  const length = Math.min(random.between(6, 20), random.between(6, 20));
  const steps = Array.from({ length }, (_, id) => writeStep(random, id, course));
  const goesWrong = random.chance(0.5);
  return {
    seed,
    menuVersion: random.between(1, menus.length - 4),
    charges: goesWrong ? Array.from({ length: 5 }, () => random.pick(chargeFaults)) : [],
    reversals: goesWrong ? Array.from({ length: 6 }, () => random.pick(reverseFaults)) : [],
    steps,
  };
}

function writeStep(random: Random, id: number, course: Course): Step {
  const { habits, trouble, isShared, hasStranger } = course;
  const calm = { id, afterMs: pace(random), asks: [], event: null, crash: null, lost: false };
  if (random.chance(0.03)) return { ...calm, event: random.chance(0.6) ? 'menu' : 'late' };
  const at = isShared && random.chance(0.5) ? 1 : 0;
  const who = hasStranger && random.chance(0.35) ? 1 : 0;
  const what = random.chance(0.08) && id > 0 ? again(random) : whatNext(random, habits);
  const first: Ask = { who, at, what, same: false };
  return {
    ...calm,
    crash: random.chance(trouble) ? { at, ...crash(random) } : null,
    asks: random.chance(0.15 + trouble / 2) ? [first, besides(random, first, course)] : [first],
    lost: random.chance(trouble / 3),
  };
}

function crash(random: Random): { readonly steps: number; readonly downMs: number } {
  return {
    steps: random.between(1, random.chance(0.7) ? 14 : 30),
    downMs: random.pick([50, 1_000, 5_000, 200_000]),
  };
}

const chargeFaults: readonly ChargeFault[] = [
  'none',
  'slow',
  'slow',
  'decline',
  'unavailable',
  'lost',
  'lost',
  'hang',
  'never-sent',
  'late',
  'slow',
];
const reverseFaults: readonly ReverseFault[] = ['none', 'none', 'refused', 'lost', 'hang'];

/** Milliseconds to the next step: mostly a moment of thought, sometimes a tap right after a tap, sometimes a long pause. */
function pace(random: Random): number {
  const kind = random.weighted({ thought: 80, quick: 10, pause: 8, gone: 2 });
  if (kind === 'thought') return random.between(1_200, 6_000);
  if (kind === 'quick') return random.between(5, 900);
  if (kind === 'pause') return random.between(20_000, 300_000);
  return random.between(601_000, 900_000);
}

function besides(random: Random, first: Ask, { isShared, hasStranger }: Course): Ask {
  const at = isShared && random.chance(0.7) ? (first.at === 0 ? 1 : 0) : first.at;
  const kind = random.weighted({
    same: 4,
    twice: first.what.do === 'react' ? 8 : 4,
    other: 2,
    stranger: hasStranger ? 4 : 0,
  });
  if (kind === 'same') return { ...first, at, same: true };
  if (kind === 'twice') return { ...first, at };
  if (kind === 'other')
    return { ...first, at, what: { do: 'say', phrase: random.pick(atTheSameTime), aloud: true } };
  return { who: first.who === 0 ? 1 : 0, at, what: { do: 'react', way: random.next() }, same: false };
}

/** Nobody agrees to what they can not have heard yet. */
const atTheSameTime = [...orders, ...corrections, ...clearings, ...chatter];

function again(random: Random): What {
  return { do: 'again', back: random.chance(0.6) ? 0 : random.between(1, 5) };
}

function whatNext(random: Random, habits: Habits): What {
  const say = (phrases: readonly Phrase[]): What => ({
    do: 'say',
    phrase: random.pick(phrases),
    aloud: random.chance(0.3),
  });
  switch (random.weighted(habits)) {
    case 'order':
      return say(orders);
    case 'react':
      return { do: 'react', way: random.next() };
    case 'correct':
      return say(corrections);
    case 'trap':
      return say(traps);
    case 'chat':
      return say(chatter);
    case 'clear':
      return random.chance(0.6)
        ? say(clearings)
        : { do: 'tap', tap: { type: random.pick(['clear', 'cancel', 'start_over'] as const) } };
    case 'yes':
      return say(yeses);
    case 'finish':
      return random.chance(0.5)
        ? say(finishes)
        : { do: 'confirm', which: random.pick(['right', 'right', 'unnamed', 'stale'] as const) };
    case 'pay':
      return random.chance(0.5)
        ? say(payments)
        : {
            do: 'tap',
            tap: { type: 'pay', method: random.pick(['card', 'card', 'mobile_pay', 'counter', 'shells']) },
          };
    case 'tap':
      return { do: 'tap', tap: random.pick(taps) };
    case 'other':
      return random.chance(0.85)
        ? { do: 'page-pay', method: random.pick(['card', 'mobile_pay', 'counter']) }
        : { do: 'leave' };
  }
}

const taps: readonly KioskAction[] = [
  { type: 'add', item_id: 'cola' },
  { type: 'add', item_id: 'cola', quantity: 12 },
  { type: 'add', item_id: 'americano', quantity: 2 },
  { type: 'add', item_id: 'apple_pie' },
  { type: 'add', item_id: 'nope' },
  { type: 'set_quantity', line: 0, quantity: 3 },
  { type: 'set_quantity', line: 1, quantity: 0 },
  { type: 'remove', line: 0 },
  { type: 'set_options', line: 0, options: { temperature: 'iced' } },
  { type: 'dine', where: 'in' },
  { type: 'repeat' },
  { type: 'call_staff' },
  { type: 'language', language: 'en' },
];
