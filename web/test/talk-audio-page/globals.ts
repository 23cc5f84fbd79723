import type { QueuePlayer, Uplink, UplinkFormat } from '../../src/audio/index.ts';

export interface PlayedReport {
  readonly audioId: number;
  readonly ms: number;
  readonly isLast: boolean;
}

/** The modules as a test drives them from outside. */
export interface TalkAudioPage {
  readonly player: QueuePlayer;
  readonly playerStates: string[];
  readonly played: PlayedReport[];
  readonly uplink: Uplink;
  readonly uplinkStates: string[];
  readonly formats: UplinkFormat[];
  readonly frames: Uint8Array[];
  readonly lost: string[];
  /** How often the microphone's level was told. */
  levels: number;
  /** Makes ready what keeps the sound, so that nothing of it is missed. */
  listen(): Promise<void>;
  /** Hands a tone of 440 Hz to the player, from one millisecond of it to another, in pieces of 20 ms. */
  hum(audioId: number, from: number, to: number, sampleRate?: number): void;
  /** Everything that went to the loudspeaker, in samples of the context. */
  recorded(): { readonly sampleRate: number; readonly samples: number[] };
  /** The frames of the uplink as 16-bit samples, decoded where they are Opus. */
  sent(): Promise<number[]>;
}

declare global {
  // Only `var` makes a property of the global object.
  var talkAudioPage: TalkAudioPage;
}
