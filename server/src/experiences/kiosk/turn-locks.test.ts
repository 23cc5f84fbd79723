import { describe, expect, it } from 'vitest';
import { deferred } from '../../lib/deferred.ts';
import { createTurnLocks } from './turn-locks.ts';

const { signal } = new AbortController();

describe('createTurnLocks', () => {
  it('runs turns of one session in order, those of others beside them', async () => {
    const locks = createTurnLocks();
    const gate = deferred<void>();
    const seen: string[] = [];
    const turn = (key: string, name: string, wait?: Promise<void>) =>
      locks.run(key, signal, async () => {
        await wait;
        seen.push(name);
      });
    const all = [turn('a', 'a1', gate.promise), turn('a', 'a2'), turn('b', 'b1'), turn('a', 'a3')];
    await all[2];
    expect(seen).toEqual(['b1']);
    gate.resolve();
    await Promise.all(all);
    expect(seen).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  it('goes on after a turn that failed', async () => {
    const locks = createTurnLocks();
    await expect(locks.run('a', signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(locks.run('a', signal, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('refuses the tenth turn at once and lets a waiting one go', async () => {
    const locks = createTurnLocks();
    const gate = deferred<void>();
    const leaver = new AbortController();
    const first = locks.run('a', signal, () => gate.promise);
    const left = locks.run('a', leaver.signal, () => Promise.resolve('ran'));
    const waiting = Array.from({ length: 7 }, () => locks.run('a', signal, () => Promise.resolve('ran')));
    await expect(locks.run('a', signal, () => Promise.resolve('ran'))).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    leaver.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    gate.resolve();
    await first;
    expect(await Promise.all(waiting)).toEqual(Array(7).fill('ran'));
  });
});
