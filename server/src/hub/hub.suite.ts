import type { HubEvent } from '@malbeot/protocol';
import { expect, it } from 'vitest';
import { QueueFullError } from '../lib/bounded-queue.ts';
import {
  called,
  cursorOf,
  manualClock,
  nameOf,
  type HubUnderTest,
  type MakeHub,
} from './hub-harness.suite.ts';
import { runModel } from './hub-model.suite.ts';
import type { HubCursor, Recipient } from './hub.ts';

const limits: HubUnderTest = { keepMs: 600_000, keepEvents: 10, maxBehind: 10 };
const cook: Recipient = 'role:cook';

/** What every `Hub` does. */
export function hubSuite(makeHub: MakeHub): void {
  function setUp(change: Partial<HubUnderTest> = {}) {
    const clock = manualClock();
    const hub = makeHub({ ...limits, ...change, clock });
    const publish = (name: string, to: Recipient = cook) => hub.publish(to, 'staff_called', called(name));
    const reader = (since: HubCursor | null = null, from: Recipient = cook) => {
      const stop = new AbortController();
      const iterator = hub.subscribe(from, since, stop.signal)[Symbol.asyncIterator]();
      const read = async () => {
        const { done, value } = await iterator.next();
        return done === true ? null : (value as HubEvent);
      };
      return {
        stop: () => stop.abort(),
        close: () => iterator.return!(),
        read,
        names: async (count: number) => {
          const names: (string | null)[] = [];
          for (let index = 0; index < count; index++) {
            const event = await read();
            names.push(event === null ? null : nameOf(event));
          }
          return names;
        },
      };
    };
    return { clock, hub, publish, reader };
  }

  it('numbers events for each recipient, from 1', async () => {
    const { publish } = setUp();
    const events = [await publish('a'), await publish('b'), await publish('c', 'staff'), await publish('d')];
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 1, 3]);
    expect(events[0]).toMatchObject({ type: 'staff_called', at: new Date(1_795_219_200_000).toISOString() });
  });

  it('hands events to every reader of the recipient and to no other', async () => {
    const { publish, reader } = setUp();
    const [one, two, other] = [reader(), reader(), reader(null, 'user:usr_1')];
    const pending = one.read();
    await publish('a');
    await publish('b');
    await publish('x', 'user:usr_1');
    expect(nameOf((await pending)!)).toBe('a');
    expect(await one.names(1)).toEqual(['b']);
    expect(await two.names(2)).toEqual(['a', 'b']);
    expect(await other.names(1)).toEqual(['x']);
  });

  it('misses nothing between subscribing and the first read', async () => {
    const { publish, reader } = setUp();
    await publish('before');
    const one = reader();
    await publish('a');
    expect(await one.names(1)).toEqual(['a']);
  });

  it('replays what was missed, then goes on live', async () => {
    const { publish, reader, hub } = setUp();
    const first = await publish('a');
    await publish('b');
    await publish('c');
    const one = reader(cursorOf(first));
    await publish('d');
    expect(await one.names(3)).toEqual(['b', 'c', 'd']);
    expect(hub.stats().replayed).toBe(2);
  });

  it('replays nothing to a reader that has it all', async () => {
    const { clock, publish, reader } = setUp();
    const last = await publish('a');
    const one = reader(cursorOf(last));
    one.stop();
    clock.advance(590_000);
    const two = reader(cursorOf(last));
    await publish('b');
    expect(await two.names(1)).toEqual(['b']);
  });

  it('says resync when more was missed than is kept', async () => {
    const { publish, reader } = setUp();
    const first = await publish('0');
    for (let index = 1; index <= 11; index++) await publish(String(index));
    const one = reader(cursorOf(first));
    const resync = (await one.read())!;
    expect(resync).toMatchObject({ type: 'resync', seq: 12, data: { reason: 'too_old' } });
    await publish('12');
    expect(await one.names(1)).toEqual(['12']);
    const two = reader(cursorOf(resync));
    expect(await two.names(1)).toEqual(['12']);
  });

  it('says resync when what was missed is too old', async () => {
    const { clock, publish, reader } = setUp();
    const first = await publish('a');
    await publish('b');
    clock.advance(300_000);
    const second = await publish('c');
    clock.advance(300_000);
    expect(await reader(cursorOf(first)).read()).toMatchObject({ type: 'resync' });
    expect(await reader({ ...cursorOf(second), seq: 2 }).names(1)).toEqual(['c']);
  });

  it('says resync to a reader from another epoch, or from a future that never was', async () => {
    const { publish, reader } = setUp();
    const { epoch } = await publish('a');
    expect(await reader({ epoch: 'of another process', seq: 1 }).read()).toMatchObject({
      type: 'resync',
      data: { reason: 'unknown_epoch' },
    });
    expect(await reader({ epoch, seq: 2 }).read()).toMatchObject({
      type: 'resync',
      data: { reason: 'unknown_position' },
    });
    expect(await reader({ epoch, seq: Number.NaN }).read()).toMatchObject({ type: 'resync' });
  });

  it('gives a recipient that was forgotten a new epoch', async () => {
    const { clock, publish, reader } = setUp();
    const first = await publish('a');
    clock.advance(600_000);
    const again = await publish('b');
    expect([again.seq, again.epoch === first.epoch]).toEqual([1, false]);
    expect(await reader(cursorOf(first)).read()).toMatchObject({ type: 'resync' });
  });

  it('keeps the numbers of a recipient that somebody listens for', async () => {
    const { clock, publish, reader } = setUp();
    const one = reader();
    const first = await publish('a');
    expect(await one.names(1)).toEqual(['a']);
    clock.advance(6_000_000);
    await publish('elsewhere', 'staff');
    const second = await publish('b');
    expect([second.seq, second.epoch]).toEqual([2, first.epoch]);
    expect(await one.names(1)).toEqual(['b']);
  });

  it('ends a reader that is too far behind, which then resumes where it was', async () => {
    const { hub, publish, reader } = setUp({ maxBehind: 3 });
    const slow = reader();
    const first = await publish('0');
    expect(await slow.names(1)).toEqual(['0']);
    for (const name of ['1', '2', '3', '4']) await publish(name);
    await expect(slow.read()).rejects.toBeInstanceOf(QueueFullError);
    expect(await slow.read()).toBeNull();
    expect(hub.stats()).toMatchObject({ connections: 0, dropped: 1 });
    expect(await reader(cursorOf(first)).names(4)).toEqual(['1', '2', '3', '4']);
  });

  it('ends with its signal, also while it waits, and when the loop is left', async () => {
    const { hub, publish, reader } = setUp();
    const [waiting, stopped, left] = [reader(), reader(), reader()];
    expect(hub.stats().connections).toBe(3);
    const pending = waiting.read();
    waiting.stop();
    expect(await pending).toBeNull();
    await publish('a');
    stopped.stop();
    expect(await stopped.read()).toBeNull();
    await left.close();
    expect(await left.read()).toBeNull();
    expect(hub.stats()).toMatchObject({ connections: 0, published: 1, dropped: 0 });
  });

  it('does not begin when its signal has aborted', async () => {
    const { hub } = setUp();
    const iterator = hub.subscribe(cook, null, AbortSignal.abort())[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(hub.stats().connections).toBe(0);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'loses and repeats nothing without saying so (seed %i)',
    async (seed) => {
      const seen = await runModel(makeHub, seed);
      expect(seen.events).toBeGreaterThan(20);
      expect(seen.resyncs + seen.dropped).toBeGreaterThan(0);
    },
  );
}
