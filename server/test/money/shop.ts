import type { RandomBytes } from '../../src/lib/ids.ts';
import {
  createFaultyTerminal,
  createTestBank,
  type FaultyTerminal,
  type TestBank,
} from '../../src/experiences/kiosk/payments/testing.ts';
import type { Charge } from '../../src/experiences/kiosk/payments/terminal.ts';
import { createManualClock, type ManualClock } from '../../src/providers/fake/manual-clock.ts';
import { createLife } from './life.ts';
import { menus, type MenuInForce } from './menus.ts';
import type { Place } from './place.ts';
import { startShopProcess, type Broken, type ShopProcess } from './process.ts';
import { seeded } from './random.ts';
import type { Script } from './script.ts';

/** 2026-11-21, 18:00 in Seoul. */
const START = Date.UTC(2026, 10, 21, 9);
const LOOK_AFTER_EVERY_MS = 15_000;
/** Time passes in steps of this length while anything waits for it. */
const TICK_MS = 3_000;

/** One shop for one dialogue: two processes over a database, a bank, and a clock that all of them share. */
export interface Shop {
  readonly clock: ManualClock;
  readonly bank: TestBank;
  readonly menu: MenuInForce;
  /** The process at a place, which is started where it is down. */
  process(at: 0 | 1): ShopProcess;
  /** True while a process of this shop is dead and its successor not yet up. */
  isDown(at: 0 | 1): boolean;
  /** Starts again what is down. */
  start(): void;
  /** Lets everything run until it waits: for the clock, or for ever. */
  settle(): Promise<void>;
  /** Lets time pass. The processes look after payments meanwhile. */
  pass(ms: number): Promise<void>;
  putNewMenu(): void;
  /** Charges that were thought lost reach the bank. */
  deliverLate(): void;
  /** From here on steps of processes that run side by side come in an order drawn from `seed`. */
  shuffle(seed: number | null): void;
}

export interface ShopOptions {
  readonly place: Place;
  readonly script: Script;
  readonly broken: Broken;
  /** Told before the terminal does anything. */
  readonly onCharge: (charge: Charge) => void;
  /** Told after money moved. */
  readonly onMoney: (orderId: string) => void;
  readonly onFailure: (error: unknown) => void;
}

export function openShop({ place, script, broken, onCharge, onMoney, onFailure }: ShopOptions): Shop {
  const clock = createManualClock(START + (script.seed % 24) * 3_600_000);
  const menu: MenuInForce = { version: script.menuVersion };
  const bank = watched(createTestBank(), onMoney);
  const random = randomBytes(script.seed);
  const devices: FaultyTerminal[] = [];
  const running: (ShopProcess | null)[] = [null, null];
  let [charges, reversals] = [0, 0];
  let order = seeded(0);
  let isShuffled = false;
  let lookedAt = clock.now();

  function start(): ShopProcess {
    const terminal = createFaultyTerminal({
      bank,
      sleep: clock.sleep,
      onCharge(charge) {
        onCharge(charge);
        return script.charges[charges++] ?? 'none';
      },
      onReverse: () => script.reversals[reversals++] ?? 'none',
    });
    devices.push(terminal);
    const life = createLife(() => {
      // No step is without its time.
      clock.advance(1);
      return isShuffled ? order.between(0, 3) : 0;
    });
    return startShopProcess({
      life,
      database: place.database,
      clock,
      random,
      terminal,
      menu,
      broken,
      onFailure,
    });
  }

  const living = () => running.filter((process) => process !== null && !process.life.isOver) as ShopProcess[];

  async function settle(): Promise<void> {
    // Everything runs in microtasks: when the next turn of the event loop comes, all of it waits.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async function lookAfterPayments(): Promise<void> {
    lookedAt = clock.now();
    for (const process of living()) void process.lookAfterPayments();
    await settle();
  }

  return {
    clock,
    bank,
    menu,
    settle,
    isDown: (at) => running[at]?.life.isOver === true,
    process(at) {
      const process = running[at];
      if (process != null && !process.life.isOver) return process;
      const started = start();
      running[at] = started;
      if (process != null) void started.lookAfterPayments();
      return started;
    },
    async pass(ms) {
      const until = clock.now() + ms;
      while (clock.now() < until) {
        const isQuiet = clock.sleepers === 0 && !place.rows.hasOpenPayments();
        clock.advance(isQuiet ? until - clock.now() : Math.min(TICK_MS, until - clock.now()));
        if (isQuiet) continue;
        await settle();
        if (clock.now() - lookedAt >= LOOK_AFTER_EVERY_MS) await lookAfterPayments();
      }
    },
    start() {
      for (const at of [0, 1] as const) if (running[at]?.life.isOver === true) this.process(at);
    },
    putNewMenu: () => void (menu.version = Math.min(menu.version + 1, menus.length)),
    deliverLate() {
      for (const device of devices) device.deliverLate();
    },
    shuffle(seed) {
      isShuffled = seed !== null;
      if (seed !== null) order = seeded(script.seed, seed);
    },
  };
}

function watched(bank: TestBank, onMoney: (orderId: string) => void): TestBank {
  const orders = new Map<string, string>();
  const told = <T>(paymentId: string, work: () => T): T => {
    const before = bank.movements.length;
    const result = work();
    if (bank.movements.length > before) onMoney(orders.get(paymentId)!);
    return result;
  };
  return {
    ...bank,
    authorise(charge) {
      orders.set(charge.paymentId, charge.orderId);
      return told(charge.paymentId, () => bank.authorise(charge));
    },
    reverse: (paymentId) => told(paymentId, () => bank.reverse(paymentId)),
  };
}

/** Ids that are the same for the same seed. */
function randomBytes(seed: number): RandomBytes {
  const random = seeded(seed, 2);
  return (length) => Uint8Array.from({ length }, () => random.between(0, 255));
}
