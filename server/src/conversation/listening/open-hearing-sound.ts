import { ProviderError } from '../../providers/spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE } from '../../providers/spec/stt.ts';

/** The sound of one utterance so far. */
export interface UtteranceSound {
  /** Samples so far. */
  readonly length: number;
  /** Where its last sound ends, in samples; what comes after it is quiet. 0 when all of it is. */
  readonly soundEnd: number;
  /** @throws {ProviderError} `invalid_input` for more than 120 s in all, or a sample that is no number; nothing is kept then. */
  push(samples: Float32Array): void;
  /** A copy of all of it. */
  copy(): Float32Array;
  /** Gives its memory back. */
  clear(): void;
}

export const LONGEST_SECONDS = 120;

const LONGEST_SAMPLES = LONGEST_SECONDS * UTTERANCE_SAMPLE_RATE;
const FIRST_CAPACITY = 4 * UTTERANCE_SAMPLE_RATE;
/** 10 ms. */
const BLOCK_SAMPLES = UTTERANCE_SAMPLE_RATE / 100;
/** The utterance is as loud as this many of its loudest blocks: clicks are shorter. */
const LOUD_BLOCKS = 10;
/** The background: this share of the blocks is no louder. */
const BACKGROUND_SHARE = 0.1;
const ABOVE_BACKGROUND_DB = 6;
/** Speech is never so far below its loud parts, and what is less far below them may be speech in any background. */
const QUIET_BELOW_LOUD_DB = 30;
const SOFT_BELOW_LOUD_DB = 24;
/** What is quieter than this never is. */
const QUIET_DB = -60;
const LEVELS = 100;

/** @param id Of the ears, for errors. */
export function createUtteranceSound(id: string): UtteranceSound {
  let samples = new Float32Array(0);
  let length = 0;
  let soundEnd = 0;
  /** How many blocks there were of each level, 0 to -99 dB. */
  const counts = new Uint16Array(LEVELS);
  let blockEnergy = 0;
  let blockLength = 0;

  const reserve = (needed: number) => {
    if (needed <= samples.length) return;
    const grown = new Float32Array(
      Math.min(LONGEST_SAMPLES, Math.max(FIRST_CAPACITY, needed, samples.length * 2)),
    );
    grown.set(samples.subarray(0, length));
    samples = grown;
  };
  /** The level, in dB, that so many blocks reach. */
  const levelOfLoudest = (wanted: number): number => {
    let blocks = 0;
    for (let level = 0; level < LEVELS; level++) {
      blocks += counts[level]!;
      if (blocks >= wanted) return -level;
    }
    return -LEVELS;
  };
  const quietLevel = (): number => {
    const loud = levelOfLoudest(LOUD_BLOCKS);
    const background = levelOfLoudest(Math.ceil((length / BLOCK_SAMPLES) * (1 - BACKGROUND_SHARE)));
    const quiet = Math.max(loud - QUIET_BELOW_LOUD_DB, background + ABOVE_BACKGROUND_DB);
    return Math.max(QUIET_DB, Math.min(loud - SOFT_BELOW_LOUD_DB, quiet));
  };
  const endBlock = (end: number) => {
    const decibels = 10 * Math.log10(blockEnergy / BLOCK_SAMPLES + 1e-12);
    blockEnergy = 0;
    blockLength = 0;
    const level = Math.min(LEVELS - 1, Math.max(0, Math.round(-decibels)));
    counts[level]! += 1;
    if (decibels > quietLevel()) soundEnd = end;
  };

  return {
    get length() {
      return length;
    },
    get soundEnd() {
      return soundEnd;
    },
    push(more) {
      if (length + more.length > LONGEST_SAMPLES) {
        throw new ProviderError('invalid_input', id, `An utterance lasts ${LONGEST_SECONDS} s at most.`);
      }
      if (!more.every(Number.isFinite)) {
        throw new ProviderError('invalid_input', id, 'A sample is not a finite number.');
      }
      reserve(length + more.length);
      samples.set(more, length);
      for (const sample of more) {
        length += 1;
        blockEnergy += sample * sample;
        blockLength += 1;
        if (blockLength === BLOCK_SAMPLES) endBlock(length);
      }
    },
    copy: () => samples.slice(0, length),
    clear() {
      samples = new Float32Array(0);
    },
  };
}
