import type { ManualClock } from '../../../providers/fake/manual-clock.ts';

/** Lets everything happen that needs no time. */
export async function settle(rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise(setImmediate);
}

/** Lets time pass on the clock, event by event, to `untilMs` of it. */
export async function passTo(clock: ManualClock, untilMs: number): Promise<void> {
  await settle();
  for (
    let nextInMs = clock.nextInMs;
    nextInMs !== undefined && clock.monotonicMs() + nextInMs <= untilMs;
    nextInMs = clock.nextInMs
  ) {
    clock.advance(nextInMs);
    await settle();
  }
  clock.advance(Math.max(0, untilMs - clock.monotonicMs()));
  await settle();
}
