/** Zero crossings of the sinc on each side of its middle, at the lower of the two rates. */
const CROSSINGS = 32;
/** Of the Kaiser window: the stop band lies about 80 dB down. */
const KAISER_BETA = 8;
/** Middle of the transition band, as a part of the lower Nyquist frequency: the whole band lies below it. */
const CUTOFF = 0.92;
/** Phases of the filter that are made; positions between two of them are interpolated. */
const PHASES = 256;

/**
 * All of `samples` at another rate, with a low-pass (windowed sinc) so that nothing above the new Nyquist frequency folds
 * back. Sample n of the result is the input at time n / `toRate`. The same array when the rates agree.
 *
 * @param fromRate Hertz; so is `toRate`.
 */
export function resample(
  samples: Float32Array<ArrayBuffer>,
  fromRate: number,
  toRate: number,
): Float32Array<ArrayBuffer> {
  if (fromRate === toRate) return samples;
  const scale = Math.min(1, toRate / fromRate) * CUTOFF;
  const reach = Math.ceil(CROSSINGS / scale);
  const filter = makeFilter(scale, reach);
  const width = reach * 2;
  const result = new Float32Array(Math.ceil((samples.length * toRate) / fromRate));
  for (let index = 0; index < result.length; index++) {
    const position = (index * fromRate) / toRate;
    const whole = Math.floor(position);
    const phase = (position - whole) * PHASES;
    const row = Math.floor(phase);
    const share = phase - row;
    const first = whole - reach + 1;
    const from = Math.max(0, -first);
    const to = Math.min(width, samples.length - first);
    let sum = 0;
    for (let tap = from; tap < to; tap++) {
      const low = filter[row * width + tap]!;
      const high = filter[(row + 1) * width + tap]!;
      sum += samples[first + tap]! * (low + (high - low) * share);
    }
    result[index] = sum;
  }
  return result;
}

/** Rows of taps by phase, one more row than phases; each row sums to 1, so that silence and loudness stay as they are. */
function makeFilter(scale: number, reach: number): Float32Array {
  const width = reach * 2;
  const filter = new Float32Array((PHASES + 1) * width);
  for (let row = 0; row <= PHASES; row++) {
    const taps = Array.from({ length: width }, (_, tap) => {
      const distance = tap - reach + 1 - row / PHASES;
      return sinc(distance * scale) * kaiser(distance / reach);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    taps.forEach((tap, index) => (filter[row * width + index] = tap / sum));
  }
  return filter;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window over -1 to 1. */
function kaiser(place: number): number {
  if (Math.abs(place) >= 1) return 0;
  return bessel(KAISER_BETA * Math.sqrt(1 - place * place)) / bessel(KAISER_BETA);
}

/** The modified Bessel function of the first kind and order 0, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let step = 1; term > sum * 1e-10; step++) {
    term *= (x / 2 / step) ** 2;
    sum += term;
  }
  return sum;
}
