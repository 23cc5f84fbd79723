import { AbortedError } from './abort.ts';
import { deferred, type Deferred } from './deferred.ts';

/** Thrown by `push` on a full queue. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  constructor(limit: number) {
    super(`The queue already holds its ${limit} entries.`);
  }
}

/** A first-in first-out queue of at most `limit` entries with one consumer, read with `for await`. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  #entries: T[] = [];
  #waiting: Deferred<IteratorResult<T>> | undefined;
  #closed = false;
  #error: unknown;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** False, and nothing taken, when the queue is full or closed. */
  tryPush(entry: T): boolean {
    if (this.#closed) return false;
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: entry });
      return true;
    }
    if (this.#entries.length >= this.#limit) return false;
    this.#entries.push(entry);
    return true;
  }

  /** @throws {QueueFullError} when the queue is full. Ignored once closed. */
  push(entry: T): void {
    if (!this.tryPush(entry) && !this.#closed) throw new QueueFullError(this.#limit);
  }

  /** No more entries come; those waiting are still read, then `error` is thrown if there is one. */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    if (error === undefined) waiting.resolve({ done: true, value: undefined });
    else waiting.reject(error);
  }

  /** Drops what is waiting and closes with `AbortedError`. */
  abort(reason?: unknown): void {
    this.#entries = [];
    this.close(new AbortedError(reason));
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.#next(),
      return: () => {
        this.#entries = [];
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #next(): Promise<IteratorResult<T>> {
    const entry = this.#entries.shift();
    if (entry !== undefined) return Promise.resolve({ done: false, value: entry });
    if (this.#closed) {
      if (this.#error !== undefined) return Promise.reject(this.#error);
      return Promise.resolve({ done: true, value: undefined });
    }
    this.#waiting = deferred();
    return this.#waiting.promise;
  }
}
