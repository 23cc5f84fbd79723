import { createContour } from './echo-contour.ts';
import { BANDS, HOP_MS, SILENT_DB, bandSpectrum, type BandSpectrum } from './echo-spectrum.ts';

/** How many hops are remembered, those still to be played included: 8 s. */
const CAPACITY = 512;
/** A piece that begins so close to where the last one ended goes on from it: its time is an estimate. */
const SAME_RUN_MS = 60;
/** A room that takes 0.6 s to fall by 60 dB loses so much in a hop. */
const TAIL_DB = (60 * HOP_MS) / 600;

/** What was sent to be played, as levels in bands along a row of hops that are numbered by the server's clock. */
export interface PlayedSound {
  /** Adds a piece; returns the hop that a run of pieces begins at, or null when the piece goes on from the last. */
  append(samples: Int16Array, sampleRate: number, playsAtMs: number): number | null;
  /** Nothing that was to play from `atMs` on is played. */
  cut(atMs: number): void;
  /** When the last sound ends; -Infinity before the first. */
  endMs(): number;
  /** Makes the hops up to `hop` readable: silence where nothing was sent. */
  reach(hop: number): void;
  /** Where the bands of a hop lie in the three rows. Readable are the 400 hops up to the one last reached. */
  at(hop: number): number;
  /** As it was sent, in dB. */
  readonly levels: Float32Array;
  /** The least that a room with a long tail still sounds with, in dB. */
  readonly tails: Float32Array;
  /** How each band moves against its own mean, in dB. */
  readonly contours: Float32Array;
  /** The sum of the squares of each hop's contour; one number a hop. */
  readonly squares: Float32Array;
}

/** Pieces that follow each other without a gap, on one sample rate. */
interface Run {
  readonly sampleRate: number;
  readonly startMs: number;
  readonly spectrum: BandSpectrum;
  /** Samples that the next window begins with. */
  rest: Float32Array;
  /** Where `rest` begins, in samples from the start of the run; negative for the silence before it. */
  restAt: number;
  samples: number;
  hops: number;
}

export function createPlayedSound(): PlayedSound {
  const levels = new Float32Array(CAPACITY * BANDS).fill(SILENT_DB);
  const tails = new Float32Array(CAPACITY * BANDS).fill(SILENT_DB);
  const contours = new Float32Array(CAPACITY * BANDS);
  const squares = new Float32Array(CAPACITY);
  const contour = createContour();
  const measured = new Float32Array(BANDS);
  /** The newest hop with levels, and the newest with a contour: contours wait, as a later piece may add to a hop. */
  let head: number | null = null;
  let followed = 0;
  let end = -Infinity;
  let run: Run | null = null;

  const at = (hop: number) => (((hop % CAPACITY) + CAPACITY) % CAPACITY) * BANDS;

  const fillTo = (hop: number) => {
    if (head === null || hop - head >= CAPACITY) {
      levels.fill(SILENT_DB);
      tails.fill(SILENT_DB);
      contours.fill(0);
      squares.fill(0);
      contour.reset();
      head = hop;
      followed = hop - 1;
      return;
    }
    while (head < hop) {
      head += 1;
      const here = at(head);
      levels.fill(SILENT_DB, here, here + BANDS);
      let before = at(head - 1);
      for (let band = here; band < here + BANDS; band++) tails[band] = tails[before++]! - TAIL_DB;
    }
  };

  const renewTails = (from: number) => {
    for (let hop = from; hop <= head!; hop++) {
      let before = at(hop - 1);
      const here = at(hop);
      for (let band = here; band < here + BANDS; band++) {
        tails[band] = Math.max(levels[band]!, tails[before++]! - TAIL_DB);
      }
    }
  };

  const put = (hop: number) => {
    fillTo(hop);
    if (head! - hop >= CAPACITY) return;
    const here = at(hop);
    for (let band = 0; band < BANDS; band++) {
      levels[here + band] = Math.max(levels[here + band]!, measured[band]!);
    }
    renewTails(hop);
  };

  return {
    levels,
    tails,
    contours,
    squares,
    at,
    endMs: () => end,
    append(samples, sampleRate, playsAtMs) {
      let startHop: number | null = null;
      if (run === null || run.sampleRate !== sampleRate || Math.abs(playsAtMs - endOf(run)) >= SAME_RUN_MS) {
        run = startRun(sampleRate, playsAtMs);
        startHop = Math.round(playsAtMs / HOP_MS);
      }
      const { spectrum } = run;
      const sound = new Float32Array(run.rest.length + samples.length);
      sound.set(run.rest);
      for (let index = 0; index < samples.length; index++) {
        sound[run.rest.length + index] = samples[index]! / 32_768;
      }
      run.samples += samples.length;
      const firstHop = Math.round(run.startMs / HOP_MS);
      const hopSamples = (sampleRate * HOP_MS) / 1000;
      let windowAt = windowStart(run, hopSamples);
      while (windowAt - run.restAt + spectrum.windowSamples <= sound.length) {
        spectrum.measure(sound, windowAt - run.restAt, measured, 0);
        put(firstHop + run.hops);
        run.hops += 1;
        windowAt = windowStart(run, hopSamples);
      }
      run.rest = sound.slice(windowAt - run.restAt);
      run.restAt = windowAt;
      end = endOf(run);
      return startHop;
    },
    cut(atMs) {
      if (head === null) return;
      const from = Math.max(Math.ceil(atMs / HOP_MS), head - CAPACITY + 2);
      for (let hop = from; hop <= head; hop++) levels.fill(SILENT_DB, at(hop), at(hop) + BANDS);
      renewTails(from);
      end = Math.min(end, atMs);
      run = null;
    },
    reach(hop) {
      if (head === null || hop > head) fillTo(hop);
      followed = Math.max(followed, head! - CAPACITY + 1);
      while (followed < hop) {
        followed += 1;
        const here = at(followed);
        contour.next(levels, here, null, contours, here);
        let square = 0;
        for (let band = here; band < here + BANDS; band++) square += contours[band]! * contours[band]!;
        squares[here / BANDS] = square;
      }
    },
  };
}

function startRun(sampleRate: number, startMs: number): Run {
  const hopSamples = Math.round((sampleRate * HOP_MS) / 1000);
  return {
    sampleRate,
    startMs,
    spectrum: bandSpectrum(sampleRate),
    rest: new Float32Array(hopSamples),
    restAt: -hopSamples,
    samples: 0,
    hops: 0,
  };
}

function endOf({ startMs, samples, sampleRate }: Run): number {
  return startMs + (samples / sampleRate) * 1000;
}

/** Where the window of the run's next hop begins: it ends with the hop. */
function windowStart({ hops, spectrum }: Run, hopSamples: number): number {
  return Math.round((hops + 1) * hopSamples) - spectrum.windowSamples;
}
