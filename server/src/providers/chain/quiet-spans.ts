/** A stretch of a sound, in milliseconds from its start. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Listens to sound as it is given, for the places where nothing is said. */
export interface QuietSpans {
  push(samples: Int16Array, sampleRate: number): void;
  /** Pauses in what was pushed so far, in order; the last one may lie at its end. */
  spans(): readonly Span[];
}

const FRAME_MS = 10;
/** Measured with the built-in voice: below this share of its loudest parts it is silent. */
const QUIET_SHARE = 0.03;
/** Measured likewise: pauses of clauses last 140 ms and more, the closed lips within words 60 ms at most. */
const SHORTEST_PAUSE_MS = 100;
/** A click is not what a voice is measured by. */
const LOUD_PERCENTILE = 0.95;

export function createQuietSpans(): QuietSpans {
  /** Root mean square of each frame that is complete: 100 numbers a second. */
  const levels: number[] = [];
  let sum = 0;
  let counted = 0;
  return {
    push(samples, sampleRate) {
      const frameSamples = Math.round((sampleRate * FRAME_MS) / 1_000);
      for (const sample of samples) {
        sum += sample * sample;
        counted += 1;
        if (counted < frameSamples) continue;
        levels.push(Math.sqrt(sum / counted));
        sum = 0;
        counted = 0;
      }
    },
    spans() {
      const loud = [...levels].sort((one, other) => one - other)[Math.floor(levels.length * LOUD_PERCENTILE)];
      const limit = (loud ?? 0) * QUIET_SHARE;
      const spans: Span[] = [];
      let start = 0;
      for (let frame = 0; frame <= levels.length; frame++) {
        const level = levels[frame];
        if (level !== undefined && level <= limit) continue;
        const span = { startMs: start * FRAME_MS, endMs: frame * FRAME_MS };
        if (span.endMs - span.startMs >= SHORTEST_PAUSE_MS) spans.push(span);
        start = frame + 1;
      }
      return spans;
    },
  };
}
