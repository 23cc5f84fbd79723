/** Hertz: what recorders are asked for. */
export const RECORDING_RATE = 16_000;

const FRAME_SAMPLES = RECORDING_RATE / 50;
const FRAME_MS = 20;
/** A sound this much louder than the quiet of the room is speech. */
const SPEECH_OVER_NOISE = 3.5;
/** Nothing below this is speech, however quiet the room. */
const LEAST_SPEECH_LEVEL = 0.008;
/** The quiet of the room before it was heard: who speaks at once is not taken for the room. */
const FIRST_NOISE = 0.01;
/** So many loud frames are speech; fewer are a click. */
const SPEECH_FRAMES = 6;
const SILENCE_AFTER_MS = 1200;
const LONGEST_MS = 30_000;
/** Nobody spoke for so long: there is nothing to wait for. */
const PATIENCE_MS = 10_000;

/** Listens to samples as they come and tells when someone has finished speaking. */
export interface UtteranceEnd {
  /** Takes signed 16-bit samples. */
  take(samples: Int16Array): void;
  /** Root mean square of the last frame, 0 to 1. */
  readonly level: number;
  /** True once someone spoke. */
  readonly hasSpeech: boolean;
  /** True when the speaker has stopped, nobody began, or the longest time is over. */
  readonly isOver: boolean;
}

/** Tells speech from silence by loudness, against the quietest that was heard. */
export function createUtteranceEnd(): UtteranceEnd {
  let rest = new Int16Array(0);
  let quiet = FIRST_NOISE;
  let loudFrames = 0;
  let level = 0;
  let heardMs = 0;
  let silentMs = 0;
  let hasSpeech = false;

  function takeFrame(frame: Int16Array): void {
    level = levelOf(frame);
    heardMs += FRAME_MS;
    // The quiet of the room rises slowly, so that a long vowel is not taken for it.
    quiet = Math.min(Math.max(level, 0.0005), quiet * 1.01);
    const isLoud = level > Math.max(LEAST_SPEECH_LEVEL, quiet * SPEECH_OVER_NOISE);
    loudFrames = isLoud ? loudFrames + 1 : Math.max(0, loudFrames - 1);
    if (loudFrames >= SPEECH_FRAMES) hasSpeech = true;
    silentMs = isLoud ? 0 : silentMs + FRAME_MS;
  }

  return {
    take(samples) {
      const all = new Int16Array(rest.length + samples.length);
      all.set(rest);
      all.set(samples, rest.length);
      let at = 0;
      for (; at + FRAME_SAMPLES <= all.length; at += FRAME_SAMPLES)
        takeFrame(all.subarray(at, at + FRAME_SAMPLES));
      rest = all.slice(at);
    },
    get level() {
      return level;
    },
    get hasSpeech() {
      return hasSpeech;
    },
    get isOver() {
      if (heardMs >= LONGEST_MS) return true;
      return hasSpeech ? silentMs >= SILENCE_AFTER_MS : heardMs >= PATIENCE_MS;
    },
  };
}

function levelOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += (sample / 0x8000) ** 2;
  return Math.sqrt(sum / frame.length);
}
