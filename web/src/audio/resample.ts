/** Brings a stream of sound from one rate to another, chunk by chunk. */
export interface Resampler {
  /** What can be said of the sound so far; lags the input by about a millisecond. */
  push(samples: Float32Array): Float32Array;
}

/** Zero crossings of the windowed sinc on each side: the stop band lies below -60 dB. */
const CROSSINGS = 16;

/** A windowed-sinc resampler; band-limited to the lower of the two rates. */
export function createResampler(fromRate: number, toRate: number): Resampler {
  if (fromRate === toRate) return { push: (samples) => samples };
  const divisor = greatestCommonDivisor(fromRate, toRate);
  // The output lies at few different places between two input samples: one kernel for each.
  const phases = toRate / divisor;
  const advance = fromRate / divisor;
  // A little under the new Nyquist, so that the transition band folds nothing audible back.
  const cutoff = Math.min(1, (toRate / fromRate) * 0.94);
  const reach = Math.ceil(CROSSINGS / cutoff);
  const kernels = new Map<number, Float32Array>();
  let held: Float32Array = new Float32Array(reach);
  /** Where the next output lies, from the start of `held`: this many whole input samples and `phase / phases` of one. */
  let middle = reach;
  let phase = 0;

  function kernelOf(wanted: number): Float32Array {
    let kernel = kernels.get(wanted);
    if (kernel === undefined) {
      kernel = makeKernel(wanted / phases, cutoff, reach);
      kernels.set(wanted, kernel);
    }
    return kernel;
  }

  return {
    push(samples) {
      const input = new Float32Array(held.length + samples.length);
      input.set(held);
      input.set(samples, held.length);
      const room = (input.length - reach - middle) * phases - phase;
      const output = new Float32Array(Math.max(0, Math.ceil(room / advance)));
      for (let index = 0; index < output.length; index++) {
        const kernel = kernelOf(phase);
        const first = middle - reach + 1;
        let sum = 0;
        for (let tap = 0; tap < kernel.length; tap++) sum += input[first + tap]! * kernel[tap]!;
        output[index] = sum;
        phase += advance;
        const whole = Math.floor(phase / phases);
        middle += whole;
        phase -= whole * phases;
      }
      const from = Math.max(0, Math.min(input.length, middle - reach));
      held = input.slice(from);
      middle -= from;
      return output;
    },
  };
}

/** Weights of the input samples around an output that lies `offset` of a sample behind the middle one. */
function makeKernel(offset: number, cutoff: number, reach: number): Float32Array {
  return Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - offset;
    const place = distance / reach;
    if (place <= -1 || place >= 1) return 0;
    const window = 0.42 + 0.5 * Math.cos(Math.PI * place) + 0.08 * Math.cos(2 * Math.PI * place);
    const turn = Math.PI * distance * cutoff;
    return window * cutoff * (turn === 0 ? 1 : Math.sin(turn) / turn);
  });
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
