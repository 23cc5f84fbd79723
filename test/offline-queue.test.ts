import { createMemoryStore } from '@malbeot/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { customers, type Act } from './offline/customers.ts';
import {
  does,
  drain,
  failingStore,
  nothingTold,
  openDevice,
  type Records,
  type Told,
} from './offline/device.ts';
import { randomFrom } from './offline/random.ts';
import { openShop, type PlacedOrder, type Shop } from './offline/shop.ts';

const HOUR_MS = 60 * 60_000;
/** Customers of the hour without network; `npm run soak` has 48 of them, who say 200 utterances. */
const CUSTOMERS_OF_THE_HOUR = Number(process.env['OFFLINE_CUSTOMERS'] ?? 16);
/** Days on which the power fails again and again; `npm run soak` asks for more. */
const BAD_DAYS = Number(process.env['OFFLINE_DAYS'] ?? 2);
/** Whether every step of the power's failing is tried both done and not done, as `npm run soak` does, or by turns. */
const TRIES_BOTH = process.env['OFFLINE_STEPS'] === 'both';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

async function anotherShop(): Promise<void> {
  await shop.close();
  shop = await openShop();
}

const contents = (orders: readonly PlacedOrder[]): string[] =>
  orders.map(({ items, total }) => `${items}: ${total}`);

const turnsOf = (day: readonly (readonly Act[])[]): number =>
  day.flat().filter((what) => what !== 'leave').length;

/** The orders of a day without any fault. The shop is a new one afterwards. */
async function undisturbed(day: readonly (readonly Act[])[]): Promise<string[]> {
  const device = openDevice(shop, createMemoryStore(), nothingTold());
  for (const what of day.flat()) {
    expect(await does(shop, device, what)).toBe('answered');
    await shop.pass(2_000);
  }
  await device.queue.close();
  const orders = contents(await shop.orders());
  await anotherShop();
  return orders;
}

/** Everything said was delivered, in order, and told once; nothing is left. */
function expectAllDelivered({ deliveries, held }: Told, queued: number, records: Records): void {
  expect(held).toEqual([]);
  expect(deliveries).toHaveLength(queued);
  expect(new Set(deliveries.map(({ key }) => key)).size).toBe(queued);
  const numbers = deliveries.map(({ number }) => number);
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  expect([...records.keys()]).toEqual([]);
}

describe('an hour without network', () => {
  it('brings every utterance to the server in order, every order once', { timeout: 240_000 }, async () => {
    const day = customers(CUSTOMERS_OF_THE_HOUR);
    expect(turnsOf(day)).toBeGreaterThanOrEqual(CUSTOMERS_OF_THE_HOUR * 4);
    const expected = await undisturbed(day);
    // Every fifth of them leaves without an order.
    expect(expected).toHaveLength(CUSTOMERS_OF_THE_HOUR - Math.floor(CUSTOMERS_OF_THE_HOUR / 5));

    const records: Records = new Map();
    const told = nothingTold();
    let device = openDevice(shop, createMemoryStore(records), told);
    let queued = 0;
    const say = async (what: Act) => {
      const result = await does(shop, device, what);
      expect(result).not.toBe('failed');
      if (result === 'queued') queued += 1;
      return result;
    };
    for (const [index, acts] of day.entries()) {
      for (const [turn, what] of acts.entries()) {
        // The fifth customer's yes arrives, and its answer does not: then nothing gets through for an hour.
        if (index === 5 && turn === 3) {
          shop.network.next.push('answers-lost', 'answers-lost', 'answers-lost');
          shop.network.weather = 'down';
        }
        await say(what);
        await shop.pass(HOUR_MS / turnsOf(day));
      }
      if (index !== Math.floor(CUSTOMERS_OF_THE_HOUR / 2)) continue;
      // The power fails between two customers.
      await device.queue.close();
      device = openDevice(shop, createMemoryStore(records), told);
    }
    expect(queued).toBeGreaterThanOrEqual(turnsOf(day.slice(6)));
    shop.network.weather = 'fine';
    await drain(shop, device);
    expect(contents(await shop.orders())).toEqual(expected);
    expectAllDelivered(told, queued, records);
    const lost = told.deliveries.filter(({ answer }) => answer === null);
    expect(lost.map(({ order }) => order?.order.total_amount)).toEqual([expect.any(Number)]);
    await device.queue.close();
  });
});

/** Every customer of `day` at a device without network. */
async function takeOffline(day: readonly (readonly Act[])[], records: Records): Promise<number> {
  shop.network.weather = 'down';
  const device = openDevice(shop, createMemoryStore(records), nothingTold());
  for (const what of day.flat()) {
    expect(await does(shop, device, what)).toBe(what === 'leave' ? 'answered' : 'queued');
    await shop.pass(1_500);
  }
  await device.queue.close();
  return turnsOf(day);
}

describe('the power fails', () => {
  it(
    'at any step of the sending, for a moment or for long: every order arrives once',
    { timeout: 240_000 },
    async () => {
      const day = customers(2);
      const expected = await undisturbed(day);
      const kept: Records = new Map();
      const queued = await takeOffline(day, kept);
      for (let step = 0, finished = false; !finished; step++) {
        for (const lastIsDone of TRIES_BOTH ? [false, true] : [step % 2 === 0]) {
          await anotherShop();
          const records: Records = new Map(kept);
          const told = nothingTold();
          const store = failingStore(records, step, lastIsDone);
          const device = openDevice(shop, store, told);
          await drain(shop, device, () => store.isDead);
          finished = !store.isDead;
          await device.queue.close();
          // Long enough for sessions to end and for the server to forget its answers.
          if (lastIsDone === step % 4 < 2) await shop.pass(20 * 60_000);
          const after = openDevice(shop, createMemoryStore(records), told);
          await drain(shop, after);
          await after.queue.close();
          expect(contents(await shop.orders()), `step ${step}`).toEqual(expected);
          expect(told.held).toEqual([]);
          expect(new Set(told.deliveries.map(({ key }) => key)).size).toBe(queued);
          // Told again only where the power failed between telling and noting it.
          expect(told.deliveries.length).toBeLessThanOrEqual(queued + 1);
          expect(records.size).toBe(0);
        }
      }
    },
  );

  it.each(Array.from({ length: BAD_DAYS }, (_, index) => index + 1))(
    'again and again while customers order, %i: what was accepted arrives once',
    async (seed) => {
      const random = randomFrom(seed * 7919);
      const day = customers(16);
      const records: Records = new Map();
      const told = nothingTold();
      const accepted: number[] = [];
      let cuts = 0;
      const open = () => {
        const store = failingStore(records, 3 + Math.floor(random() * 60), random() < 0.5);
        return { store, device: openDevice(shop, store, told) };
      };
      let { store, device } = open();
      for (const [index, acts] of day.entries()) {
        let failed = false;
        for (const what of acts) {
          const weather = random();
          shop.network.weather = weather < 0.6 ? 'fine' : weather < 0.8 ? 'answers-lost' : 'down';
          await does(shop, device, what);
          await shop.pass(1_500 + random() * 20_000);
          if (!store.isDead) continue;
          cuts += 1;
          failed = true;
          await device.queue.close();
          await shop.pass(random() < 0.3 ? 15 * 60_000 : 5_000);
          ({ store, device } = open());
          // The customer goes to the counter instead.
          break;
        }
        if (!failed) accepted.push(index);
      }
      await device.queue.close();
      shop.network.weather = 'fine';
      const after = openDevice(shop, createMemoryStore(records), told);
      await drain(shop, after);
      await after.queue.close();

      expect(cuts).toBeGreaterThan(3);
      expect(told.held).toEqual([]);
      const placed = contents(await shop.orders());
      expect(new Set(placed).size).toBe(placed.length);
      await anotherShop();
      const expected = await undisturbed(accepted.map((index) => day[index]!));
      expect(placed).toEqual(expect.arrayContaining(expected));
      // Beyond those only customers whose power failed after their last yes was stored.
      expect(placed.length - expected.length).toBeLessThanOrEqual(cuts);
      expect(records.size).toBe(0);
    },
  );

  it('with a real process and a real disk, killed again and again', { timeout: 240_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'malbeot-killed-'));
    const random = randomFrom(3);
    const accepted: number[] = [];
    let next = 0;
    let kills = 0;
    // Time passes for the shop as fast as for the device.
    const ticking = setInterval(() => shop.kit.clock.advance(20 * SPEED), 20);
    try {
      for (let isDone = false; !isDone;) {
        const device = spawnCounter(shop.url, folder, next, 10 + kills);
        let begun = 0;
        // Somewhere in its second order; the queue is drained in peace, once everybody has been there.
        let killing = setTimeout(() => device.kill('SIGKILL'), 60_000);
        for await (const line of createInterface({ input: device.stdout })) {
          const [word, number] = line.split(' ');
          if (word === 'began') {
            next = Number(number) + 1;
            begun += 1;
          }
          if (word === 'began' && begun === 2 && next < CUSTOMERS) {
            clearTimeout(killing);
            killing = setTimeout(() => device.kill('SIGKILL'), random() * 600);
          }
          if (word === 'accepted') accepted.push(Number(number));
          if (word === 'done') isDone = true;
        }
        if (device.exitCode === null && device.signalCode === null) await once(device, 'exit');
        clearTimeout(killing);
        if (device.signalCode === 'SIGKILL') kills += 1;
        else expect(device.exitCode).toBe(0);
      }
    } finally {
      clearInterval(ticking);
    }
    expect(kills).toBeGreaterThan(2);
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
    const placed = contents(await shop.orders());
    expect(new Set(placed).size).toBe(placed.length);
    await anotherShop();
    const day = customers(CUSTOMERS);
    const expected = await undisturbed(accepted.map((index) => day[index]!));
    expect(placed).toEqual(expect.arrayContaining(expected));
    expect(placed.length - expected.length).toBeLessThanOrEqual(kills);
  });
});

/** Hours of the shop in an hour of the test. */
const SPEED = 20;
const CUSTOMERS = 12;

function spawnCounter(url: string, folder: string, first: number, seed: number) {
  const program = fileURLToPath(new URL('offline/counter-process.ts', import.meta.url));
  const values = [url, folder, first, CUSTOMERS, seed, SPEED].map(String);
  return spawn(process.execPath, ['--conditions=malbeot:source', '--import', 'tsx', program, ...values], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
