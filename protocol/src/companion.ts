import type { Language } from './kiosk.ts';

/** Wire contract of the companion over HTTP. Talk itself goes over `WS /ws/{user_id}/{session_id}`: see `conversation.ts`. */

/** `POST /api/sessions/new`; an empty body is `{}`. */
export interface NewSessionRequest {
  /** `usr_…`, as this server gave it; a new person when absent. */
  readonly user_id?: string | null;
  /** The caller's own name for the person, 1 to 120 characters: the same name is the same person. */
  readonly external_id?: string | null;
  /** `ko` or `en`, with or without a region. */
  readonly language?: string | null;
  /** Who the person wants to talk with; kept with the session. */
  readonly character?: string | null;
}

export interface NewSession {
  /** `ses_…` */
  readonly session_id: string;
  /** `usr_…` */
  readonly user_id: string;
  /** Stands for this one session, for 24 hours. */
  readonly token: string;
  /** ISO 8601. */
  readonly created_at: string;
}

/** `POST /api/sessions/{id}/end` */
export interface EndedSession {
  readonly session_id: string;
  readonly ended_at: string;
  readonly turns: number;
  readonly minutes: number;
  /** What was talked about, put together by rules from what was said. */
  readonly summary: string;
  readonly topics: readonly CompanionTopic[];
}

/** Something that was talked about, and in how many turns. */
export interface CompanionTopic {
  readonly topic: string;
  readonly turns: number;
}

/** Milliseconds over the turns that have the point; null where none has. */
export interface LatencySpread {
  readonly p50: number;
  readonly p95: number;
}

/** `GET /api/sessions/{ses_…}/stats` */
export interface SessionStats {
  readonly session_id: string;
  readonly user_id: string;
  readonly language: Language;
  readonly character: string | null;
  readonly created_at: string;
  /** Null before the first turn. */
  readonly last_turn_at: string | null;
  /** Null while it goes on. */
  readonly ended_at: string | null;
  readonly turns: number;
  readonly voice_turns: number;
  readonly text_turns: number;
  /** How often the person cut in. */
  readonly interruptions: number;
  readonly durations: {
    /** From the beginning to the last turn. */
    readonly session_ms: number;
    /** Of that, without the pauses beyond two minutes between turns. */
    readonly talk_ms: number;
    /** How long the person spoke. */
    readonly speech_ms: number;
  };
  /** From the end of what the person said; over the last 1,000 turns. */
  readonly latencies: {
    readonly final_ms: LatencySpread | null;
    readonly first_token_ms: LatencySpread | null;
    readonly first_audio_ms: LatencySpread | null;
    readonly done_ms: LatencySpread | null;
  };
  /** Turns by provider id. */
  readonly providers: {
    readonly ears: Readonly<Record<string, number>>;
    readonly mind: Readonly<Record<string, number>>;
    readonly voice: Readonly<Record<string, number>>;
  };
}

/** `GET /api/sessions/{usr_…}/stats` */
export interface PersonStats {
  readonly user_id: string;
  readonly external_id: string | null;
  readonly sessions: number;
  readonly turns: number;
  /** Talked, without long pauses; one decimal. */
  readonly minutes: number;
  /** Over the last 1,000 turns, most often first. */
  readonly favourite_topics: readonly CompanionTopic[];
  readonly first_seen: string;
  readonly last_seen: string;
}

export interface ReplyEmotion {
  readonly name: string;
  /** 0..1 */
  readonly intensity: number;
}

/** Answer of `POST /api/voice-chat`, and `data` of its last event with `?stream=1`. */
export interface VoiceChatReply {
  readonly session_id: string;
  readonly user_id: string;
  /** Given with a session that this turn began. */
  readonly token?: string;
  readonly turn_id: string;
  /** Empty when no words were heard. */
  readonly transcript: string;
  readonly reply: string;
  /** Null where no voice can speak, and with `?stream=1`, where the voice comes sentence by sentence. */
  readonly audio_url: string | null;
  readonly emotions: readonly ReplyEmotion[];
  /** Milliseconds by stage. */
  readonly timing: Readonly<Record<string, number>>;
  readonly providers: { readonly ears: string | null; readonly mind: string; readonly voice: string | null };
}

/** `data` of the events of `POST /api/voice-chat?stream=1`, by event. */
export interface VoiceChatEvents {
  session: { readonly session_id: string; readonly user_id: string; readonly token?: string };
  transcript: { readonly turn_id: string; readonly text: string; readonly confidence: number | null };
  reply_delta: { readonly text: string };
  emotion: ReplyEmotion;
  /** The sound of the next piece of the reply; `url` can be fetched at once and answers as soon as the sound is made. */
  audio: { readonly index: number; readonly text: string; readonly url: string };
  done: VoiceChatReply;
  /** The last event where the turn failed. */
  error: { readonly code: string; readonly message: string };
}
