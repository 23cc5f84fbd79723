/**
 * The same speech at another speed, pitch unchanged: overlapping pieces are laid closer or wider apart, each moved by up
 * to `seek` to where it fits the one before best (WSOLA). `speed` above 1 is faster.
 */
export function stretch(samples: Float32Array, sampleRate: number, speed: number): Float32Array<ArrayBuffer> {
  const overlap = Math.round(sampleRate * 0.012);
  const piece = overlap * 3;
  const seek = Math.round(sampleRate * 0.008);
  const advance = piece - overlap;
  if (samples.length <= piece + seek) return samples.slice();
  const output = new Float32Array(Math.ceil(samples.length / speed) + piece);
  output.set(samples.subarray(0, piece));
  let written = piece;
  for (let count = 1; ; count++) {
    const wanted = Math.round(count * advance * speed);
    if (wanted + seek + piece > samples.length) break;
    const from = bestFit(samples, output.subarray(written - overlap, written), wanted, seek);
    for (let index = 0; index < overlap; index++) {
      const weight = index / overlap;
      const place = written - overlap + index;
      output[place] = output[place]! * (1 - weight) + samples[from + index]! * weight;
    }
    output.set(samples.subarray(from + overlap, from + piece), written);
    written += advance;
  }
  return output.slice(0, written);
}

/** The start near `wanted` whose sound is most like `tail`, by normalised correlation on every second sample. */
function bestFit(samples: Float32Array, tail: Float32Array, wanted: number, seek: number): number {
  let best = wanted;
  let bestScore = -Infinity;
  for (let from = Math.max(0, wanted - seek); from <= wanted + seek; from += 2) {
    let product = 0;
    let energy = 1e-9;
    for (let index = 0; index < tail.length; index += 2) {
      const sample = samples[from + index]!;
      product += sample * tail[index]!;
      energy += sample * sample;
    }
    const score = product / Math.sqrt(energy);
    if (score > bestScore) {
      bestScore = score;
      best = from;
    }
  }
  return best;
}
