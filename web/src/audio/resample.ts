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
  const step = fromRate / toRate;
  // A little under the new Nyquist, so that the transition band folds nothing audible back.
  const cutoff = Math.min(1, (toRate / fromRate) * 0.94);
  const reach = Math.ceil(CROSSINGS / cutoff);
  let held: Float32Array = new Float32Array(reach);
  /** Where the next output lies, in input samples from the start of `held`. */
  let position = reach;

  return {
    push(samples) {
      const input = new Float32Array(held.length + samples.length);
      input.set(held);
      input.set(samples, held.length);
      const count = Math.max(0, Math.ceil((input.length - reach - position) / step));
      const output = new Float32Array(count);
      for (let index = 0; index < count; index++) {
        output[index] = interpolate(input, position, cutoff, reach);
        position += step;
      }
      const from = Math.max(0, Math.min(input.length, Math.floor(position) - reach));
      held = input.slice(from);
      position -= from;
      return output;
    },
  };
}

function interpolate(input: Float32Array, position: number, cutoff: number, reach: number): number {
  const middle = Math.floor(position);
  let sum = 0;
  for (let index = middle - reach + 1; index <= middle + reach; index++) {
    const sample = input[index];
    if (sample === undefined) continue;
    const distance = index - position;
    const place = distance / reach;
    if (place <= -1 || place >= 1) continue;
    const window = 0.42 + 0.5 * Math.cos(Math.PI * place) + 0.08 * Math.cos(2 * Math.PI * place);
    const turn = Math.PI * distance * cutoff;
    sum += sample * window * cutoff * (turn === 0 ? 1 : Math.sin(turn) / turn);
  }
  return sum;
}
