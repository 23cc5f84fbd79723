/**
 * Where the queue keeps its records: small named pieces of bytes. Names are ASCII letters, digits and hyphens. Every
 * implementation passes `describeQueueStore` of `queue-store.suite.ts`.
 */
export interface QueueStore {
  /**
   * Makes it ready and gives the names of all records, sorted.
   *
   * @throws {MalbeotError} `QUEUE_IN_USE` when another process has it.
   */
  open(): Promise<readonly string[]>;
  /** A record's bytes; null where there is none, or where it is damaged. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Writes all of a record or nothing of it, in place of an older one. Once it resolves, a power cut does not undo it. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Deletes a record; no error where there is none. */
  remove(name: string): Promise<void>;
  /** Lets go of it, so that another process may open it. */
  close(): Promise<void>;
}

/** A store in memory: for tests, and for pages that may lose what was queued when they are closed. */
export function createMemoryStore(
  records: Map<string, Uint8Array<ArrayBuffer>> = new Map<string, Uint8Array<ArrayBuffer>>(),
): QueueStore {
  return {
    open: () => Promise.resolve([...records.keys()].sort()),
    read: (name) => Promise.resolve(records.get(name)?.slice() ?? null),
    write(name, bytes) {
      records.set(name, new Uint8Array(bytes));
      return Promise.resolve();
    },
    remove(name) {
      records.delete(name);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
