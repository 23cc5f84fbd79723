import type { Language, TurnProviders, TurnTimings } from '@malbeot/protocol';
import type { FinishedTurn } from '../../conversation/ports.ts';
import type { SessionRow, TurnRow, UserRow } from './tables.ts';

/** Someone who talks, or talked. Times are milliseconds since the epoch. */
export interface CompanionUser {
  /** `usr_…` */
  readonly userId: string;
  /** A caller's own name for this person. */
  readonly externalId: string | null;
  readonly language: Language;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** A session as it was last kept. */
export interface CompanionSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly language: Language;
  readonly character: string | null;
  /** As the last turn left it; null in a new session. */
  readonly state: unknown;
  /** Null until it ends. */
  readonly summary: string | null;
  readonly turns: number;
  readonly voiceTurns: number;
  readonly interruptions: number;
  /** Talked, without what pauses have beyond `LONGEST_PAUSE_MS`. */
  readonly talkMs: number;
  /** How long the person spoke. */
  readonly speechMs: number;
  readonly createdAt: number;
  readonly lastTurnAt: number | null;
  readonly endedAt: number | null;
  /** When it is over without another turn. */
  readonly expiresAt: number;
}

/** A turn as it was kept. */
export interface KeptTurn {
  readonly turnId: string;
  readonly sessionId: string;
  /** 1 is the session's first. */
  readonly number: number;
  readonly at: number;
  readonly way: 'voice' | 'text';
  readonly heard: string;
  readonly reply: string;
  readonly replyHeard: string;
  readonly interrupted: boolean;
  readonly outcome: string;
  readonly timings: TurnTimings;
  readonly providers: TurnProviders;
}

export function toUser(row: UserRow): CompanionUser {
  return {
    userId: row.user_id,
    externalId: row.external_id,
    language: row.language as Language,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}

export function toUserRow(user: CompanionUser): UserRow {
  return {
    user_id: user.userId,
    external_id: user.externalId,
    language: user.language,
    created_at: user.createdAt,
    last_seen_at: user.lastSeenAt,
  };
}

export function toSession(row: SessionRow): CompanionSession {
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    language: row.language as Language,
    character: row.character_id,
    state: row.state === null ? null : (JSON.parse(row.state) as unknown),
    summary: row.summary,
    turns: row.turns,
    voiceTurns: row.voice_turns,
    interruptions: row.interruptions,
    talkMs: row.talk_ms,
    speechMs: row.speech_ms,
    createdAt: row.created_at,
    lastTurnAt: row.last_turn_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
  };
}

export function toSessionRow(session: CompanionSession): SessionRow {
  return {
    session_id: session.sessionId,
    user_id: session.userId,
    language: session.language,
    character_id: session.character,
    state: session.state === null ? null : JSON.stringify(session.state),
    summary: session.summary,
    turns: session.turns,
    voice_turns: session.voiceTurns,
    interruptions: session.interruptions,
    talk_ms: session.talkMs,
    speech_ms: session.speechMs,
    created_at: session.createdAt,
    last_turn_at: session.lastTurnAt,
    ended_at: session.endedAt,
    expires_at: session.expiresAt,
  };
}

export function toTurn(row: TurnRow): KeptTurn {
  return {
    turnId: row.turn_id,
    sessionId: row.session_id,
    number: row.number,
    at: row.at,
    way: row.way as KeptTurn['way'],
    heard: row.heard,
    reply: row.reply,
    replyHeard: row.reply_heard,
    interrupted: row.interrupted === 1,
    outcome: row.outcome,
    timings: JSON.parse(row.timings) as TurnTimings,
    providers: JSON.parse(row.providers) as TurnProviders,
  };
}

/** The row of `turn` in its session, which counts it already. */
export function toTurnRow({ session_id, user_id, turns }: SessionRow, turn: FinishedTurn): TurnRow {
  const { report } = turn;
  return {
    turn_id: turn.turnId,
    session_id,
    user_id,
    number: turns,
    at: turn.at,
    way: turn.heard.source,
    heard: turn.heard.text,
    reply: turn.reply,
    reply_heard: turn.replyHeard,
    interrupted: turn.interrupted ? 1 : 0,
    outcome: report.outcome,
    timings: JSON.stringify(report.timings),
    providers: JSON.stringify(report.providers),
  };
}
