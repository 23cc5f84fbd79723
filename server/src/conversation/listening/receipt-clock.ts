/** How many frames back the quickest arrival is looked for: 1 s. */
const FRAMES = 32;
/** Arrival times move the clock only when they are off by more; steps would look like a change of delay. */
const SLACK_MS = 24;

/** Sound of a microphone comes by irregular posts; its own length tells the time between. */
export interface ReceiptClock {
  /** Sound that ends at `endMs` of the microphone was received. */
  took(endMs: number, receivedAtMs: number): void;
  /** What to add to the microphone's time for the server's: that of the quickest post of late. */
  offsetMs(): number;
}

export function createReceiptClock(): ReceiptClock {
  const offsets = new Float64Array(FRAMES);
  let count = 0;
  let offset = 0;
  return {
    took(endMs, receivedAtMs) {
      offsets[count % FRAMES] = receivedAtMs - endMs;
      count += 1;
    },
    offsetMs() {
      let least = offsets[0]!;
      for (let index = 1; index < Math.min(count, FRAMES); index++) least = Math.min(least, offsets[index]!);
      if (count <= 1 || Math.abs(least - offset) > SLACK_MS) offset = least;
      return offset;
    },
  };
}
