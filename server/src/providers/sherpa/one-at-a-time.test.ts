import { expect, it } from 'vitest';

import { deferred } from '../../lib/deferred.ts';
import { createOneAtATime } from './one-at-a-time.ts';

it('runs one after the other in order, also after one that failed', async () => {
  const oneAtATime = createOneAtATime();
  const order: string[] = [];
  const gate = deferred<void>();
  const first = oneAtATime(async () => {
    order.push('first');
    await gate.promise;
    throw new Error('first failed');
  });
  const second = oneAtATime(async () => {
    order.push('second');
    return 2;
  });
  const third = oneAtATime(async () => order.push('third'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['first']);
  gate.resolve();
  await expect(first).rejects.toThrow('first failed');
  expect(await second).toBe(2);
  await third;
  expect(order).toEqual(['first', 'second', 'third']);
});
