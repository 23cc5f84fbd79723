import { describe, expect, it } from 'vitest';
import { manualClock } from './hub-harness.suite.ts';
import { hubSuite } from './hub.suite.ts';
import { createHub } from './memory-hub.ts';

describe('memory hub', () => {
  hubSuite((limits) => createHub(limits));

  it('keeps ten minutes and a thousand events by itself', async () => {
    const clock = manualClock();
    const hub = createHub({ clock });
    const first = await hub.publish('staff', 'resync', { reason: '' });
    for (let index = 0; index < 1000; index++) await hub.publish('staff', 'resync', { reason: '' });
    const read = async (since: { epoch: string; seq: number }) => {
      const stop = new AbortController();
      const { value } = await hub.subscribe('staff', since, stop.signal)[Symbol.asyncIterator]().next();
      stop.abort();
      return value as { seq: number };
    };
    expect((await read(first)).seq).toBe(2);
    await hub.publish('staff', 'resync', { reason: '' });
    expect((await read(first)).seq).toBe(1002);
    clock.advance(599_999);
    expect((await read({ epoch: first.epoch, seq: 5 })).seq).toBe(6);
    clock.advance(1);
    expect((await read({ epoch: first.epoch, seq: 5 })).seq).toBe(1002);
  });

  it('forgets the recipients that were used the longest ago when there are too many', async () => {
    const hub = createHub({ clock: manualClock(), maxRecipients: 3 });
    const stop = new AbortController();
    hub.subscribe('user:listening', null, stop.signal);
    const events = new Map<string, { epoch: string }>();
    for (const name of ['a', 'b', 'a', 'c', 'd'])
      events.set(name, await hub.publish(`user:${name}`, 'resync', { reason: '' }));
    const kept = async (name: string) => {
      const event = await hub.publish(`user:${name}`, 'resync', { reason: '' });
      return event.epoch === events.get(name)!.epoch;
    };
    expect([await kept('d'), await kept('c'), await kept('a')]).toEqual([true, true, false]);
    stop.abort();
  });
});
