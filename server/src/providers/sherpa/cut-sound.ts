/** Window in which loudness is looked at, in seconds. */
const WINDOW_SECONDS = 0.1;

/**
 * Sound in pieces of `maxSeconds` at most, cut where it is quietest within the last `searchSeconds` of a piece, so that a word
 * is cut through only where nobody pauses. Each piece is a view of `samples`.
 */
export function cutSound(
  samples: Float32Array,
  sampleRate: number,
  { maxSeconds, searchSeconds }: { readonly maxSeconds: number; readonly searchSeconds: number },
): readonly Float32Array[] {
  const longest = Math.floor(maxSeconds * sampleRate);
  const search = Math.floor(searchSeconds * sampleRate);
  const window = Math.floor(WINDOW_SECONDS * sampleRate);
  const pieces: Float32Array[] = [];
  let from = 0;
  while (samples.length - from > longest) {
    const to = quietest(samples, from + longest - search, from + longest, window);
    pieces.push(samples.subarray(from, to));
    from = to;
  }
  pieces.push(samples.subarray(from));
  return pieces;
}

/** The middle of the window with the least energy between `from` and `to`; the last one where several have. */
function quietest(samples: Float32Array, from: number, to: number, window: number): number {
  let best = to;
  let least = Number.POSITIVE_INFINITY;
  for (let start = from; start + window <= to; start += window >> 1) {
    let energy = 0;
    for (let at = start; at < start + window; at++) energy += samples[at]! ** 2;
    if (energy > least) continue;
    least = energy;
    best = start + (window >> 1);
  }
  return best;
}
