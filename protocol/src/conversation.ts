/**
 * Realtime talk over `WS /ws/{user_id}/{session_id}`. Every JSON message is `{type, data}`; what the server sends carries a `seq`
 * too. Sound goes as binary frames: see `audio-frame.ts`.
 */

/** How the microphone's sound comes. */
export type UplinkCodec = 'pcm16' | 'opus';

/** Messages of a person's device, by type. */
export interface ClientMessages {
  /** Opens the microphone. Sent again when something of it changes. */
  start: {
    readonly sample_rate: 16_000 | 24_000 | 48_000;
    readonly codec: UplinkCodec;
    /** How quickly the server speaks; 1 when absent, 0.5 to 2. */
    readonly speech_rate?: number;
    /**
     * True when the server finds out by itself when a person has finished (the default); false for push-to-talk: `end` says so.
     */
    readonly hands_free?: boolean;
    /**
     * True when the device takes its own loudspeaker out of the microphone's sound. The server then hears sooner who cuts in; false
     * when absent.
     */
    readonly echo_cancelled?: boolean;
  };
  /** Typed words, 1 to 1,000 characters. */
  text: { readonly message: string };
  /** How far the loudspeaker got in one sound, at least every 200 ms while it plays, and once when it ends or is stopped. */
  played: { readonly audio_id: number; readonly ms: number };
  /** Stops what is being said. */
  interrupt: Record<string, never>;
  /** Push-to-talk: the button is let go. */
  end: Record<string, never>;
  ping: { readonly at?: number };
  /** After a lost connection: the last `seq` that arrived. */
  resume: { readonly last_seq: number };
}

export type ClientMessageType = keyof ClientMessages;
export type ClientMessage = {
  readonly [T in ClientMessageType]: { readonly type: T; readonly data: ClientMessages[T] };
}[ClientMessageType];

/** Milliseconds, from the end of what the person said (for typed words: from their arrival) to each point; null where there was none. */
export interface TurnTimings {
  /** How long the silence was waited for before the turn counted as ended. */
  readonly endpoint_ms: number | null;
  /** The words are certain. */
  readonly final_ms: number | null;
  readonly first_token_ms: number | null;
  /** The first sound left for the loudspeaker. */
  readonly first_audio_ms: number | null;
  /** All of the reply is made. */
  readonly done_ms: number;
  /** True when the reply had been begun before the words were certain. */
  readonly speculative: boolean;
}

/** Who did what in a turn: provider ids; null where the part was not needed. */
export interface TurnProviders {
  readonly ears: string | null;
  readonly mind: string;
  readonly voice: string | null;
}

/** One shape of the mouth, from `at_ms` in the sound on. */
export interface VisemeFrame {
  readonly at_ms: number;
  readonly viseme: 'A' | 'I' | 'U' | 'E' | 'O' | 'closed' | 'rest';
}

export type ConversationErrorCode =
  | 'BAD_MESSAGE'
  | 'BAD_AUDIO'
  | 'NOT_STARTED'
  | 'TOO_FAST'
  | 'EARS_UNAVAILABLE'
  | 'VOICE_UNAVAILABLE'
  | 'MIND_UNAVAILABLE'
  | 'TURN_FAILED'
  | 'SESSION_ENDED'
  | 'REPLACED'
  | 'SHUTTING_DOWN';

/** Messages of the server, by type. */
export interface ServerMessages {
  ready: {
    readonly session_id: string;
    readonly user_id: string;
    readonly experience: string;
    readonly language: string;
    /** What hears, thinks and speaks here; null for a part that is switched off or missing. */
    readonly providers: {
      readonly ears: string | null;
      readonly mind: string;
      readonly voice: string | null;
      readonly vad: string;
    };
    /** How long a lost connection may stay away before its conversation is let go. */
    readonly resume_ms: number;
  };
  /** At least 200 ms of speech. */
  speech_started: { readonly at_ms: number };
  speech_stopped: { readonly at_ms: number; readonly duration_ms: number };
  /** `stable`: the beginning of `text` that later words no longer change. */
  transcript_partial: { readonly text: string; readonly stable: string };
  transcript_final: {
    readonly turn_id: string;
    readonly text: string;
    /** `backchannel`: a "네" that asks for nothing; nobody answers it. `echo`: the server's own voice. */
    readonly kind: 'words' | 'backchannel' | 'echo' | 'nothing';
    readonly confidence: number | null;
  };
  reply_delta: { readonly turn_id: string; readonly text: string };
  emotion: { readonly turn_id: string; readonly name: string; readonly intensity: number };
  /** What the screen should do, in the terms of the experience. */
  action: { readonly turn_id: string; readonly type: string; readonly data: unknown };
  /** Play quieter, by this many decibels at once: somebody may be cutting in. */
  duck: { readonly decibels: number };
  /** Play as before: nobody cut in. */
  restore: Record<string, never>;
  /** One sentence begins; its sound follows as binary frames. */
  audio_start: {
    readonly turn_id: string;
    readonly audio_id: number;
    readonly sample_rate: number;
    readonly text: string;
  };
  visemes: { readonly audio_id: number; readonly frames: readonly VisemeFrame[] };
  audio_end: { readonly audio_id: number; readonly duration_ms: number };
  /** All of the reply is made and sent. */
  reply_done: {
    readonly turn_id: string;
    readonly text: string;
    readonly timings: TurnTimings;
    readonly providers: TurnProviders;
  };
  /** Stop playing now. `heard_text` is what the loudspeaker had said of the reply. */
  interrupted: { readonly turn_id: string; readonly heard_text: string };
  resumed: { readonly from_seq: number };
  /** What was missed is no longer kept: this is how the conversation stands. */
  resync: { readonly history: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[] };
  pong: { readonly at: number | null };
  error: {
    readonly code: ConversationErrorCode;
    readonly message: string;
    /** True when the connection ends with it. */
    readonly fatal: boolean;
  };
}

export type ServerMessageType = keyof ServerMessages;
/** A message as the conversation sends it; the connection numbers it. */
export type ServerMessage = {
  readonly [T in ServerMessageType]: { readonly type: T; readonly data: ServerMessages[T] };
}[ServerMessageType];
export type NumberedServerMessage = ServerMessage & { readonly seq: number };
