import type { Kysely, KyselyPlugin, Transaction } from 'kysely';
import type { PaymentTerminal } from '../../src/experiences/kiosk/payments/terminal.ts';
import type { Sleep } from '../../src/experiences/kiosk/payments/within.ts';
import type { Database } from '../../src/storage/database.ts';
import { EndOfLife, never, type Life } from './life.ts';

/**
 * `database` as a process that may die at every query sees it. What was committed stays; an open transaction is rolled back,
 * as the database does for a connection that is gone.
 */
export function mortalDatabase(database: Database, life: Life): Database {
  const open = database.tables<unknown>().withPlugin(stepAfterEach(() => life.step()));
  return {
    dialect: database.dialect,
    tables: <Tables>() => open as unknown as Kysely<Tables>,
    retried: (work) => lived(life, () => database.retried(work)),
    async transaction<Tables, T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
      if (life.isOver) return never();
      try {
        const result = await database.transaction<Tables, T>(async (transaction) => {
          await life.stepOrThrow();
          const done = await work(transaction.withPlugin(stepAfterEach(() => life.stepOrThrow())));
          if (life.isOver) throw new EndOfLife('The process died before it could commit.');
          return done;
        });
        await life.step();
        return result;
      } catch (error) {
        await life.step();
        throw error;
      }
    },
    ping: (signal) => database.ping(signal),
    close: () => Promise.resolve(),
  };
}

function stepAfterEach(step: () => Promise<void>): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      await step();
      return result;
    },
  };
}

/** `terminal` behind an adapter in a process that may die. The device itself goes on with what was asked of it. */
export function mortalTerminal(terminal: PaymentTerminal, life: Life): PaymentTerminal {
  return {
    ...terminal,
    charge: (charge, signal) => lived(life, () => terminal.charge(charge, signal)),
    reverse: (paymentId, signal) => lived(life, () => terminal.reverse(paymentId, signal)),
  };
}

export function mortalSleep(sleep: Sleep, life: Life): Sleep {
  return (ms, signal) => lived(life, () => sleep(ms, signal));
}

/** Does `work` unless the process is dead, and tells what came of it unless it died meanwhile. */
export async function lived<T>(life: Life, work: () => Promise<T>): Promise<T> {
  if (life.isOver) return never();
  try {
    const result = await work();
    await life.step();
    return result;
  } catch (error) {
    await life.step();
    throw error;
  }
}
