import { MalbeotError } from '../malbeot-error.ts';
import type { QueueStore } from './queue-store.ts';

const RECORDS = 'records';
/** A page that was just reloaded may still hold the lock for a moment. */
const LOCK_WAIT_MS = 5_000;

/**
 * Records in the browser's IndexedDB, in a database of their own. One page at a time has it, where the browser knows locks
 * (pages that came over HTTPS or from this machine).
 */
export function createIndexedDbStore(databaseName: string): QueueStore {
  let database: IDBDatabase | null = null;
  let release = (): void => undefined;

  async function inTransaction<Result>(
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    try {
      if (database === null) throw new Error('The store is not open.');
      // Strict: done means on the disk, not in the buffers of the system.
      const transaction = database.transaction(RECORDS, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(RECORDS));
      await finished(transaction);
      return request.result;
    } catch (error) {
      throw new MalbeotError('QUEUE_BROKEN', { cause: error });
    }
  }

  return {
    async open() {
      if (database === null) {
        release = await takeLock(databaseName);
        try {
          database = await openDatabase(databaseName);
        } catch (error) {
          release();
          throw new MalbeotError('QUEUE_BROKEN', { cause: error });
        }
      }
      const names = await inTransaction('readonly', (records) => records.getAllKeys());
      return names.map(String).sort();
    },
    async read(name) {
      const bytes: unknown = await inTransaction('readonly', (records): IDBRequest<unknown> =>
        records.get(name),
      );
      return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null;
    },
    async write(name, bytes) {
      // A copy: a view would take its whole buffer along.
      await inTransaction('readwrite', (records) => records.put(bytes.slice(), name));
    },
    async remove(name) {
      await inTransaction('readwrite', (records) => records.delete(name));
    },
    close() {
      database?.close();
      database = null;
      release();
      return Promise.resolve();
    },
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => void request.result.createObjectStore(RECORDS));
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(errorOf(request.error)));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(errorOf(transaction.error)));
  });
}

function errorOf(error: DOMException | null): Error {
  return error ?? new Error('The browser gave no reason.');
}

/** Gives what lets the lock go. @throws {MalbeotError} `QUEUE_IN_USE` */
async function takeLock(name: string): Promise<() => void> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (locks === undefined) return () => undefined;
  let release = (): void => undefined;
  const over = new Promise<void>((resolve) => (release = resolve));
  await new Promise<void>((resolve, reject) => {
    locks
      .request(`malbeot ${name}`, { signal: AbortSignal.timeout(LOCK_WAIT_MS) }, () => {
        resolve();
        return over;
      })
      .catch((error: unknown) => reject(new MalbeotError('QUEUE_IN_USE', { cause: error })));
  });
  return release;
}
