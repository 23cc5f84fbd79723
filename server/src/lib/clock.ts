/** Where time comes from. Handed in, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the Unix epoch: for dates that people or tables see. */
  now(): number;
  /** Milliseconds from an arbitrary start that never runs back: for measuring. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
