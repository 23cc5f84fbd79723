import { FRAME_MS, type SoundFrame } from './sound-frames.ts';
import type { SoundClass, TextSound } from './text-mouths.ts';

/** How long a sound of each kind lasts beside the others, and between which bounds, in frames of 10 ms at a usual pace. */
const DURATIONS: Readonly<Record<SoundClass, { readonly usual: number; readonly spread: number }>> = {
  vowel: { usual: 10, spread: 0.45 },
  sonorant: { usual: 7, spread: 0.45 },
  noise: { usual: 8, spread: 0.45 },
  stop: { usual: 7, spread: 0.55 },
  pause: { usual: 22, spread: 1 },
};

/** Level in decibels below the voice's loud vowels, and share of high tones (its square root), with what they vary by. */
const LOOKS: Readonly<
  Record<SoundClass, readonly [level: number, levelSpread: number, sharp: number, sharpSpread: number]>
> = {
  vowel: [-4, 5, 0.45, 0.25],
  sonorant: [-9, 6, 0.4, 0.3],
  noise: [-22, 9, 1, 0.45],
  stop: [-24, 12, 0.6, 0.45],
  pause: [-48, 9, 0.6, 0.6],
};

/** Beyond this the search takes too long for what it is worth; sounds are then laid out over the loud part. */
const MOST_FRAMES = 3_000;
/** How far a sound may lie from where an even pace would put it. */
const MOST_SHIFT_FRAMES = 150;
/** The first look is at every fourth frame: a syllable has several of them. */
const COARSE_STEP = 4;
/** So much room, in coarse steps, the second look has around what the first one found. */
const FINE_ROOM_STEPS = 2;
const LONGEST_FRAMES = 45;
/** So far below the vowels there is no voice. */
const SILENCE_DECIBELS = 30;
/** What lengths weigh beside what is heard. */
const DURATION_WEIGHT = 1.5;
/** Punctuation need not be heard: what leaving a pause out costs. */
const COST_OF_NO_PAUSE = 2;
const LONGEST_PAUSE_FRAMES = 120;

/** Where the sounds of a text lie in a recording, in milliseconds from its first frame. */
export interface Layout {
  /** Of each sound, in order. */
  readonly startsMs: readonly number[];
  /** Where the last one ends: behind it there is silence. */
  readonly endMs: number;
}

/**
 * Finds the sounds of a text in its recording: the layout that fits best what is heard (loud vowels, hissing, silence) and how
 * long such sounds last. Whose voice it is makes no difference.
 *
 * @param frames Of the recording, 10 ms each.
 * @param loud Level of the voice's vowels, where more of it is known than these frames.
 */
export function alignSounds(
  sounds: readonly TextSound[],
  frames: readonly SoundFrame[],
  loud = loudestLevel(frames),
): Layout {
  const isHeard = ({ level }: SoundFrame) => level > loud - SILENCE_DECIBELS;
  const first = Math.max(0, frames.findIndex(isHeard));
  const end = Math.max(first, frames.findLastIndex(isHeard) + 1);
  const starts = search(sounds, frames.slice(first, end), loud) ?? evenly(sounds, end - first);
  return { startsMs: starts.map((start) => (first + start) * FRAME_MS), endMs: end * FRAME_MS };
}

/** The level that a tenth of the frames lie above, in decibels: that of the vowels. */
export function loudestLevel(frames: readonly SoundFrame[]): number {
  const levels = frames.map(({ level }) => level).sort((a, b) => b - a);
  return levels[Math.floor(levels.length / 10)] ?? 0;
}

/** Sounds one after the other in their usual proportions. */
function evenly(sounds: readonly TextSound[], length: number): number[] {
  const usual = sounds.map(({ kind }) => DURATIONS[kind].usual);
  const pace = length / usual.reduce((sum, frames) => sum + frames, 0);
  let at = 0;
  return usual.map((frames) => {
    const start = at;
    at += frames * pace;
    return start;
  });
}

/** The cheapest layout; null when there is none, as for a sound too short for its text. */
function search(
  sounds: readonly TextSound[],
  frames: readonly SoundFrame[],
  loud: number,
): readonly number[] | null {
  const length = frames.length;
  if (length > MOST_FRAMES || length < sounds.length || sounds.length === 0) return null;
  const spoken = sounds.filter(({ kind }) => kind !== 'pause');
  const usualFrames = spoken.reduce((sum, { kind }) => sum + DURATIONS[kind].usual, 0);
  const speech = frames.filter(({ level }) => level > loud - SILENCE_DECIBELS).length;
  const pace = speech / usualFrames;
  const heard = { sounds, length, sums: summedCosts(frames, loud), pace };
  const evenEnds = [...evenly(sounds, length).slice(1), length];
  // Two sounds to a step leave nothing to choose between: fast speech is looked at frame by frame at once.
  const step = Math.min(COARSE_STEP, Math.max(1, Math.floor(length / sounds.length / 2)));
  const coarse = cheapest(heard, { step, around: evenEnds, room: MOST_SHIFT_FRAMES });
  if (coarse === null || step === 1) return coarse;
  const around = [...coarse.slice(1), length];
  return cheapest(heard, { step: 1, around, room: FINE_ROOM_STEPS * step }) ?? coarse;
}

/** What a search goes by. */
interface Heard {
  readonly sounds: readonly TextSound[];
  readonly length: number;
  readonly sums: Readonly<Record<SoundClass, Float64Array>>;
  readonly pace: number;
}

/** Where a search looks: sounds begin and end at multiples of `step`, within `room` of what is expected, all in frames. */
interface Where {
  readonly step: number;
  /** The end of each sound. */
  readonly around: readonly number[];
  readonly room: number;
}

/** Starts of the cheapest layout by dynamic programming; null when there is none. */
function cheapest({ sounds, length, sums, pace }: Heard, { step, around, room }: Where): number[] | null {
  // From here on places are counted in steps; the last one is the end, whatever is left of it.
  const lastPlace = Math.ceil(length / step);
  const frameAt = (place: number) => Math.min(length, place * step);
  const width = Math.ceil((2 * room) / step) + 3;
  /** The least cost at which the sounds so far end at each place from `low` on. */
  let best = new Float64Array(width);
  let next = new Float64Array(width);
  /** The same without what the sound at hand costs up to there, so that only its end and its length are left to add. */
  const before = new Float64Array(width);
  const cameFrom = new Int32Array(sounds.length * width);
  const lows = new Int32Array(sounds.length);
  const durations = durationTables(pace, step);
  let low = 0;
  let high = 0;
  for (const [index, { kind }] of sounds.entries()) {
    const sum = sums[kind];
    const duration = durations[kind];
    const shortest = kind === 'pause' ? 0 : 1;
    const longest = duration.length - 1;
    for (let place = low; place <= high; place++)
      before[place - low] = best[place - low]! - sum[frameAt(place)]!;
    const nextLow = Math.max(0, Math.floor((around[index]! - room) / step));
    const nextHigh = Math.min(lastPlace, Math.ceil((around[index]! + room) / step));
    lows[index] = nextLow;
    for (let end = nextLow; end <= nextHigh; end++) {
      let least = Infinity;
      let from = -1;
      const latest = Math.min(high, end - shortest);
      for (let start = Math.max(low, end - longest); start <= latest; start++) {
        const cost = before[start - low]! + duration[end - start]!;
        if (cost >= least) continue;
        least = cost;
        from = start;
      }
      next[end - nextLow] = least + sum[frameAt(end)]!;
      cameFrom[index * width + end - nextLow] = from;
    }
    [best, next] = [next, best];
    low = nextLow;
    high = nextHigh;
  }
  if (high < lastPlace || best[lastPlace - low] === Infinity) return null;
  const starts: number[] = [];
  let at = lastPlace;
  for (let index = sounds.length - 1; index >= 0; index--) {
    at = cameFrom[index * width + at - lows[index]!]!;
    starts.unshift(frameAt(at));
  }
  return starts;
}

/** What it costs that the frames up to each are of a kind, summed up. */
function summedCosts(
  frames: readonly SoundFrame[],
  loud: number,
): Readonly<Record<SoundClass, Float64Array>> {
  const sums = (kind: SoundClass) => {
    const [level, levelSpread, sharp, sharpSpread] = LOOKS[kind];
    const spread = Math.log(levelSpread * sharpSpread);
    const total = new Float64Array(frames.length + 1);
    for (const [at, frame] of frames.entries()) {
      const off = (Math.max(-60, frame.level - loud) - level) / levelSpread;
      const offSharp = (Math.sqrt(frame.sharpness) - sharp) / sharpSpread;
      const cost = (off * off + offSharp * offSharp) / 2 + spread;
      total[at + 1] = total[at]! + cost;
    }
    return total;
  };
  return {
    vowel: sums('vowel'),
    sonorant: sums('sonorant'),
    noise: sums('noise'),
    stop: sums('stop'),
    pause: sums('pause'),
  };
}

/** What it costs that a sound of each kind lasts so many steps. */
function durationTables(pace: number, step: number): Readonly<Record<SoundClass, Float64Array>> {
  const table = (kind: SoundClass) => durationCosts(kind, pace, step);
  return {
    vowel: table('vowel'),
    sonorant: table('sonorant'),
    noise: table('noise'),
    stop: table('stop'),
    pause: table('pause'),
  };
}

/** The further from the usual, as a ratio, the more. */
function durationCosts(kind: SoundClass, pace: number, step: number): Float64Array {
  const { usual, spread } = DURATIONS[kind];
  const longest = Math.ceil((kind === 'pause' ? LONGEST_PAUSE_FRAMES : LONGEST_FRAMES) / step);
  const costs = new Float64Array(longest + 1);
  for (let steps = 0; steps <= longest; steps++) {
    const ratio = Math.log(Math.max(steps * step, 0.5) / (usual * pace)) / spread;
    costs[steps] = DURATION_WEIGHT * ratio * ratio;
  }
  if (kind === 'pause') costs[0] = COST_OF_NO_PAUSE;
  return costs;
}
