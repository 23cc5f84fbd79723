import type { HubEvent } from '@malbeot/protocol';
import { expect } from 'vitest';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { called, cursorOf, manualClock, type MakeHub } from './hub-harness.suite.ts';
import type { HubCursor, Recipient } from './hub.ts';

interface ModelReader {
  readonly iterator: AsyncIterator<HubEvent>;
  readonly stop: AbortController;
  pending: Promise<IteratorResult<HubEvent> | Error> | undefined;
}

interface ModelClient {
  readonly recipient: Recipient;
  cursor: HubCursor | null;
  /** Number of the newest event that this client was told of, by reading it or by a resync; null before it first connects. */
  told: number | null;
  reader: ModelReader | undefined;
}

/**
 * Clients come, go, read slowly and come back while events are published and time passes. Each client checks that every
 * event it reads is the very next one, unless a resync said otherwise; at the end each reads up to the last event.
 */
export async function runModel(
  makeHub: MakeHub,
  seed: number,
): Promise<{ readonly events: number; readonly resyncs: number; readonly dropped: number }> {
  const random = randomNumbers(seed + 1);
  const clock = manualClock();
  const hub = makeHub({ keepMs: 1000, keepEvents: 8, maxBehind: 5, clock });
  const recipients: Recipient[] = ['staff', 'user:usr_1'];
  const truth = new Map<Recipient, HubEvent[]>(recipients.map((recipient) => [recipient, []]));
  const clients: ModelClient[] = Array.from({ length: 5 }, (_, index) => ({
    recipient: recipients[index % 2]!,
    cursor: null,
    told: null,
    reader: undefined,
  }));
  const seen = { events: 0, resyncs: 0, dropped: 0 };

  const positionIn = (events: readonly HubEvent[], { epoch, seq }: HubCursor) =>
    seq === 0
      ? events.findIndex((event) => event.epoch === epoch)
      : events.findIndex((event) => event.epoch === epoch && event.seq === seq) + 1;

  function check(client: ModelClient, event: HubEvent): void {
    const events = truth.get(client.recipient)!;
    client.cursor = cursorOf(event);
    if (event.type === 'resync') {
      seen.resyncs += 1;
      const known = events.some(({ epoch }) => epoch === event.epoch);
      client.told = known ? positionIn(events, event) : events.length;
      return;
    }
    seen.events += 1;
    const index = events.indexOf(event);
    expect(index, 'an event that was published to this recipient').toBeGreaterThanOrEqual(0);
    expect(index, 'the very next event').toBe(client.told);
    client.told = index + 1;
  }

  function connect(client: ModelClient): void {
    const stop = new AbortController();
    // Without a cursor only what comes from now on counts.
    if (client.cursor === null) client.told = truth.get(client.recipient)!.length;
    const iterator = hub.subscribe(client.recipient, client.cursor, stop.signal)[Symbol.asyncIterator]();
    client.reader = { iterator, stop, pending: undefined };
  }

  /** Reads one event if there is one; false when there is none yet or the reader has ended. */
  async function read(client: ModelClient): Promise<boolean> {
    const reader = client.reader!;
    reader.pending ??= reader.iterator.next().catch((error: Error) => error);
    const nothing = Symbol('nothing yet');
    const outcome = await Promise.race([reader.pending, settle().then(() => nothing)]);
    if (outcome === nothing) return false;
    reader.pending = undefined;
    const result = outcome as IteratorResult<HubEvent> | Error;
    if (result instanceof Error) {
      expect(result).toBeInstanceOf(QueueFullError);
      seen.dropped += 1;
      client.reader = undefined;
      return false;
    }
    expect(result.done, 'ends only when it is told to').not.toBe(true);
    check(client, result.value as HubEvent);
    return true;
  }

  for (let step = 0; step < 600; step++) {
    const client = clients[random(clients.length)]!;
    const dice = random(100);
    if (dice < 40) {
      const recipient = recipients[random(2)]!;
      truth.get(recipient)!.push(await hub.publish(recipient, 'staff_called', called(String(step))));
    } else if (dice < 80) {
      if (client.reader === undefined) connect(client);
      else await read(client);
    } else if (dice < 88) {
      if (client.reader !== undefined) {
        // What arrived at a waiting reader was handed over and counts as read.
        if (client.reader.pending !== undefined) await read(client);
        client.reader?.stop.abort();
        client.reader = undefined;
      }
    } else if (dice < 98) clock.advance(random(120));
    else clock.advance(random(3000));
  }

  for (const client of clients) {
    for (let tries = 0; tries < 3; tries++) {
      if (client.reader === undefined) connect(client);
      while (client.reader !== undefined && (await read(client)));
      if (client.reader !== undefined) break;
    }
    expect(client.told, 'nothing left out at the end').toBe(truth.get(client.recipient)!.length);
    client.reader?.stop.abort();
  }
  const stats = hub.stats();
  expect(stats.connections).toBe(0);
  expect(stats.published).toBe([...truth.values()].reduce((sum, events) => sum + events.length, 0));
  return seen;
}

/** Lets everything that is ready run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function randomNumbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
