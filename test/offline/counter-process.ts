// A counter device as a process of its own, to be killed: node counter-process.ts URL FOLDER FIRST COUNT SEED SPEED.
// Says `began N` and `accepted N` for each customer, and `done` once everything is delivered.
import { VoiceClient, type Sleep } from '@malbeot/client';
import { createDiskQueue } from '@malbeot/client/node';
import { setTimeout as wait } from 'node:timers/promises';

import { customers } from './customers.ts';
import { act } from './device.ts';
import { randomFrom } from './random.ts';

const [url, folder, first, count, seed, speed] = process.argv.slice(2) as [string, string, ...string[]];
const random = randomFrom(Number(seed));
const factor = Number(speed);
let settling = false;

const fetch: typeof globalThis.fetch = async (input, init) => {
  const weather = settling ? 1 : random();
  if (weather < 0.2) throw new TypeError('There is no network.');
  const response = await globalThis.fetch(input, init);
  if (weather >= 0.4) return response;
  await response.arrayBuffer();
  throw new TypeError('The answer was lost.');
};

const startedAt = Date.now();
const now = () => startedAt + (Date.now() - startedAt) * factor;
const sleep: Sleep = (ms, signal) => wait(ms / factor, undefined, signal === undefined ? {} : { signal });

const queue = createDiskQueue({ folder, now, sleep });
const voice = new VoiceClient({ baseUrl: url, kioskId: 'counter-1', fetch, sleep, queue });
const day = customers(Number(count));
for (let index = Number(first); index < day.length; index++) {
  console.log(`began ${index}`);
  for (const what of day[index] ?? []) {
    await act(voice, what);
    await wait(2_000 / factor);
  }
  console.log(`accepted ${index}`);
}
settling = true;
queue.wake();
await queue.settled();
await queue.close();
console.log('done');
