import type { Nearness } from './listening/echo-guard.ts';
import { FRAME_MS, FRAME_SAMPLES, type VoiceFrame } from './listening/voice-frame.ts';
import type { SpeechStep } from './speech-tracker.ts';
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

/** A frame, and what is known of it. */
export interface FrameTaken {
  readonly frame: VoiceFrame;
  readonly nearness: Nearness;
  readonly step: SpeechStep;
  /** On the clock's monotonic time. */
  readonly nowMs: number;
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

/** So long after the person's last sound what the loudspeaker explains is kept from the ears: they would take it for theirs. */
const ONLY_ECHO_MS = 96;
/** As loud as the person, it may be the person all the same. */
const FAINTER_ECHO_DB = 8;
const SILENCE = new Float32Array(FRAME_SAMPLES);

/** Takes one more frame of an open microphone into what is being said. */
export function takeFrame(speaking: PersonSpeaking, { frame, nearness, step, nowMs }: FrameTaken): void {
  const { samples, levelDb, endMs } = frame;
  const isOnlyEcho =
    nearness === 'echo' && step.silentMs >= ONLY_ECHO_MS && levelDb < speaking.nearDb - FAINTER_ECHO_DB;
  speaking.utterance.push(isOnlyEcho ? SILENCE : samples);
  speaking.speechMs = step.speechMs;
  speaking.soundMs += FRAME_MS;
  if (step.silentMs === 0) {
    speaking.lastSpeechAtMs = nowMs;
    speaking.lastSpeechEndMs = endMs;
  }
  if (nearness === 'echo') speaking.echoFrames++;
  if (nearness !== 'near') return;
  speaking.nearFrames++;
  speaking.nearDb += (levelDb - speaking.nearDb) / speaking.nearFrames;
}
