import { SHORTEST_SPEECH_MS } from './speech-tracker.ts';

/** Somebody makes a sound while the server speaks: what is known of it. */
export interface Overlap {
  /** Speech so far, in milliseconds. */
  readonly speechMs: number;
  /** Silence since then. */
  readonly silentMs: number;
  /** What the words so far are; `none` while no words are known. */
  readonly verdict: 'none' | 'backchannel' | 'stop' | 'words';
}

/**
 * - `wait`: not known yet; the voice stays ducked.
 * - `stop`: the person wants the floor.
 * - `restore`: it was a cough or a "네"; the voice goes on as before.
 */
export type OverlapDecision = 'wait' | 'stop' | 'restore';

/** Decibels by which the voice is turned down while somebody may be cutting in. */
export const DUCK_DECIBELS = 20;

/** "그렇군요" does not take so long: somebody speaks whose words the ears do not know yet. */
const LONGEST_UNKNOWN_MS = 800;
/** Agreement that goes on and on is meant as more than agreement. */
const LONGEST_BACKCHANNEL_MS = 2_500;
/** With VAD's own tail each of these stays within 350 ms after the sound. */
const QUIET_AFTER_BACKCHANNEL_MS = 96;
const QUIET_AFTER_NOISE_MS = 128;
const QUIET_AFTER_UNKNOWN_MS = 224;

/** The second of the two steps of an interruption; the first, ducking, is done at the first sound. */
export function judgeOverlap({ speechMs, silentMs, verdict }: Overlap): OverlapDecision {
  if (verdict === 'stop') return 'stop';
  if (verdict === 'words' && speechMs >= SHORTEST_SPEECH_MS) return 'stop';
  if (verdict === 'none' && speechMs >= LONGEST_UNKNOWN_MS) return 'stop';
  if (verdict === 'backchannel' && speechMs >= LONGEST_BACKCHANNEL_MS) return 'stop';
  return silentMs >= quietAfter(speechMs, verdict) ? 'restore' : 'wait';
}

function quietAfter(speechMs: number, verdict: Overlap['verdict']): number {
  if (verdict === 'backchannel') return QUIET_AFTER_BACKCHANNEL_MS;
  return speechMs < SHORTEST_SPEECH_MS ? QUIET_AFTER_NOISE_MS : QUIET_AFTER_UNKNOWN_MS;
}
