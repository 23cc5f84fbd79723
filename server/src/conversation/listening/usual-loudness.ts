/** Frames that the mean reaches back: 1.6 s of speech. */
const MEMORY_FRAMES = 50;
/** Before so much was heard, any loudness is usual: 0.3 s. */
const LEAST_FRAMES = 10;
/** Nobody who speaks up over a loudspeaker is so much quieter than they were in silence. */
const QUIETER_DB = 14;

/** How loud the person at this microphone usually is. */
export interface UsualLoudness {
  /** @param levelDb Level of a frame that is the person's, in dB below full scale. */
  heard(levelDb: number): void;
  /** Whether a frame may be theirs by its level. True as long as next to nothing was heard of them. */
  isUsual(levelDb: number): boolean;
}

export function createUsualLoudness(): UsualLoudness {
  let meanDb = 0;
  let frames = 0;
  return {
    heard(levelDb) {
      frames += 1;
      meanDb += (levelDb - meanDb) / Math.min(frames, MEMORY_FRAMES);
    },
    isUsual: (levelDb) => frames < LEAST_FRAMES || levelDb > meanDb - QUIETER_DB,
  };
}
