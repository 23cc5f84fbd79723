import { createTurnQueue, type TurnQueueOptions } from '../queue/create-turn-queue.ts';
import type { TurnQueue } from '../queue/turn-queue.ts';
import { createDiskStore } from './disk-store.ts';

export interface DiskQueueOptions extends Omit<TurnQueueOptions, 'store'> {
  /** Made when it is not there; for this queue alone, and for one process at a time. */
  readonly folder: string;
}

/** The offline queue in a folder: what is in it survives a power cut. */
export function createDiskQueue({ folder, ...options }: DiskQueueOptions): TurnQueue {
  return createTurnQueue({ ...options, store: createDiskStore(folder) });
}
