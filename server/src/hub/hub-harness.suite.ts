import type { HubEvent } from '@malbeot/protocol';
import type { Clock } from '../lib/clock.ts';
import type { Hub, HubCursor } from './hub.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(start = 1_795_219_200_000): ManualClock {
  let now = start;
  return { now: () => now, monotonicMs: () => now - start, advance: (ms) => void (now += ms) };
}

export interface HubUnderTest {
  readonly keepMs: number;
  readonly keepEvents: number;
  readonly maxBehind: number;
}

/** Makes a hub with these limits. */
export type MakeHub = (limits: HubUnderTest & { readonly clock: Clock }) => Hub;

export const called = (name: string) => ({ kiosk_id: null, session_id: name, at: '' });
export const nameOf = (event: HubEvent) =>
  event.type === 'staff_called' ? (event.data as { session_id: string }).session_id : event.type;
export const cursorOf = ({ epoch, seq }: HubEvent): HubCursor => ({ epoch, seq });
