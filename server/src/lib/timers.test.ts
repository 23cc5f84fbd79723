import { describe, expect, it } from 'vitest';

import { TimeoutError } from './abort.ts';
import { systemClock } from './clock.ts';
import { deferred } from './deferred.ts';
import { listenersOn, quiet } from '../providers/contract/provider.suite.ts';
import { createManualClock } from '../providers/fake/manual-clock.ts';
import { createSystemTimers, startWaiting, within } from './timers.ts';

/** Keeps this process from doing anything else. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('waiting with a limit', () => {
  it('is not over while this process could not have noticed the answer', async () => {
    const timers = createSystemTimers();
    const signal = quiet();
    const answer = deferred<string>();
    const waiting = within(answer.promise, { limitMs: 100, timers, signal });
    setTimeout(() => {
      hold(300);
      // As with a socket: it is read after the timers that are due.
      setImmediate(() => answer.resolve('in time'));
    }, 10);
    expect(await waiting).toBe('in time');
    expect(listenersOn(signal)).toBe(0);
  });

  it('ends all the same for one who never answers', async () => {
    const waiting = within(new Promise(() => {}), {
      limitMs: 60,
      timers: createSystemTimers(),
      signal: quiet(),
    });
    setTimeout(() => hold(200), 10);
    await expect(waiting).rejects.toBeInstanceOf(TimeoutError);
  });

  it('measures what others took, and not what held this process up', async () => {
    const timers = createSystemTimers();
    const waited = startWaiting(systemClock, timers);
    await within(sleep(30), { limitMs: 2_000, timers, signal: quiet() });
    // It was not held up for long, unless the machine is very busy.
    expect(waited()).toBeGreaterThan(10);
    const held = startWaiting(systemClock, timers);
    const later = sleep(10);
    const waiting = within(later, { limitMs: 2_000, timers, signal: quiet() });
    hold(400);
    await waiting;
    expect(held()).toBeLessThan(300);
  });

  it('goes by the clock alone where the timers can tell nothing else', async () => {
    const clock = createManualClock();
    const waited = startWaiting(clock, clock);
    const sleeping = within(clock.sleep(50, quiet()), { limitMs: 80, timers: clock, signal: quiet() });
    clock.advance(50);
    await sleeping;
    expect(waited()).toBe(50);
  });
});
