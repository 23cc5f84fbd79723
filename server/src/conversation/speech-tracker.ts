import { FRAME_MS } from './listening/voice-frame.ts';

/** What one more frame means for what is being said. */
export interface SpeechStep {
  /**
   * `idle`: nobody speaks. `onset`: a sound like speech, too short yet to be sure. `speech`: somebody speaks, or pauses within what
   * they say.
   */
  readonly phase: 'idle' | 'onset' | 'speech';
  /**
   * What happened with this frame: `began`: idle → onset. `confirmed`: onset → speech. `dropped`: onset → idle, it was a cough or a
   * click. `resumed`: speech after a pause.
   */
  readonly change: 'began' | 'confirmed' | 'dropped' | 'resumed' | null;
  /** Speech so far in this utterance, pauses not counted. */
  readonly speechMs: number;
  /** Silence since the last speech. */
  readonly silentMs: number;
  /** The length of the pause that a `resumed` ends; 0 otherwise. */
  readonly pauseMs: number;
}

/** So much speech makes an utterance; what is shorter is a click, a cough, a chair. */
export const SHORTEST_SPEECH_MS = 200;
/** A sound that did not become speech is over after so much silence. */
const ONSET_PATIENCE_MS = 192;

/** Follows, frame by frame, whether somebody speaks. */
export interface SpeechTracker {
  /** @param isSpeech Whether somebody near speaks in this frame of {@link FRAME_MS}. */
  push(isSpeech: boolean): SpeechStep;
  /** The utterance is over: the next speech begins another. */
  reset(): void;
}

export function createSpeechTracker(): SpeechTracker {
  let phase: SpeechStep['phase'] = 'idle';
  let speechMs = 0;
  let silentMs = 0;

  const reset = () => {
    phase = 'idle';
    speechMs = 0;
    silentMs = 0;
  };
  const step = (change: SpeechStep['change'], pauseMs = 0): SpeechStep => ({
    phase,
    change,
    speechMs,
    silentMs,
    pauseMs,
  });

  return {
    reset,
    push(isSpeech) {
      if (!isSpeech) {
        if (phase === 'idle') return step(null);
        silentMs += FRAME_MS;
        if (phase === 'speech' || silentMs < ONSET_PATIENCE_MS) return step(null);
        const dropped = { ...step('dropped'), phase: 'idle' } as const;
        reset();
        return dropped;
      }
      const pauseMs = silentMs;
      silentMs = 0;
      speechMs += FRAME_MS;
      if (phase === 'idle') {
        phase = 'onset';
        return step('began');
      }
      if (phase === 'onset') {
        if (speechMs < SHORTEST_SPEECH_MS) return step(null);
        phase = 'speech';
        return step('confirmed');
      }
      return pauseMs > 0 ? step('resumed', pauseMs) : step(null);
    },
  };
}
