import type { ServerMessage } from '@malbeot/protocol';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';
import type { Turnstile } from '../lib/turnstile.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { TurnEndDetector } from '../providers/spec/turn-end.ts';
import type { VoiceActivityDetector } from '../providers/spec/vad.ts';
import type { Dialogue } from './dialogue.ts';
import type { TurnReport } from './turn-report.ts';

/** Where a conversation's words and sound go: a socket, an answer of HTTP, a test. None of these calls may throw. */
export interface ConversationOutput {
  send(message: ServerMessage): void;
  /** PCM16 mono at the rate that `audio_start` named. Keeps none of the samples. */
  audio(audioId: number, sequence: number, samples: Int16Array): void;
  /** Resolves at once while the way out has room, else when it has again. Rejects with AbortedError only. */
  room(signal: AbortSignal): Promise<void>;
}

/** One turn as the experience keeps it. */
export interface FinishedTurn {
  readonly turnId: string;
  /** When it ended, milliseconds since the Unix epoch. */
  readonly at: number;
  readonly heard: { readonly text: string; readonly source: 'voice' | 'text' };
  /** The whole reply as it was made. */
  readonly reply: string;
  /** The part of it that the person heard, by the loudspeaker's own word; all of it when it was only shown. */
  readonly replyHeard: string;
  readonly interrupted: boolean;
  /** The last `state` event of the dialogue; undefined when there was none. */
  readonly state: unknown;
  readonly report: TurnReport;
}

/** What an experience brings to a conversation: who answers, and what is kept. */
export interface Talk {
  /** For metrics and the log. */
  readonly experience: string;
  readonly dialogue: Dialogue;
  /**
   * True when the dialogue has no effects of its own before `keep`, so that it may begin on words that can still change, and be
   * thrown away.
   */
  readonly mayBeginEarly: boolean;
  /** BCP 47, where a turn may have changed the language of the session; as it was opened when absent. */
  language?(): string;
  /** Keeps the turn. Called once a turn that was answered, in order; a failure is logged and costs no words. */
  keep(turn: FinishedTurn, signal: AbortSignal): Promise<void>;
}

/** What the conversation needs of the world. */
export interface ConversationPorts {
  /** Null: nobody hears here, words can be typed. */
  readonly ears: SpeechToText | null;
  /** Null: replies are shown only. */
  readonly voice: TextToSpeech | null;
  readonly vad: VoiceActivityDetector;
  /** Hears whether a pause is the end of a turn; where it is absent, the words decide alone. */
  readonly turnEnds?: TurnEndDetector;
  /** Where sentences wait for their turn at the voice; they don't when absent. */
  readonly voiceTurns?: Turnstile;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newTurnId: () => string;
  /** Told of every turn when it is over. Must not throw. */
  readonly onTurn?: (report: TurnReport) => void;
  /** Told of what went wrong beside the talk, for the log. Must not throw. */
  readonly onTrouble?: (error: unknown) => void;
}
