/** The companion's own tables. */
export interface CompanionTables {
  companion_users: UserRow;
  companion_sessions: SessionRow;
  companion_turns: TurnRow;
}

export interface UserRow {
  user_id: string;
  external_id: string | null;
  language: string;
  created_at: number;
  last_seen_at: number;
}

export interface SessionRow {
  session_id: string;
  user_id: string;
  language: string;
  character_id: string | null;
  state: string | null;
  summary: string | null;
  turns: number;
  voice_turns: number;
  interruptions: number;
  talk_ms: number;
  speech_ms: number;
  created_at: number;
  last_turn_at: number | null;
  ended_at: number | null;
  expires_at: number;
}

export interface TurnRow {
  turn_id: string;
  session_id: string;
  user_id: string;
  number: number;
  at: number;
  way: string;
  heard: string;
  reply: string;
  reply_heard: string;
  interrupted: number;
  outcome: string;
  timings: string;
  providers: string;
}
