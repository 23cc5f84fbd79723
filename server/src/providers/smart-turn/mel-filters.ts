/** A band of the mel scale: how much of each bin of a power spectrum it takes, from the bin `first` on. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

export interface MelFiltersOptions {
  readonly bands: number;
  /** Points of the Fourier transform; the spectrum has half as many bins and one. */
  readonly points: number;
  readonly sampleRate: number;
}

/** Below it Slaney's scale is linear, at 3 mel for 200 Hz; above it logarithmic, at 27 mel for a factor of 6.4. */
const BREAK_HZ = 1_000;
const BREAK_MEL = 15;
const LOG_STEP = Math.log(6.4) / 27;

function toMel(hz: number): number {
  return hz < BREAK_HZ ? (3 * hz) / 200 : BREAK_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP;
}

function toHz(mel: number): number {
  return mel < BREAK_MEL ? (200 * mel) / 3 : BREAK_HZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
}

/** Triangles on Slaney's mel scale from 0 Hz to half the sample rate, each of the same area. */
export function createMelFilters({ bands, points, sampleRate }: MelFiltersOptions): readonly MelFilter[] {
  const bins = points / 2 + 1;
  const top = toMel(sampleRate / 2);
  const corners = Array.from({ length: bands + 2 }, (_, index) => toHz((top * index) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [low, middle, high] = [corners[band]!, corners[band + 1]!, corners[band + 2]!];
    const weightOf = (bin: number) => {
      const hz = (bin * sampleRate) / points;
      const height = Math.min((hz - low) / (middle - low), (high - hz) / (high - middle));
      return (Math.max(0, height) * 2) / (high - low);
    };
    const first = Math.floor((low * points) / sampleRate) + 1;
    const end = Math.max(first, Math.min(bins, Math.ceil((high * points) / sampleRate)));
    return { first, weights: Float64Array.from({ length: end - first }, (_, at) => weightOf(first + at)) };
  });
}
