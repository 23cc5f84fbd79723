import { createMemoryStore, createTurnQueue, isQueued } from '@malbeot/client';
import type { HeldConversation, QueueStore, TurnDelivery, TurnQueue, VoiceClient } from '@malbeot/client';

import type { Act } from './customers.ts';
import type { Shop } from './shop.ts';

/** What is on a disk. */
export type Records = Map<string, Uint8Array<ArrayBuffer>>;

/** What the device was told by its queue. */
export interface Told {
  readonly deliveries: TurnDelivery[];
  readonly held: HeldConversation[];
}

export const nothingTold = (): Told => ({ deliveries: [], held: [] });

/** A counter device: what is on its disk stays, everything else goes with the power. */
export interface Device {
  readonly voice: VoiceClient<TurnQueue>;
  readonly queue: TurnQueue;
}

export function openDevice(shop: Shop, store: QueueStore, told: Told): Device {
  const queue = createTurnQueue({
    store,
    now: shop.now,
    sleep: shop.sleep,
    random: () => 0.5,
    onDelivered: (delivery) => void told.deliveries.push(delivery),
    onHeld: (held) => void told.held.push(held),
  });
  return { voice: shop.client(queue), queue };
}

/** A disk whose power fails at one of its steps. */
export interface FailingStore extends QueueStore {
  readonly isDead: boolean;
}

/** @param steps Writes and deletions that still work; the one after them is done or not, as `lastIsDone` says. */
export function failingStore(records: Records, steps: number, lastIsDone: boolean): FailingStore {
  const store = createMemoryStore(records);
  let left = steps;
  let isDead = false;
  const step = async (work: () => Promise<void>) => {
    if (isDead) throw new Error('There is no power.');
    left -= 1;
    if (left >= 0) return work();
    isDead = true;
    if (lastIsDone) await work();
    throw new Error('The power failed.');
  };
  return {
    ...store,
    get isDead() {
      return isDead;
    },
    write: (name, bytes) => step(() => store.write(name, bytes)),
    remove: (name) => step(() => store.remove(name)),
  };
}

/** What came of an act: answered by the server, kept for later, or nobody knows. */
export type Result = 'answered' | 'queued' | 'failed';

/** Does it while the shop's time passes. */
export async function does(shop: Shop, { voice }: Device, what: Act): Promise<Result> {
  let result: Result | undefined;
  void act(voice, what).then(
    (queued) => (result = queued ? 'queued' : 'answered'),
    () => (result = 'failed'),
  );
  await shop.until(() => result !== undefined);
  return result ?? 'failed';
}

/** True when the turn was kept for later. */
export async function act(voice: VoiceClient<TurnQueue>, what: Act): Promise<boolean> {
  if (what === 'leave') {
    await voice.reset();
    return false;
  }
  if ('text' in what) return isQueued(await voice.sendText(what.text));
  if ('tap' in what) return isQueued(await voice.sendAction(what.tap));
  return isQueued(await voice.sendAudio(what.wav));
}

/** Lets time pass until everything is delivered and told, or until `isDead`. */
export async function drain(shop: Shop, { queue }: Device, isDead = () => false): Promise<void> {
  let settled = false;
  const done = queue.settled().then(
    () => (settled = true),
    () => undefined,
  );
  await shop.until(() => settled || isDead());
  if (settled) await done;
}
