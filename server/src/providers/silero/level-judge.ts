import { rootMeanSquare, toDecibels } from '../../audio/level.ts';
import { createNoiseFloor } from '../../audio/noise-floor.ts';

/** How far a frame stands out of the room to be taken for a voice, and how far for the voice to go on. */
const STARTS_DB = 12;
const LASTS_DB = 6;
/** A voice that is quieter is not told from the room by its level. */
const LOWEST_DB = -50;
/** A voice lasts so long; a click, a cup that is put down, does not: 96 ms. */
const VOICE_FRAMES = 3;
const PROBABLY = 0.7;
const PERHAPS = 0.4;
const HARDLY = 0.05;

/**
 * Judges the frames of one microphone by nothing but how far they stand out of the room: what is left while the model is gone.
 * Takes music and slamming doors for voices.
 */
export function createLevelJudge(): (frame: Float32Array) => number {
  const floor = createNoiseFloor();
  let loudFrames = 0;
  return (frame) => {
    const levelDb = Math.max(-100, toDecibels(rootMeanSquare(frame)));
    const overFloorDb = levelDb - Math.min(floor.levelDb, floor.follow(levelDb));
    loudFrames = levelDb >= LOWEST_DB && overFloorDb >= STARTS_DB ? loudFrames + 1 : 0;
    if (loudFrames >= VOICE_FRAMES) return PROBABLY;
    return levelDb >= LOWEST_DB && overFloorDb >= LASTS_DB ? PERHAPS : HARDLY;
  };
}
