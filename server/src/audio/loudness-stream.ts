import { fromDecibels } from './level.ts';
import { createPeakLimiter } from './limiter-stream.ts';
import { createLoudnessMeter } from './loudness-meter.ts';
import { MOST_GAIN_DECIBELS, VOICE_LOUDNESS, type LoudnessTarget } from './loudness.ts';

export interface LoudnessStreamOptions {
  /** Hertz. */
  readonly sampleRate: number;
  /** -16 LUFS with peaks at most -1 dBFS when absent. */
  readonly target?: LoudnessTarget;
  /** The gain that this voice needed before, in decibels; absent for one never heard. */
  readonly priorGainDb?: number | undefined;
}

export interface LoudnessStreamEnd {
  /** The last of the sound. */
  readonly samples: Float32Array;
  /**
   * The gain in decibels that would have been right from the start, what the limiter took included: the next prior of the voice.
   * Null when there was no sound to measure.
   */
  readonly rightGainDb: number | null;
  /** What the sound was, and what it became, in LUFS; -Infinity for silence. */
  readonly loudnessBefore: number;
  readonly loudnessAfter: number;
}

/** Brings sound to its loudness while it is being made. What comes out is, joined, as long as what went in. */
export interface LoudnessStream {
  /** Takes the next sound, mono in [-1, 1], and gives what is ready: all but the last 20 ms. */
  push(samples: Float32Array): Float32Array;
  /** The rest. The stream is then at its end. */
  end(): LoudnessStreamEnd;
}

/** The gain moves once a frame; with the limiter's look-ahead this makes 20 ms. */
const FRAME_MS = 5;
const LOOK_AHEAD_MS = 15;
/** How much measured speech weighs as much as the prior. */
const PRIOR_WEIGHT_MS = 3_000;
const NO_PRIOR_WEIGHT_MS = 50;
/** A change of a few decibels a second is not heard as one. */
const SLOW_DECIBELS_PER_S = 3;
/** A voice never heard before is found quickly, once, while little of it was said. */
const FAST_DECIBELS_PER_S = 40;
const FAST_UNTIL_MS = 600;
/** The loudness is read anew as often as its blocks begin. */
const READ_EVERY_MS = 100;
/** More than this the limiter takes from no voice worth hearing. */
const MOST_LIMITER_LOSS = 6;

/**
 * Opens a stream of one voice's sound. It begins with the prior gain and moves slowly towards what the running measurement (ITU-R
 * BS.1770) of the sound so far asks for; peaks are limited 15 ms ahead. The result does not depend on how the sound is cut.
 */
export function createLoudnessStream(options: LoudnessStreamOptions): LoudnessStream {
  const { sampleRate, target = VOICE_LOUDNESS, priorGainDb } = options;
  const limiter = createPeakLimiter(sampleRate, fromDecibels(target.peakDecibels), LOOK_AHEAD_MS);
  const meters = {
    before: createLoudnessMeter(sampleRate),
    gained: createLoudnessMeter(sampleRate),
    after: createLoudnessMeter(sampleRate),
  };
  const frame = Math.max(1, Math.floor((sampleRate * FRAME_MS) / 1000));
  const readEvery = Math.round(READ_EVERY_MS / FRAME_MS);
  let waiting: Float32Array = new Float32Array(0);
  let frames = 0;
  let gain = clampGain(priorGainDb ?? 0);
  let wanted = gain;

  /** What the sound so far asks for, between the prior and the measurement. */
  const readWanted = () => {
    const measured = rightGain(meters, target);
    if (measured === null) return;
    const measuredMs = meters.before.measuredMs();
    const prior = priorGainDb ?? 0;
    const weight = priorGainDb === undefined ? NO_PRIOR_WEIGHT_MS : PRIOR_WEIGHT_MS;
    wanted = clampGain((measured * measuredMs + prior * weight) / (measuredMs + weight));
  };

  const moveGain = (): number => {
    const fast = priorGainDb === undefined && meters.before.measuredMs() < FAST_UNTIL_MS;
    const step = ((fast ? FAST_DECIBELS_PER_S : SLOW_DECIBELS_PER_S) * FRAME_MS) / 1000;
    return gain + Math.max(-step, Math.min(step, wanted - gain));
  };

  /** Takes `samples`, at most a frame, up to the loudness. */
  const lift = (samples: Float32Array): Float32Array => {
    meters.before.push(samples);
    // In its first second a voice is found anew with every frame.
    if (frames++ % readEvery === 0 || frames * FRAME_MS < 1_000) readWanted();
    const next = moveGain();
    const from = fromDecibels(gain);
    const slope = (fromDecibels(next) - from) / samples.length;
    gain = next;
    const lifted = samples.map((sample, index) => sample * (from + slope * index));
    meters.gained.push(lifted);
    return lifted;
  };

  const limit = (lifted: Float32Array): Float32Array => {
    const limited = limiter.push(lifted);
    meters.after.push(limited);
    return limited;
  };

  return {
    push(samples) {
      const sound = join([waiting, samples]);
      const pieces: Float32Array[] = [];
      let at = 0;
      for (; at + frame <= sound.length; at += frame)
        pieces.push(limit(lift(sound.subarray(at, at + frame))));
      waiting = sound.slice(at);
      return join(pieces);
    },
    end() {
      const last = waiting.length === 0 ? waiting : limit(lift(waiting));
      const rest = limiter.flush();
      meters.after.push(rest);
      waiting = new Float32Array(0);
      return {
        samples: join([last, rest]),
        rightGainDb: rightGain(meters, target),
        loudnessBefore: meters.before.loudness(),
        loudnessAfter: meters.after.loudness(),
      };
    },
  };
}

type Meters = Readonly<Record<'before' | 'gained' | 'after', ReturnType<typeof createLoudnessMeter>>>;

function rightGain({ before, gained, after }: Meters, target: LoudnessTarget): number | null {
  const loudness = before.loudness();
  if (loudness === -Infinity) return null;
  const made = after.loudness();
  const lost = made === -Infinity ? 0 : gained.loudness() - made;
  return clampGain(target.lufs - loudness + Math.max(0, Math.min(MOST_LIMITER_LOSS, lost)));
}

function clampGain(decibels: number): number {
  return Math.max(-MOST_GAIN_DECIBELS, Math.min(MOST_GAIN_DECIBELS, decibels));
}

function join(pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
