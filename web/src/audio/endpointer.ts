export interface EndpointerOptions {
  /** Silence after speech that ends an utterance. Default 700. */
  readonly hangoverMs?: number;
  /** Voice needed before an utterance counts as begun; shorter sounds are clicks. Default 100. */
  readonly onsetMs?: number;
  /** RMS below which nothing is speech, however quiet the room. Default 0.008. */
  readonly quietest?: number;
  /** Length of one frame. Default 20. */
  readonly frameMs?: number;
}

export type EndpointEvent = 'speech-start' | 'speech-end' | null;

/** Tells where speech begins and ends, by loudness over a floor that follows the room. */
export interface Endpointer {
  readonly speaking: boolean;
  /** Takes the RMS of the next frame. */
  push(rms: number): EndpointEvent;
  /** Takes the RMS of a frame in which nobody is expected to speak: it only learns the room. */
  learn(rms: number): void;
  /** Forgets the utterance, keeps what it knows of the room. */
  reset(): void;
}

/** Longer than people speak without a gap between words, so that the quietest frame in it is the room. */
const FLOOR_WINDOW_MS = 2500;
const OVER_FLOOR_TO_BEGIN = 3;
const OVER_FLOOR_TO_GO_ON = 2;

export function createEndpointer(options: EndpointerOptions = {}): Endpointer {
  const { hangoverMs = 700, onsetMs = 100, quietest = 0.008, frameMs = 20 } = options;
  // Begins as a silent room: the first frame may already be speech, and must not pass for noise.
  const recent = new Float32Array(Math.ceil(FLOOR_WINDOW_MS / frameMs));
  let next = 0;
  let smooth = 0;
  let voicedMs = 0;
  let silentMs = 0;
  let speaking = false;

  function floorWith(rms: number): number {
    smooth = smooth * 0.6 + rms * 0.4;
    recent[next] = smooth;
    next = (next + 1) % recent.length;
    return recent.reduce((least, level) => Math.min(least, level));
  }

  return {
    get speaking() {
      return speaking;
    },
    push(rms) {
      const floor = floorWith(rms);
      const over = speaking ? OVER_FLOOR_TO_GO_ON : OVER_FLOOR_TO_BEGIN;
      const voiced = rms > Math.max(quietest * (speaking ? 0.7 : 1), floor * over);
      if (voiced) {
        voicedMs += frameMs;
        silentMs = 0;
        if (speaking || voicedMs < onsetMs) return null;
        speaking = true;
        return 'speech-start';
      }
      silentMs += frameMs;
      if (!speaking) {
        // One quiet frame inside a word does not undo the onset.
        if (silentMs > 2 * frameMs) voicedMs = 0;
        return null;
      }
      if (silentMs < hangoverMs) return null;
      speaking = false;
      voicedMs = 0;
      return 'speech-end';
    },
    learn(rms) {
      floorWith(rms);
    },
    reset() {
      speaking = false;
      voicedMs = 0;
      silentMs = 0;
    },
  };
}

/** Root mean square of samples, 0 to 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
