import type { Said } from './dialogue.ts';
import type { ConversationOutput, ConversationPorts, Talk } from './ports.ts';

/** How the microphone is used. */
export interface MicrophoneUse {
  /** True when the end of speech is found by itself; false: `endSpeech` says so. */
  readonly handsFree: boolean;
  /** How quickly the voice speaks; 1 is normal, 0.5 to 2. */
  readonly speechRate: number;
  /** True when the device takes its own loudspeaker out of the microphone's sound; false when absent. */
  readonly isEchoCancelled?: boolean;
}

export interface ConversationOptions {
  readonly sessionId: string;
  /** BCP 47. */
  readonly language: string;
  readonly talk: Talk;
  readonly ports: ConversationPorts;
  readonly output: ConversationOutput;
  /** As the last turn left it; null in a new session. */
  readonly state: unknown;
  readonly history: readonly Said[];
}

/**
 * One person and the server, talking. It hears while they speak, answers within a breath and stops when they cut in. Everything
 * that comes back goes to the output. No call throws or waits, but `close`.
 */
export interface Conversation {
  readonly sessionId: string;
  /** Opens the microphone, or changes how it is used. */
  open(use: MicrophoneUse): void;
  /** The next sound of the microphone: mono in [-1, 1] at 16,000 Hz. Keeps none of the array. Ignored before `open`. */
  hear(samples: Float32Array): void;
  /** Push-to-talk: the person has finished. */
  endSpeech(): void;
  /** Typed words; what is being said is stopped. */
  type(text: string): void;
  /** How far the loudspeaker got. */
  played(audioId: number, ms: number): void;
  /** Stops what is being said. */
  interrupt(): void;
  /** What both sides said, of replies only what was heard; the last 20 turns. */
  history(): readonly Said[];
  /** True while somebody speaks, a reply is made, or sound of it may still play. */
  readonly isBusy: boolean;
  /** Ends everything; nothing goes to the output after it. Idempotent. */
  close(): Promise<void>;
}
