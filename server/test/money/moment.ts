import type { ServerResponse } from '@malbeot/protocol';
import type { Meaning } from './meaning.ts';
import type { SessionRow } from './place.ts';

/** Something happened that never may. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** A request of a customer, under one key. */
export interface Asked {
  readonly key: string;
  readonly sessionId: string | null;
  readonly meaning: Meaning;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** True for one that was answered before and only comes again. */
  readonly isAgain: boolean;
}

/** Everything that was asked in one session at the same moment, and what came of it. */
export interface Moment {
  readonly sessionId: string;
  readonly before: SessionRow | null;
  /** As a process that died meanwhile left it; null when none did. */
  readonly interrupted: SessionRow | null;
  readonly asked: readonly Asked[];
  /** Times that the requests were sent in all. */
  readonly tries: number;
  readonly heard: readonly ServerResponse[];
}
