/** A silence between two parts of a sound, in milliseconds from its first sample. */
export interface Pause {
  readonly startMs: number;
  readonly endMs: number;
}

/** Where the voice begins, pauses and ends in a sound that comes piece by piece. */
export interface SoundEdges {
  push(samples: Int16Array, sampleRate: number): void;
  /** Milliseconds of silence before the voice; 0 while nothing is heard. */
  readonly beginMs: number;
  /** Where the voice was heard last; 0 while nothing is heard. */
  readonly endMs: number;
  /** Silences so far after which the voice went on. */
  readonly pauses: readonly Pause[];
}

const FRAME_MS = 10;
/** Lips that close within a word are quicker. */
const SHORTEST_PAUSE_MS = 100;
/** About -45 dB below full scale: under every voice and over what a synthesizer gives for silence. */
const SILENT_LEVEL = 184;

export function createSoundEdges(): SoundEdges {
  const pauses: Pause[] = [];
  let beginMs: number | undefined;
  let endMs = 0;
  let nowMs = 0;
  let energy = 0;
  let count = 0;
  return {
    pauses,
    push(samples, sampleRate) {
      const frame = Math.round((sampleRate * FRAME_MS) / 1_000);
      for (const sample of samples) {
        energy += sample * sample;
        if (++count < frame) continue;
        if (energy > count * SILENT_LEVEL ** 2) {
          beginMs ??= nowMs;
          if (endMs > 0 && nowMs - endMs >= SHORTEST_PAUSE_MS) pauses.push({ startMs: endMs, endMs: nowMs });
          endMs = nowMs + FRAME_MS;
        }
        nowMs += FRAME_MS;
        energy = 0;
        count = 0;
      }
    },
    get beginMs() {
      return beginMs ?? 0;
    },
    get endMs() {
      return endMs;
    },
  };
}
