import { describe, expect, it } from 'vitest';
import { AbortedError, TimeoutError } from '../lib/abort.ts';
import { QueueFullError } from '../lib/bounded-queue.ts';
import { deferred } from '../lib/deferred.ts';
import { createWorkPool } from './work-pool.ts';

const forever = () => deferred<string>().promise;

describe('createWorkPool', () => {
  it('runs a key once at a time, keys side by side, and refuses what does not fit', async () => {
    const pool = createWorkPool<string>({ concurrency: 1, maxWaiting: 1, limitMs: 10_000 });
    const first = deferred<string>();
    const begun: string[] = [];
    const work = (name: string, result: Promise<string>) => () => {
      begun.push(name);
      return result;
    };
    const one = pool.run('one', work('one', first.promise));
    const same = pool.run('one', work('never', forever()));
    const two = pool.run('two', work('two', Promise.resolve('second')));
    await expect(pool.run('three', forever)).rejects.toThrow(QueueFullError);
    expect(begun).toEqual(['one']);
    first.resolve('first');
    expect(await Promise.all([one, same, two])).toEqual(['first', 'first', 'second']);
    expect(await pool.run('one', () => Promise.resolve('again'))).toBe('again');
    expect(begun).toEqual(['one', 'two']);
  });

  it('passes the turn on after a failure and after the limit', async () => {
    const pool = createWorkPool<string>({ concurrency: 1, maxWaiting: 5, limitMs: 20 });
    const hung = pool.run('hung', forever);
    const broken = pool.run('broken', () => Promise.reject(new Error('broken')));
    const fine = pool.run('fine', () => Promise.resolve('fine'));
    await expect(hung).rejects.toThrow(TimeoutError);
    await expect(broken).rejects.toThrow('broken');
    expect(await fine).toBe('fine');
  });

  it('calls off what runs and what waits when it is closed, and takes nothing more', async () => {
    const pool = createWorkPool<string>({ concurrency: 1, maxWaiting: 5, limitMs: 10_000 });
    let seen: AbortSignal | undefined;
    const running = pool.run('running', (signal) => {
      seen = signal;
      return forever();
    });
    const waiting = pool.run('waiting', forever);
    await Promise.resolve();
    const ends = Promise.allSettled([running, waiting]);
    await pool.close();
    for (const end of await ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(AbortedError) as unknown });
    }
    expect(seen?.aborted).toBe(true);
    await expect(pool.run('late', forever)).rejects.toThrow(AbortedError);
  });
});
