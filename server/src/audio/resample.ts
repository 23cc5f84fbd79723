/**
 * Changes the sample rate with a windowed sinc (Kaiser window) in polyphase form.
 *
 * Flat to 90% of the lower of the two Nyquist frequencies and at least 95 dB down from 110% on, so that nothing folds back
 * into the flat part. Linear phase, no delay: sample n of the output is the input at time n / outputRate. Conversions by 4 and
 * more first come down by a whole factor with a short filter. Ratios with more than 512 phases share 512 and interpolate
 * between them.
 */

const STOP_DECIBELS = 100;
const PASS_EDGE = 0.9;
const STOP_EDGE = 1.1;
const MAX_PHASES = 512;
const MAX_CACHED_KERNELS = 16;

/** Resamples sound that comes piece by piece; what it gives, joined, is what {@link resample} gives. */
export interface Resampler {
  /** The output that this piece makes possible; may be empty. */
  push(samples: Float32Array): Float32Array;
  /** The rest, after the last piece. The resampler is then at its end. */
  flush(): Float32Array;
}

/** All of `samples` at another rate; rates in hertz. The same array when the rates agree. */
export function resample(
  samples: Float32Array<ArrayBuffer>,
  fromRate: number,
  toRate: number,
): Float32Array<ArrayBuffer> {
  if (fromRate === toRate) return samples;
  const resampler = createResampler(fromRate, toRate);
  return join([resampler.push(samples), resampler.flush()]);
}

/** A resampler from `fromRate` to `toRate` hertz, both whole numbers above 0. */
export function createResampler(fromRate: number, toRate: number): Resampler {
  if (!Number.isInteger(fromRate) || !Number.isInteger(toRate) || fromRate < 1 || toRate < 1) {
    throw new RangeError(`Sample rates are whole numbers above 0; given were ${fromRate} and ${toRate}.`);
  }
  if (fromRate === toRate) return { push: (samples) => samples, flush: () => new Float32Array(0) };
  const stages = planStages(fromRate, toRate).map((stage) => new Stage(stage));
  return {
    push: (samples) => stages.reduce<Float32Array>((sound, stage) => stage.push(sound), samples),
    flush() {
      let rest: Float32Array = new Float32Array(0);
      for (const stage of stages) rest = join([stage.push(rest), stage.flush()]);
      return rest;
    },
  };
}

/** One conversion by `up` / `down`; edges are fractions of the stage's input rate. */
interface StagePlan {
  readonly up: number;
  readonly down: number;
  readonly passEdge: number;
  readonly stopEdge: number;
}

function planStages(fromRate: number, toRate: number): StagePlan[] {
  const nyquist = Math.min(fromRate, toRate) / 2;
  const stages: StagePlan[] = [];
  const factor = Math.floor(fromRate / toRate / 2);
  const middleDown = factor >= 2 ? factor : 1;
  if (middleDown > 1) {
    // What folds back here lands above 110% of `nyquist` and is taken by the last stage.
    const stop = fromRate / middleDown - nyquist * STOP_EDGE;
    stages.push({
      up: 1,
      down: middleDown,
      passEdge: (nyquist * PASS_EDGE) / fromRate,
      stopEdge: stop / fromRate,
    });
  }
  const up = toRate * middleDown;
  const divisor = greatestCommonDivisor(up, fromRate);
  const middleRate = fromRate / middleDown;
  stages.push({
    up: up / divisor,
    down: fromRate / divisor,
    passEdge: (nyquist * PASS_EDGE) / middleRate,
    stopEdge: (nyquist * STOP_EDGE) / middleRate,
  });
  return stages;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

interface Kernel {
  /** Taps of one phase; a multiple of 4. */
  readonly width: number;
  /** Distinct phases; `table` holds one more, so that interpolation needs no wrap. */
  readonly phases: number;
  readonly table: Float32Array;
}

const kernels = new Map<string, Kernel>();

function kernelFor({ up, passEdge, stopEdge }: StagePlan): Kernel {
  const phases = Math.min(up, MAX_PHASES);
  const key = `${phases} ${passEdge} ${stopEdge}`;
  const known = kernels.get(key);
  if (known !== undefined) return known;
  const kernel = makeKernel(phases, passEdge, stopEdge);
  if (kernels.size >= MAX_CACHED_KERNELS) kernels.delete(kernels.keys().next().value!);
  kernels.set(key, kernel);
  return kernel;
}

/** Length and window shape by Kaiser's formulas (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6). */
function makeKernel(phases: number, passEdge: number, stopEdge: number): Kernel {
  const transition = 2 * Math.PI * (stopEdge - passEdge);
  const width = Math.ceil(((STOP_DECIBELS - 7.95) / (2.285 * transition) + 1) / 4) * 4;
  const beta = 0.1102 * (STOP_DECIBELS - 8.7);
  const cutoff = passEdge + stopEdge;
  const half = width / 2;
  const table = new Float32Array((phases + 1) * width);
  const taps = new Float64Array(width);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < width; tap++) {
      const time = tap - (half - 1) - phase / phases;
      const inside = 1 - (time / half) ** 2;
      const angle = Math.PI * cutoff * time;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      taps[tap] = inside <= 0 ? 0 : sinc * besselI0(beta * Math.sqrt(inside));
      sum += taps[tap]!;
    }
    for (let tap = 0; tap < width; tap++) table[phase * width + tap] = taps[tap]! / sum;
  }
  return { width, phases, table };
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

class Stage {
  readonly #up: number;
  readonly #down: number;
  readonly #kernel: Kernel;
  /** Input not yet done with; begins `width / 2 - 1` samples before the sample that `#index` counts from. */
  #pending: Float32Array;
  /** Whole input samples from the start of `#pending`'s middle to the next output. */
  #index = 0;
  /** The rest of the next output's time, in 1 / up of an input sample. */
  #phase = 0;
  #inputs = 0;
  #outputs = 0;

  constructor(plan: StagePlan) {
    this.#up = plan.up;
    this.#down = plan.down;
    this.#kernel = kernelFor(plan);
    this.#pending = new Float32Array(this.#kernel.width / 2 - 1);
  }

  push(samples: Float32Array): Float32Array {
    this.#inputs += samples.length;
    return this.#run(join([this.#pending, samples]), Infinity);
  }

  flush(): Float32Array {
    const wanted = Math.ceil((this.#inputs * this.#up) / this.#down) - this.#outputs;
    const tail = new Float32Array(this.#kernel.width / 2 + 1);
    return this.#run(join([this.#pending, tail]), wanted);
  }

  #run(input: Float32Array, most: number): Float32Array {
    const { width } = this.#kernel;
    const up = this.#up;
    const ready = input.length - width - this.#index;
    const possible = ready < 0 ? 0 : Math.floor(((ready + 1) * up - 1 - this.#phase) / this.#down) + 1;
    const output = new Float32Array(Math.min(possible, most));
    if (this.#kernel.phases === up) this.#convolve(input, output);
    else this.#convolveBetween(input, output);
    this.#outputs += output.length;
    const done = Math.min(this.#index, input.length);
    this.#pending = input.slice(done);
    this.#index -= done;
    return output;
  }

  #convolve(input: Float32Array, output: Float32Array): void {
    const { width, table } = this.#kernel;
    for (let index = 0; index < output.length; index++) {
      output[index] = dot(table, this.#phase * width, input, this.#index, width);
      this.#advance();
    }
  }

  #convolveBetween(input: Float32Array, output: Float32Array): void {
    const { width, table, phases } = this.#kernel;
    for (let index = 0; index < output.length; index++) {
      const exact = (this.#phase / this.#up) * phases;
      const phase = Math.floor(exact);
      const low = dot(table, phase * width, input, this.#index, width);
      const high = dot(table, (phase + 1) * width, input, this.#index, width);
      output[index] = low + (high - low) * (exact - phase);
      this.#advance();
    }
  }

  #advance(): void {
    this.#phase += this.#down;
    const whole = Math.floor(this.#phase / this.#up);
    this.#index += whole;
    this.#phase -= whole * this.#up;
  }
}

/** Four sums side by side: one would wait for each addition in turn. */
function dot(
  table: Float32Array,
  tableAt: number,
  input: Float32Array,
  inputAt: number,
  width: number,
): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let tap = 0; tap < width; tap += 4) {
    first += table[tableAt + tap]! * input[inputAt + tap]!;
    second += table[tableAt + tap + 1]! * input[inputAt + tap + 1]!;
    third += table[tableAt + tap + 2]! * input[inputAt + tap + 2]!;
    fourth += table[tableAt + tap + 3]! * input[inputAt + tap + 3]!;
  }
  return first + second + (third + fourth);
}

function join(pieces: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
