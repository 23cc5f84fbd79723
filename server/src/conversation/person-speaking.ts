import type { Nearness } from './listening/echo-guard.ts';
import type { Utterance } from './utterance.ts';

/** Somebody who speaks just now, and what is known of it. */
export interface PersonSpeaking {
  readonly turnId: string;
  readonly utterance: Utterance;
  /** When the first sound of it came, on the clock's monotonic time. */
  readonly beganAtMs: number;
  /** What the server said while it was said; null as long as it was silent. */
  said: string | null;
  /** True when what was being said came to its end just then: a "네" answers it. */
  isAnswer: boolean;
  hasCutIn: boolean;
  /** True once it was long enough to be speech. */
  isConfirmed: boolean;
  /** Words of an utterance that this one goes on with. */
  before: string;
  lastSpeechAtMs: number;
  /** The same in the sound of the microphone. */
  lastSpeechEndMs: number;
  speechMs: number;
  soundMs: number;
  /** Frames of speech that the loudspeaker explains, and those that it does not. */
  echoFrames: number;
  nearFrames: number;
  /** Mean level of the latter, in dB below full scale. */
  nearDb: number;
}

/** Begins at `nowMs`. */
export function beginSpeaking(turnId: string, utterance: Utterance, nowMs: number): PersonSpeaking {
  return {
    turnId,
    utterance,
    beganAtMs: nowMs,
    said: null,
    isAnswer: false,
    hasCutIn: false,
    isConfirmed: false,
    before: '',
    lastSpeechAtMs: nowMs,
    lastSpeechEndMs: 0,
    speechMs: 0,
    soundMs: 0,
    echoFrames: 0,
    nearFrames: 0,
    nearDb: 0,
  };
}

/** Counts one more frame of what is being said, by where it comes from. */
export function countFrame(speaking: PersonSpeaking, nearness: Nearness, levelDb: number): void {
  if (nearness === 'echo') speaking.echoFrames++;
  if (nearness !== 'near') return;
  speaking.nearFrames++;
  speaking.nearDb += (levelDb - speaking.nearDb) / speaking.nearFrames;
}
