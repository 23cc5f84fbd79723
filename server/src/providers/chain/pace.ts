import type { Clock } from '../../lib/clock.ts';

/** What is waited for: the first piece, the piece after it, an answer in one piece, the end of one that was heard while said. */
export type Stage = 'first_output' | 'next_output' | 'whole_answer' | 'finish';

/** Bounds of the time that a provider gets, in milliseconds. */
export interface LimitOptions {
  /** The least, 250. */
  readonly floorMs?: number;
  /** The most, 3,000. */
  readonly ceilingMs?: number;
  /** For a provider that has not answered yet, 1,500. */
  readonly unknownMs?: number;
  /** For a local provider whose model may have to be loaded first, 10,000. */
  readonly coldMs?: number;
  /** A local provider that has not answered for so long may have given its model back, 5 minutes. */
  readonly coldAfterMs?: number;
}

/** How large one question is, where larger ones take longer. */
export interface Size {
  /** Times are kept by unit of it; 1 where all questions are alike. */
  readonly amount: number;
  /** Instead of that of {@link LimitOptions}. */
  readonly unknownMs: number;
  readonly ceilingMs: number;
}

export interface LimitQuestion {
  /** True when nobody is left to move on to: then being quick gains nothing. */
  readonly isLast: boolean;
  readonly size?: Size;
}

/**
 * How quickly one provider answers, and so how long it is worth waiting for it: one and a half times the 99th percentile of its
 * last 50 answers, from 250 ms to 3 s, and 1.5 s for one that has not answered.
 *
 * - So few answers have no 99th percentile but their slowest, and one accident (a first connection, a lost packet) would stand
 *   for fifty. One in 25 is therefore left out where it took more than three times the median; the slowest of the rest counts.
 * - What did not come in time, failed or was called off is no answer. Nor is that of a local provider which loaded its model
 *   on the way.
 * - Answers older than half an hour are forgotten.
 * - After three answers in a row that did not come in time each further one gets half as much again, so that a provider which
 *   has become slower finds its way back. Once it does, its earlier answers say nothing about it any more.
 */
export interface Pace {
  limitMs(stage: Stage, question: LimitQuestion): number;
  answered(stage: Stage, ms: number, size?: Size): void;
  timedOut(stage: Stage): void;
  /** The limits in force for questions of size 1 while others are left to ask, by stage asked so far. */
  limits(): Readonly<Partial<Record<Stage, number>>>;
}

const KEPT_ANSWERS = 50;
const KEPT_MS = 1_800_000;
const FACTOR = 1.5;
/** Of so many answers one may be an accident. */
const ANSWERS_TO_AN_ACCIDENT = 25;
/** With two answers nobody can tell which of them is the accident. */
const LEAST_TO_TELL = 3;
const ACCIDENT_FACTOR = 3;
/** Timeouts in a row before the limit grows: as many as open the circuit, so that what grows are its trials. */
const PATIENT_AFTER = 3;

interface Answer {
  /** For a question of size 1. */
  readonly ms: number;
  readonly at: number;
}

interface StageRecord {
  /** The latest, in order. */
  answers: readonly Answer[];
  timeoutsInRow: number;
  timedOutAt: number;
}

export function createPace({
  clock,
  isLocal,
  floorMs = 250,
  ceilingMs = 3_000,
  unknownMs = 1_500,
  coldMs = 10_000,
  coldAfterMs = 300_000,
}: LimitOptions & { readonly clock: Clock; readonly isLocal: boolean }): Pace {
  const records = new Map<Stage, StageRecord>();
  let answeredAt: number | undefined;
  /** When the first answer came after the model had to be loaded: calls from before it waited for that too. */
  let isWarmSince = Number.NEGATIVE_INFINITY;
  /** One call may wait for a model; when that was not enough, the next ones don't. */
  let isColdSpent = false;

  /** What is known of `stage` and not too old. */
  const recordOf = (stage: Stage): StageRecord => {
    const record = records.get(stage) ?? { answers: [], timeoutsInRow: 0, timedOutAt: 0 };
    records.set(stage, record);
    const oldest = clock.monotonicMs() - KEPT_MS;
    record.answers = record.answers.filter(({ at }) => at > oldest);
    if (record.timedOutAt <= oldest) record.timeoutsInRow = 0;
    return record;
  };

  const isCold = (): boolean =>
    isLocal && !isColdSpent && (answeredAt === undefined || clock.monotonicMs() - answeredAt >= coldAfterMs);

  const adaptive = (stage: Stage, size: Size): number => {
    const { answers, timeoutsInRow } = recordOf(stage);
    const slowestMs = slowestButAccidents(answers.map(({ ms }) => ms));
    const baseMs = slowestMs === undefined ? size.unknownMs : FACTOR * slowestMs * size.amount;
    const patience = FACTOR ** Math.max(0, timeoutsInRow - PATIENT_AFTER + 1);
    return Math.min(size.ceilingMs, Math.max(floorMs, baseMs) * patience);
  };

  const ordinary: Size = { amount: 1, unknownMs, ceilingMs };

  return {
    limitMs(stage, { isLast, size = ordinary }) {
      const longestMs = Math.max(coldMs, size.ceilingMs);
      if (stage !== 'next_output' && isCold()) return longestMs;
      if (!isLast) return Math.ceil(adaptive(stage, size));
      return isLocal ? longestMs : size.ceilingMs;
    },
    answered(stage, ms, { amount } = ordinary) {
      const at = clock.monotonicMs();
      if (isCold()) isWarmSince = at;
      answeredAt = at;
      isColdSpent = false;
      if (stage !== 'next_output' && at - ms < isWarmSince) return;
      const record = recordOf(stage);
      const before = record.timeoutsInRow >= PATIENT_AFTER ? [] : record.answers;
      record.answers = [...before, { ms: ms / amount, at }].slice(-KEPT_ANSWERS);
      record.timeoutsInRow = 0;
    },
    timedOut(stage) {
      const record = recordOf(stage);
      record.timeoutsInRow += 1;
      record.timedOutAt = clock.monotonicMs();
      if (stage !== 'next_output') isColdSpent = true;
    },
    limits: () =>
      Object.fromEntries([...records.keys()].map((stage) => [stage, Math.ceil(adaptive(stage, ordinary))])),
  };
}

function slowestButAccidents(times: readonly number[]): number | undefined {
  const sorted = [...times].sort((one, other) => one - other);
  const accidentMs = ACCIDENT_FACTOR * (sorted[(sorted.length - 1) >> 1] ?? 0);
  let most = sorted.length < LEAST_TO_TELL ? 0 : Math.ceil(sorted.length / ANSWERS_TO_AN_ACCIDENT);
  while (most > 0 && sorted.at(-1)! > accidentMs) {
    sorted.pop();
    most -= 1;
  }
  return sorted.at(-1);
}
