/** Follows the level of what is always there. */
export interface NoiseFloor {
  /** Takes the level of the next frame, in decibels below full scale, and gives the floor after it. */
  follow(levelDb: number): number;
  readonly levelDb: number;
}

export interface NoiseFloorOptions {
  /** How long one piece of the memory lasts, in frames. 12: 384 ms at 32 ms a frame. */
  readonly pieceFrames?: number;
  /** How many pieces are remembered. 6, so that a noise that came to stay is the floor after 2.3 s. */
  readonly pieces?: number;
  /** Where it begins, for the first {@link NoiseFloorOptions.firstPieces} pieces: -60 dB. Nobody is taken for noise at once. */
  readonly startDb?: number;
  /** 3, which is 1.2 s. */
  readonly firstPieces?: number;
}

/**
 * A room is never quieter than this. Zeros, which a microphone that is muted sends and one with a gate between two words, count
 * as this, so that only who speaks between them is not taken for the room.
 */
const LOWEST_DB = -70;
/** How much of the level before goes into a frame's: a floor that fell into every gap between two sounds would be too low. */
const SMOOTHING = 0.6;

/**
 * The lowest level of the last seconds: what falls is followed at once, what rises when it has lasted longer than a sentence
 * goes without a gap. Clicks and breaths come and go, so they never are the lowest.
 */
export function createNoiseFloor({
  pieceFrames = 12,
  pieces = 6,
  startDb = -60,
  firstPieces = 3,
}: NoiseFloorOptions = {}): NoiseFloor {
  const lowest = new Float64Array(pieces).fill(Infinity);
  // The oldest place is written over first.
  lowest.fill(startDb, 1, 1 + firstPieces);
  let place = 0;
  let framesInPiece = 0;
  let smoothDb = startDb;
  let hasHeard = false;
  let levelDb = startDb;

  return {
    get levelDb() {
      return levelDb;
    },
    follow(measuredDb) {
      const frameDb = Math.max(LOWEST_DB, measuredDb);
      smoothDb = hasHeard ? smoothDb * SMOOTHING + frameDb * (1 - SMOOTHING) : frameDb;
      hasHeard = true;
      if (framesInPiece === pieceFrames) {
        place = (place + 1) % pieces;
        framesInPiece = 0;
        lowest[place] = Infinity;
      }
      framesInPiece += 1;
      if (smoothDb < lowest[place]!) lowest[place] = smoothDb;
      let least = Infinity;
      for (const piece of lowest) if (piece < least) least = piece;
      levelDb = least;
      return levelDb;
    },
  };
}
