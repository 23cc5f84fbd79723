import { childOf, isAbort, type AbortNode } from '../lib/abort.ts';
import type { TurnEndDetector } from '../providers/spec/turn-end.ts';

export interface PauseJudgeOptions {
  readonly detector: TurnEndDetector;
  /** Told why the detector failed. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
}

/** Hears, once a pause, whether what one person said so far sounds finished. Never holds anybody up. */
export interface PauseJudge {
  /** The next sound. Keeps the array. */
  push(samples: Float32Array): void;
  /**
   * How the pause at hand sounds: probability that the person has finished, or null as long as nobody knows. Asks the detector at
   * the first call in which the pause is long enough.
   */
  judge(silentMs: number): number | null;
  /** The person speaks on: the answer about this pause no longer counts. */
  goOn(): void;
  /** Gives up what it holds. Idempotent. */
  close(): void;
}

/** Before that, a silence may be a gap within a word. The detector was trained on pauses of about this length. */
const ASK_AFTER_MS = 192;
/** What the detector listens to: 8 s at 16,000 Hz. */
const MOST_SAMPLES = 128_000;

/** Begins with nothing heard. What is asked ends when `signal` aborts. */
export function createPauseJudge(
  { detector, onTrouble }: PauseJudgeOptions,
  signal: AbortSignal,
): PauseJudge {
  /** The last 8 s, as they came. */
  let sound: Float32Array[] = [];
  let length = 0;
  /** The pause at hand, once it was asked about. */
  let pause: { readonly node: AbortNode; probability: number | null } | undefined;
  /** True while the detector has not settled a question: it gets no second one. */
  let isAsking = false;
  let isClosed = false;

  async function ask(): Promise<void> {
    const asked = { node: childOf(signal), probability: null as number | null };
    pause = asked;
    isAsking = true;
    try {
      const probability = await detector.judge(joined(sound, length), asked.node.signal);
      if (pause === asked) asked.probability = probability;
    } catch (error) {
      if (!isAbort(error)) onTrouble?.(error);
    } finally {
      isAsking = false;
      asked.node.unlink();
    }
  }

  function goOn(): void {
    pause?.node.abort();
    pause = undefined;
  }

  return {
    push(samples) {
      if (isClosed) return;
      sound.push(samples);
      length += samples.length;
      while (length - sound[0]!.length >= MOST_SAMPLES) length -= sound.shift()!.length;
    },
    judge(silentMs) {
      if (pause === undefined && !isAsking && !isClosed && silentMs >= ASK_AFTER_MS) void ask();
      return pause?.probability ?? null;
    },
    goOn,
    close() {
      isClosed = true;
      goOn();
      sound = [];
      length = 0;
    },
  };
}

function joined(pieces: readonly Float32Array[], length: number): Float32Array {
  const all = new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
