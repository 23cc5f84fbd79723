import type { Schedule } from './jobs.ts';

const DAY_MS = 86_400_000;

/** Name of a schedule in the database: another rhythm is another schedule. */
export function nameOf(schedule: Schedule): string {
  return 'everyMs' in schedule
    ? `${schedule.kind} every ${schedule.everyMs}`
    : `${schedule.kind} daily ${schedule.dailyAt} ${schedule.timeZone}`;
}

/**
 * When `schedule` runs next after `after`, in milliseconds since the epoch. `previous` is the run before, if there was one:
 * a rhythm keeps its beat, and what was missed is not made up for.
 *
 * @throws {Error} for an interval, a time of day or a time zone that is none.
 */
export function nextRun(schedule: Schedule, after: number, previous: number | null): number {
  if (!('everyMs' in schedule)) return nextDaily(schedule.dailyAt, schedule.timeZone, after);
  const { everyMs } = schedule;
  if (!Number.isSafeInteger(everyMs) || everyMs < 1)
    throw new Error(`A schedule runs every 1 ms or more, not every ${everyMs}.`);
  if (previous === null || previous > after + everyMs) return after + everyMs;
  return previous + everyMs * (Math.floor((after - previous) / everyMs) + 1);
}

/**
 * The first time after `after` at which clocks in `timeZone` show `dailyAt` (`HH:MM`). Where they show it twice, the first
 * time counts; where they jump over it, it is as much later as they jump.
 */
export function nextDaily(dailyAt: string, timeZone: string, after: number): number {
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(dailyAt);
  if (time === null) throw new Error(`"${dailyAt}" is no time of day: HH:MM from 00:00 to 23:59 is.`);
  const offsetOf = offsetIn(timeZone);
  const today = new Date(after + offsetOf(after));
  for (let day = -1; ; day++) {
    const shown = Date.UTC(
      today.getUTCFullYear(),
      today.getUTCMonth(),
      today.getUTCDate() + day,
      Number(time[1]),
      Number(time[2]),
    );
    const at = whenClocksShow(shown, offsetOf);
    if (at > after) return at;
  }
}

/** `shown` is a wall clock time written as if it were UTC. */
function whenClocksShow(shown: number, offsetOf: (at: number) => number): number {
  const before = shown - offsetOf(shown - DAY_MS);
  const after = shown - offsetOf(shown + DAY_MS);
  const right = [before, after].filter((at) => at + offsetOf(at) === shown);
  return right.length === 0 ? Math.max(before, after) : Math.min(...right);
}

/** How far clocks in `timeZone` are ahead of UTC, in milliseconds. */
function offsetIn(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return shown - Math.floor(at / 1000) * 1000;
  };
}
