import { peakAfter, PEAK_REACH, truePeak, WORTH_A_LOOK } from './limiter.ts';

/** Limits peaks of sound that comes piece by piece; what comes out lags behind what goes in. */
export interface PeakLimiter {
  /** The sound that is certain by now; may be empty. */
  push(samples: Float32Array): Float32Array;
  /** The rest. The limiter is then at its end. */
  flush(): Float32Array;
}

/** A gain that moves can lift a peak between samples by a hair. */
const MARGIN = 0.995;

/**
 * Turns down what would rise above `ceiling` (an amplitude; true peaks count), ahead of it by at most `lookAheadMs`, by the
 * method of `limitPeaks`: the least gain of the look-ahead, averaged over a stretch as long.
 */
export function createPeakLimiter(sampleRate: number, ceiling: number, lookAheadMs: number): PeakLimiter {
  const allowed = ceiling * MARGIN;
  const ahead = Math.max(1, Math.floor((sampleRate * lookAheadMs) / 1000) - PEAK_REACH.after);
  const minimum = createMovingMinimum(ahead);
  const average = createMovingAverage(ahead);
  /** Sound not yet given out, with what the peak reading needs before it, up to `heldEnd`. Used again: pieces come by the hundred. */
  let held = new Float32Array(PEAK_REACH.before + 4 * ahead);
  let heldEnd: number = PEAK_REACH.before;
  /** Where in `held` the next reading and the next output are. */
  let readAt: number = PEAK_REACH.before;
  let outAt: number = PEAK_REACH.before;
  let lastGain = 1;
  let gains = new Float64Array(ahead);

  /** Writes what each sample from `readAt` up to `end`, an index of `held`, allows for into `gains`; says how many. */
  const readGains = (end: number): number => {
    const count = Math.max(0, end - readAt);
    if (count > gains.length) gains = new Float64Array(count);
    let before = lastGain;
    for (let index = 0; index < count; index++) {
      const peak = peakAfter(held, readAt + index, allowed * WORTH_A_LOOK);
      const gain = peak > allowed ? allowed / peak : 1;
      // A peak between two samples is both samples'.
      gains[index] = Math.min(gain, before);
      before = gain;
    }
    lastGain = before;
    readAt += count;
    return count;
  };
  /** Reads peaks up to `end` and gives out what these make certain. */
  const advance = (end: number): Float32Array => {
    const read = readGains(end);
    const count = average(gains, minimum(gains, read));
    const output = new Float32Array(count);
    for (let index = 0; index < count; index++) output[index] = held[outAt + index]! * gains[index]!;
    outAt += count;
    return output;
  };
  const hold = (samples: Float32Array) => {
    if (heldEnd + samples.length > held.length) makeRoom(samples.length);
    held.set(samples, heldEnd);
    heldEnd += samples.length;
  };
  /** Forgets what was given out, and takes more memory only where that is not enough. */
  const makeRoom = (wanted: number) => {
    const gone = outAt - PEAK_REACH.before;
    const kept = held.subarray(gone, heldEnd);
    const room = kept.length + wanted;
    const next = room > held.length ? new Float32Array(2 * room) : held;
    next.set(kept);
    held = next;
    heldEnd -= gone;
    outAt -= gone;
    readAt -= gone;
  };

  return {
    push(samples) {
      hold(samples);
      return advance(heldEnd - PEAK_REACH.after);
    },
    flush() {
      // What lies beyond the end needs no turning down.
      hold(new Float32Array(ahead + PEAK_REACH.after));
      return limitRest(advance(heldEnd - PEAK_REACH.after), ceiling);
    },
  };
}

/** The end is cut where the look-ahead ends; a cut can ring. */
function limitRest(samples: Float32Array, ceiling: number): Float32Array {
  const over = truePeak(samples) / ceiling;
  return over > 1 ? samples.map((sample) => sample / over) : samples;
}

/** Turns the first `count` values into others, in place, going on where it stopped; says how many they have become. */
type Stage = (values: Float64Array, count: number) => number;

/** The least of the last `reach + 1` values, from when there are so many. */
function createMovingMinimum(reach: number): Stage {
  // A ring of rising values with the place of each.
  const size = reach + 1;
  const rising = new Float64Array(size);
  const places = new Float64Array(size);
  let first = 0;
  let length = 0;
  let at = 0;
  const next = (value: number): number => {
    if (length > 0 && places[first]! < at - reach) {
      first = first + 1 === size ? 0 : first + 1;
      length -= 1;
    }
    let end = first + length;
    if (end >= size) end -= size;
    while (length > 0) {
      const last = end === 0 ? size - 1 : end - 1;
      if (rising[last]! < value) break;
      end = last;
      length -= 1;
    }
    rising[end] = value;
    places[end] = at;
    length += 1;
    at += 1;
    return rising[first]!;
  };
  return (values, count) => {
    const early = Math.min(count, Math.max(0, reach - at));
    for (let index = 0; index < early; index++) next(values[index]!);
    for (let index = early; index < count; index++) values[index - early] = next(values[index]!);
    return count - early;
  };
}

/** The mean of the last `reach + 1` values; the first stands for those before it. */
function createMovingAverage(reach: number): Stage {
  let ring: Float64Array | undefined;
  let at = 0;
  let sum = 0;
  return (values, count) => {
    if (count === 0) return 0;
    if (ring === undefined) {
      ring = new Float64Array(reach + 1).fill(values[0]!);
      sum = values[0]! * ring.length;
    }
    // A number with a fraction that lives outside is made anew each time that it changes.
    let running = sum;
    for (let index = 0; index < count; index++) {
      const value = values[index]!;
      running += value - ring[at]!;
      ring[at] = value;
      at = at === reach ? 0 : at + 1;
      values[index] = running / ring.length;
    }
    sum = running;
    return count;
  };
}
