import { kioskReducer, type KioskEvent } from './kiosk-reducer.ts';
import type { KioskState } from './kiosk-state.ts';

/** Told of every event, with what it made of the state. */
export type KioskListener = (before: KioskState, event: KioskEvent, after: KioskState) => void;

/** The state of one kiosk and who follows it. */
export interface KioskStore {
  readonly state: KioskState;
  dispatch(event: KioskEvent): void;
  /** Gives a function that ends it. */
  follow(listener: KioskListener): () => void;
}

export function createKioskStore(start: KioskState): KioskStore {
  let state = start;
  const listeners = new Set<KioskListener>();
  return {
    get state() {
      return state;
    },
    dispatch(event) {
      const before = state;
      state = kioskReducer(state, event);
      for (const listener of listeners) listener(before, event, state);
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
