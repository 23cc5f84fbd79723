import { describe, expect, it } from 'vitest';
import { BoundedQueue, QueueFullError } from './bounded-queue.ts';

async function read<T>(queue: BoundedQueue<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> {
  const seen: T[] = [];
  for await (const entry of queue) {
    seen.push(entry);
    if (seen.length === count) break;
  }
  return seen;
}

describe('BoundedQueue', () => {
  it('gives entries in order, those that wait and those that come', async () => {
    const queue = new BoundedQueue<number>(2);
    queue.push(1);
    queue.push(2);
    const reading = read(queue);
    await Promise.resolve();
    queue.push(3);
    queue.close();
    expect(await reading).toEqual([1, 2, 3]);
  });

  it('refuses what does not fit, and keeps what it has', async () => {
    const queue = new BoundedQueue<number>(1);
    queue.push(1);
    expect(queue.tryPush(2)).toBe(false);
    expect(() => queue.push(2)).toThrow(QueueFullError);
    expect(queue.size).toBe(1);
    queue.close();
    expect(await read(queue)).toEqual([1]);
  });

  it('gives what waits before the error it was closed with', async () => {
    const queue = new BoundedQueue<number>(2);
    queue.push(1);
    queue.close(new Error('broken'));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const entry of queue) seen.push(entry);
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(seen).toEqual([1]);
  });

  it('drops what waits when aborted, and wakes its reader', async () => {
    const queue = new BoundedQueue<number>(2);
    const reading = read(queue);
    queue.abort('enough');
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    queue.push(1);
    expect(queue.size).toBe(0);
  });

  it('closes when its reader leaves', async () => {
    const queue = new BoundedQueue<number>(3);
    queue.push(1);
    queue.push(2);
    expect(await read(queue, 1)).toEqual([1]);
    expect(queue.tryPush(3)).toBe(false);
  });
});
