import type { LatencySpread } from '@malbeot/protocol';

/** Median and 95th percentile by the nearest rank, rounded to hundredths; null of nothing. */
export function spreadOf(values: readonly (number | null)[]): LatencySpread | null {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  if (known.length === 0) return null;
  const at = (share: number) =>
    Math.round(known[Math.max(0, Math.ceil(known.length * share) - 1)]! * 100) / 100;
  return { p50: at(0.5), p95: at(0.95) };
}
