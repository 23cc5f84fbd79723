/** What the words so far say about whether the person has finished; `none`: no words are known yet. */
export type TurnEndVerdict = 'complete' | 'open' | 'unclear' | 'none';

/** A sound that is this certain of the end is believed against words that go on. */
const SURELY_COMPLETE = 0.9;
const COMPLETE = 0.5;
/** A sound that goes on this surely makes finished words doubtful. */
const SURELY_OPEN = 0.2;

/**
 * What words and sound together say of a pause.
 *
 * @param bySound Probability that it sounds finished; null where nobody knows, and the words decide alone.
 */
export function joinVerdicts(byWords: TurnEndVerdict, bySound: number | null): TurnEndVerdict {
  if (bySound === null) return byWords;
  switch (byWords) {
    case 'open':
      return bySound >= SURELY_COMPLETE ? 'complete' : 'open';
    case 'complete':
      return bySound < SURELY_OPEN ? 'unclear' : 'complete';
    case 'unclear':
    case 'none':
      return bySound >= COMPLETE ? 'complete' : 'open';
  }
}

/** Decides how long a silence ends a turn: between 300 and 900 ms, by the words and by how this person pauses. */
export interface Endpointing {
  /** Milliseconds of silence after which the turn is over. */
  patienceMs(verdict: TurnEndVerdict): number;
  /** A pause within a turn that the person spoke on after. */
  learnPause(pauseMs: number): void;
  /** The turn was taken too early: the person went on. */
  learnCutOff(): void;
}

const SHORTEST_MS = 300;
const LONGEST_MS = 900;
/** What is waited for before anything is known of the person. */
const AT_FIRST: Readonly<Record<TurnEndVerdict, number>> = {
  complete: 320,
  unclear: 600,
  open: 900,
  none: 700,
};
/** How much of each new pause goes into the average. */
const LEARNING = 0.3;
/** Gaps within words, which say nothing about pauses between thoughts. */
const SHORTEST_PAUSE_MS = 160;
/** A turn that was cut off makes the next ones so much more patient; half of it is forgotten with each turn that was not. */
const CUT_OFF_MS = 150;

export function createEndpointing(): Endpointing {
  let averagePauseMs: number | undefined;
  let cautionMs = 0;
  return {
    patienceMs(verdict) {
      const base = AT_FIRST[verdict];
      if (verdict === 'open') return base;
      // Who pauses long in mid-thought gets more time, who speaks fluently less; a complete sentence needs little of either.
      const share = verdict === 'complete' ? 0.25 : 1;
      const habitMs = averagePauseMs === undefined ? 0 : (averagePauseMs * 1.5 - AT_FIRST.unclear) * share;
      return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, base + habitMs + cautionMs));
    },
    learnPause(pauseMs) {
      cautionMs /= 2;
      if (pauseMs < SHORTEST_PAUSE_MS) return;
      const known = averagePauseMs ?? pauseMs;
      averagePauseMs = known + (Math.min(pauseMs, LONGEST_MS) - known) * LEARNING;
    },
    learnCutOff() {
      cautionMs = Math.min(LONGEST_MS, cautionMs + CUT_OFF_MS);
    },
  };
}
