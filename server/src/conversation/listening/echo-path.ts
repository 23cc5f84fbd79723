import { LEAST_LAG, MOST_LAG } from './echo-delay.ts';
import type { PlayedSound } from './echo-reference.ts';
import { BANDS, SILENT_DB } from './echo-spectrum.ts';

/** How much of what was heard is kept, in hops: 1 s. */
const HISTORY = 64;
/** What comes back of a sound before anything is known of the place: no canceller, and a loudspeaker of usual loudness. */
const USUAL_GAIN_DB = -12;
/** The same behind an echo canceller. */
const CANCELLED_GAIN_DB = -30;
/** Sent sound below this teaches nothing. */
const AUDIBLE_DB = -55;
/** Of what was heard in a band, that share lies below the gain that is learned from it. */
const LEARNED_SHARE = 0.75;
const LEAST_LEARNED_HOPS = 8;
const LEAST_LEARNED_BANDS = 4;
/** Echo that should stand so far out of the noise and is so far below what it should be is missing. */
const MISSING_OVER_NOISE_DB = 10;
const MISSING_DB = 12;
/** Of what should be heard, that share may be missing; and with less to hear in all, in bands of hops, nothing is said against it. */
const MISSING_SHARE = 0.3;
const LEAST_TOLD = 48;
/** A first delay is off by so much at most. */
const MISSING_SLACK_HOPS = 4;
/** Steps of a gain by hop: two hops in three lie below it. */
const RISE_DB = 0.3;
const FALL_DB = 0.15;
/** More than this comes back behind no canceller; where none is, a loudspeaker right at the microphone may be so loud. */
const MOST_CANCELLED_GAIN_DB = -10;
const MOST_GAIN_DB = 12;
const SPREAD_STEP = 0.05;
const USUAL_SPREAD_DB = 1.5;
/** How far a band may exceed what is expected of it: so often its usual excess, and at least this. */
const SPREADS = 3;
const LEAST_MARGIN_DB = 2;
const NOISE_MARGIN_DB = 6;
/** A loudspeaker distorts: everywhere there is so much of its loudest band. */
const DISTORTION_DB = 28;
/** One band alone counts for no more. */
const MOST_EXCESS_DB = 10;
/** The longest delay that a coupling is estimated for while the delay is unknown, in hops: 832 ms. */
const LATE_HOPS = 52;
const PEAK_FALL_DB = 0.25;
const COUPLING_MARGIN_DB = 3;
const COUPLING_STEP = 0.1;
/** How many hops another delay has to explain, and how well, in mean dB a band and beside the delay that is known. */
const ELSEWHERE_HOPS = 4;
const ELSEWHERE_DB = 4.5;
const ELSEWHERE_SHARE = 0.6;

/** How loud each band of what is sent comes back, and so what of a sound no echo explains. */
export interface EchoPath {
  /** Expects the echo of a hop, for a delay within some slack; for any delay when it is null. */
  expect(hop: number, delay: number | null, slack: number): void;
  /** By how much the bands exceed echo and noise, margins apart: the mean over the bands in dB. */
  excess(levels: Float32Array, noise: Float32Array): number;
  /** Keeps what was heard in a hop for {@link EchoPath.learnAll} and {@link EchoPath.elsewhere}. */
  remember(levels: Float32Array, hop: number): void;
  /**
   * Learns from a hop that is all echo.
   *
   * @param isSure False while the delay may be another: then what is not heard may be yet to come.
   */
  learn(levels: Float32Array, isSure: boolean): void;
  /** Lowers what is thought of the coupling while no delay is known, by what would have been heard of it. */
  learnCoupling(levels: Float32Array, hop: number): void;
  /**
   * Learns anew from the last second, at this delay. False, and nothing learned, where the second speaks against it: what would
   * have been heard of the sound sent was not there.
   */
  learnAll(delay: number, noise: Float32Array): boolean;
  /** Another delay at which the last hops are echo and nothing else, where the known one doesn't explain them; else null. */
  elsewhere(delay: number, noise: Float32Array): number | null;
}

export function createEchoPath(played: PlayedSound, isCancelled: boolean): EchoPath {
  const mostGain = isCancelled ? MOST_CANCELLED_GAIN_DB : MOST_GAIN_DB;
  const gains = new Float32Array(BANDS).fill(isCancelled ? CANCELLED_GAIN_DB : USUAL_GAIN_DB);
  const spreads = new Float32Array(BANDS).fill(USUAL_SPREAD_DB);
  const expected = new Float32Array(BANDS);
  const history = new Float32Array(HISTORY * BANDS);
  const hops = new Int32Array(HISTORY);
  let count = 0;
  const heardPeaks = new Float32Array(BANDS).fill(SILENT_DB);
  const newPeaks = new Float32Array(BANDS).fill(SILENT_DB);
  const latePeaks = new Float32Array(BANDS).fill(SILENT_DB);

  /** How far the last hops are from the echo of a delay, as a mean in dB over the bands; where it is more than `most`, anything above. */
  const misfit = (lag: number, noise: Float32Array, most = Infinity): number => {
    let sum = 0;
    const mostSum = most * (ELSEWHERE_HOPS * BANDS);
    for (let back = 1; back <= ELSEWHERE_HOPS && sum <= mostSum; back++) {
      const index = (count - back) % HISTORY;
      const row = played.at(hops[index]! - lag);
      for (let band = 0; band < BANDS; band++) {
        const echo = Math.max(played.tails[row + band]! + gains[band]!, noise[band]!);
        sum += Math.abs(Math.max(history[index * BANDS + band]!, noise[band]!) - echo);
      }
    }
    return sum / (ELSEWHERE_HOPS * BANDS);
  };

  /** What the last second says of a band's gain; null with too little sound. */
  const gainOf = (band: number, delay: number): number | null => {
    const found: number[] = [];
    for (let index = 0; index < Math.min(count, HISTORY); index++) {
      let sent = SILENT_DB;
      for (let lag = delay - 1; lag <= delay + 1; lag++) {
        sent = Math.max(sent, played.tails[played.at(hops[index]! - lag) + band]!);
      }
      if (sent > AUDIBLE_DB) found.push(history[index * BANDS + band]! - sent);
    }
    if (found.length < LEAST_LEARNED_HOPS) return null;
    return found.toSorted((a, b) => a - b)[Math.floor(found.length * LEARNED_SHARE)]!;
  };

  /** Whether much of what would be heard at these gains was not. */
  const isMissing = (delay: number, at: Float32Array, noise: Float32Array): boolean => {
    let told = 0;
    let missing = 0;
    for (let index = 0; index < Math.min(count, HISTORY); index++) {
      for (let band = 0; band < BANDS; band++) {
        let sent = Infinity;
        for (let lag = delay - MISSING_SLACK_HOPS; lag <= delay + MISSING_SLACK_HOPS; lag++)
          sent = Math.min(sent, played.levels[played.at(hops[index]! - lag) + band]!);
        const echo = sent + at[band]!;
        if (echo < noise[band]! + MISSING_OVER_NOISE_DB) continue;
        told += 1;
        if (history[index * BANDS + band]! < echo - MISSING_DB) missing += 1;
      }
    }
    return told >= LEAST_TOLD && missing > told * MISSING_SHARE;
  };

  return {
    expect(hop, delay, slack) {
      expected.fill(SILENT_DB);
      const from = delay === null ? LEAST_LAG : delay - slack;
      const to = delay === null ? MOST_LAG : delay + slack;
      for (let lag = from; lag <= to; lag++) {
        const row = played.at(hop - lag);
        for (let band = 0; band < BANDS; band++) {
          const sent = played.tails[row + band]!;
          if (sent > expected[band]!) expected[band] = sent;
        }
      }
    },
    excess(levels, noise) {
      let loudest = SILENT_DB;
      for (let band = 0; band < BANDS; band++) loudest = Math.max(loudest, expected[band]! + gains[band]!);
      let sum = 0;
      for (let band = 0; band < BANDS; band++) {
        const echo = Math.max(expected[band]! + gains[band]!, loudest - DISTORTION_DB);
        const margin = Math.max(LEAST_MARGIN_DB, SPREADS * spreads[band]!);
        const over = levels[band]! - Math.max(echo + margin, noise[band]! + NOISE_MARGIN_DB);
        if (over > 0) sum += Math.min(over, MOST_EXCESS_DB);
      }
      return sum / BANDS;
    },
    remember(levels, hop) {
      history.set(levels, (count % HISTORY) * BANDS);
      hops[count % HISTORY] = hop;
      count += 1;
    },
    learn(levels, isSure) {
      for (let band = 0; band < BANDS; band++) {
        if (expected[band]! < AUDIBLE_DB) continue;
        const over = levels[band]! - expected[band]! - gains[band]!;
        const step = over > 0 ? SPREAD_STEP : SPREAD_STEP / 2;
        spreads[band]! += step * (Math.max(0, over) - spreads[band]!);
        if (over > 0) gains[band]! += RISE_DB;
        else if (isSure) gains[band]! -= FALL_DB;
      }
    },
    learnCoupling(levels, hop) {
      const now = played.at(hop);
      const late = played.at(hop - LATE_HOPS);
      for (let band = 0; band < BANDS; band++) {
        heardPeaks[band] = Math.max(levels[band]!, heardPeaks[band]! - PEAK_FALL_DB);
        newPeaks[band] = Math.max(played.levels[now + band]!, newPeaks[band]! - PEAK_FALL_DB);
        latePeaks[band] = Math.max(played.levels[late + band]!, latePeaks[band]! - PEAK_FALL_DB);
        const sent = Math.min(newPeaks[band]!, latePeaks[band]!);
        if (sent < AUDIBLE_DB) continue;
        const below = heardPeaks[band]! - sent + COUPLING_MARGIN_DB - gains[band]!;
        if (below < 0) gains[band]! += COUPLING_STEP * below;
      }
    },
    learnAll(delay, noise) {
      const found = Array.from({ length: BANDS }, (_, band) => gainOf(band, delay));
      const known = found.filter((gain) => gain !== null);
      if (known.length < LEAST_LEARNED_BANDS) return true;
      const mean = known.reduce((sum, gain) => sum + gain, 0) / known.length;
      if (mean > mostGain) return false;
      const all = Float32Array.from(found, (gain) => gain ?? mean);
      if (isMissing(delay, all, noise)) return false;
      gains.set(all);
      return true;
    },
    elsewhere(delay, noise) {
      if (count < ELSEWHERE_HOPS) return null;
      const limit = Math.min(ELSEWHERE_DB, misfit(delay, noise) * ELSEWHERE_SHARE);
      let found: number | null = null;
      let least = limit;
      for (let lag = LEAST_LAG; lag <= MOST_LAG; lag++) {
        const off = misfit(lag, noise, least);
        if (off >= least) continue;
        least = off;
        found = lag;
      }
      return found;
    },
  };
}
