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

/** The cheapest layout by dynamic programming; null when there is none, as for a sound too short for its text. */
function search(
  sounds: readonly TextSound[],
  frames: readonly SoundFrame[],
  loud: number,
): readonly number[] | null {
  const length = frames.length;
  if (length > MOST_FRAMES || length < sounds.length || sounds.length === 0) return null;
  const costs = summedCosts(frames, loud);
  const spoken = sounds.filter(({ kind }) => kind !== 'pause');
  const usualFrames = spoken.reduce((sum, { kind }) => sum + DURATIONS[kind].usual, 0);
  const speech = frames.filter(({ level }) => level > loud - SILENCE_DECIBELS).length;
  const pace = speech / usualFrames;
  const expected = [...evenly(sounds, length), length];
  // best[e]: the least cost at which the sounds so far end at frame e.
  let best = new Float64Array(length + 1).fill(Infinity);
  best[0] = 0;
  const cameFrom: Int32Array[] = [];
  for (const [index, { kind }] of sounds.entries()) {
    const next = new Float64Array(length + 1).fill(Infinity);
    const from = new Int32Array(length + 1).fill(-1);
    const sums = costs[kind];
    const isPause = kind === 'pause';
    const longest = isPause ? LONGEST_PAUSE_FRAMES : LONGEST_FRAMES;
    const duration = durationCosts(kind, pace, longest);
    const middle = expected[index + 1]!;
    const low = Math.max(index === 0 ? 0 : 1, Math.floor(middle - MOST_SHIFT_FRAMES));
    const high = Math.min(length, Math.ceil(middle + MOST_SHIFT_FRAMES));
    for (let end = low; end <= high; end++) {
      for (let frameCount = isPause ? 0 : 1; frameCount <= Math.min(longest, end); frameCount++) {
        const start = end - frameCount;
        const before = best[start]!;
        if (before === Infinity) continue;
        const cost = before + sums[end]! - sums[start]! + duration[frameCount]!;
        if (cost >= next[end]!) continue;
        next[end] = cost;
        from[end] = start;
      }
    }
    cameFrom.push(from);
    best = next;
  }
  if (best[length] === Infinity) return null;
  const starts: number[] = [];
  let at = length;
  for (let index = sounds.length - 1; index >= 0; index--) {
    at = cameFrom[index]![at]!;
    starts.unshift(at);
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
    const total = new Float64Array(frames.length + 1);
    for (const [at, frame] of frames.entries()) {
      const off = (Math.max(-60, frame.level - loud) - level) / levelSpread;
      const offSharp = (Math.sqrt(frame.sharpness) - sharp) / sharpSpread;
      const cost = (off * off + offSharp * offSharp) / 2 + Math.log(levelSpread * sharpSpread);
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

/** What it costs that a sound of `kind` lasts so many frames: the further from the usual, as a ratio, the more. */
function durationCosts(kind: SoundClass, pace: number, longest: number): Float64Array {
  const { usual, spread } = DURATIONS[kind];
  const costs = new Float64Array(longest + 1);
  for (let frameCount = 0; frameCount <= longest; frameCount++) {
    const ratio = Math.log(Math.max(frameCount, 0.5) / (usual * pace)) / spread;
    costs[frameCount] = DURATION_WEIGHT * ratio * ratio;
  }
  if (kind === 'pause') costs[0] = COST_OF_NO_PAUSE;
  return costs;
}
