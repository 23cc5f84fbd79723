import { createNoiseFloor } from '../../audio/noise-floor.ts';
import { FRAME_SAMPLES, MICROPHONE_RATE } from './voice-frame.ts';

/** What one frame is by its energy alone. */
export interface EnergyGate {
  /** Measures the next frame of {@link FRAME_SAMPLES} samples in [-1, 1]; the fields tell of it until the next call. */
  measure(frame: Float32Array): void;
  /** RMS of the frame in dB below full scale, -100 for digital silence. */
  readonly levelDb: number;
  /** How far its sound stands out of the room, in decibels; below 0 where it does not. */
  readonly overFloorDb: number;
  /** Level of what lasts longer than a click and is higher than rumble, in dB below full scale. */
  readonly soundDb: number;
  /** True when it stands out so far that it may be a voice. */
  readonly isLoud: boolean;
  /** A frame of this `soundDb` was asked about and was no voice: music and engines are asked about less, after a while. */
  getUsedTo(soundDb: number): void;
  /** Somebody speaks: what we are used to may be their own voice. */
  startOver(): void;
}

/** A quarter of a frame, 8 ms. A click is over within two of them; a voice is not. */
const BLOCK_SAMPLES = FRAME_SAMPLES / 4;
/** How far over the floor a frame may be a voice. */
const STANDS_OUT_DB = 7;
/** How far over what we are used to. */
const STANDS_OUT_OF_USUAL_DB = 3;
/** How fast we get used to a sound, in decibels a frame: a door that slams changes little, music is known after some seconds. */
const USED_TO_DB = 0.6;
/** How fast that is forgotten while it goes on, in decibels a frame: 3 dB a second. */
const FORGOTTEN_DB = 0.1;
/** What was so far below it for half a second tells that it is gone, and it is forgotten at once. */
const GONE_DB = 10;
const GONE_FRAMES = 16;
/** Below this there is no voice that ears would understand. */
const LOWEST_VOICE_DB = -60;
const SILENCE_DB = -100;
/** Below 120 Hz there is mains hum, rumble and the wind of breath, and little of a voice. */
const HIGH_PASS_DECAY = Math.exp((-2 * Math.PI * 120) / MICROPHONE_RATE);

/**
 * Tells frames that may hold a voice from those that hold nothing but the room, at a hundredth of what a model takes. When
 * unsure it says loud.
 */
export function createEnergyGate(): EnergyGate {
  const floor = createNoiseFloor();
  const blocks = new Float64Array(FRAME_SAMPLES / BLOCK_SAMPLES);
  let before = 0;
  let passed = 0;
  let levelDb = SILENCE_DB;
  let overFloorDb = 0;
  let soundDb = SILENCE_DB;
  let usualDb = -Infinity;
  let goneFrames = 0;
  let isLoud = false;

  return {
    get levelDb() {
      return levelDb;
    },
    get overFloorDb() {
      return overFloorDb;
    },
    get soundDb() {
      return soundDb;
    },
    get isLoud() {
      return isLoud;
    },
    measure(frame) {
      // In locals, which stay in registers.
      let sampleBefore = before;
      let high = passed;
      let energy = 0;
      let at = 0;
      for (let block = 0; block < blocks.length; block++) {
        let blockEnergy = 0;
        for (const end = at + BLOCK_SAMPLES; at < end; at++) {
          const sample = frame[at]!;
          energy += sample * sample;
          high = HIGH_PASS_DECAY * (high + sample - sampleBefore);
          sampleBefore = sample;
          blockEnergy += high * high;
        }
        blocks[block] = blockEnergy;
      }
      before = sampleBefore;
      passed = high;
      levelDb = toDb(energy / FRAME_SAMPLES);
      // The second lowest: three blocks in four are as loud as that, which no click is.
      soundDb = toDb(blocks.sort()[1]! / BLOCK_SAMPLES);
      const floorBefore = floor.levelDb;
      overFloorDb = soundDb - Math.min(floorBefore, floor.follow(soundDb));
      goneFrames = soundDb < usualDb - GONE_DB ? goneFrames + 1 : 0;
      usualDb = goneFrames >= GONE_FRAMES ? -Infinity : usualDb - FORGOTTEN_DB;
      isLoud =
        overFloorDb >= STANDS_OUT_DB &&
        soundDb >= LOWEST_VOICE_DB &&
        soundDb >= usualDb + STANDS_OUT_OF_USUAL_DB;
    },
    getUsedTo(turnedDownDb) {
      if (turnedDownDb <= usualDb) return;
      usualDb = Math.min(turnedDownDb, Math.max(usualDb, floor.levelDb) + USED_TO_DB);
    },
    startOver() {
      usualDb = -Infinity;
    },
  };
}

function toDb(power: number): number {
  return power > 1e-10 ? 10 * Math.log10(power) : SILENCE_DB;
}
