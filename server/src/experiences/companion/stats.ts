import type { PersonStats, SessionStats } from '@malbeot/protocol';
import type { CompanionSession, CompanionUser, KeptTurn } from './records.ts';
import { spreadOf } from './spread.ts';
import type { CompanionStore } from './store.ts';
import { topicsOf } from './topics.ts';

/** Turns that latencies, providers and topics are counted over. */
export const COUNTED_TURNS = 1_000;
const FAVOURITES = 5;

/** How sessions went, from the turns that are kept. */
export interface CompanionStats {
  ofSession(session: CompanionSession): Promise<SessionStats>;
  ofPerson(person: CompanionUser): Promise<PersonStats>;
}

export function createCompanionStats({ store }: { readonly store: CompanionStore }): CompanionStats {
  return {
    async ofSession(session) {
      const { sessionId, createdAt, lastTurnAt, endedAt, turns, voiceTurns } = session;
      const kept = await store.turns({ sessionId }, COUNTED_TURNS);
      const latency = (point: 'final_ms' | 'first_token_ms' | 'first_audio_ms' | 'done_ms') =>
        spreadOf(kept.map(({ timings }) => timings[point]));
      const users = (part: 'ears' | 'mind' | 'voice') =>
        countOf(kept.map(({ providers }) => providers[part]));
      return {
        session_id: sessionId,
        user_id: session.userId,
        language: session.language,
        character: session.character,
        created_at: iso(createdAt),
        last_turn_at: lastTurnAt === null ? null : iso(lastTurnAt),
        ended_at: endedAt === null ? null : iso(endedAt),
        turns,
        voice_turns: voiceTurns,
        text_turns: turns - voiceTurns,
        interruptions: session.interruptions,
        durations: {
          session_ms: Math.max(0, (lastTurnAt ?? createdAt) - createdAt),
          talk_ms: session.talkMs,
          speech_ms: session.speechMs,
        },
        latencies: {
          final_ms: latency('final_ms'),
          first_token_ms: latency('first_token_ms'),
          first_audio_ms: latency('first_audio_ms'),
          done_ms: latency('done_ms'),
        },
        providers: { ears: users('ears'), mind: users('mind'), voice: users('voice') },
      };
    },
    async ofPerson({ userId, externalId, createdAt, lastSeenAt }) {
      const [{ sessions, turns, talkMs }, kept] = await Promise.all([
        store.totals(userId),
        store.turns({ userId }, COUNTED_TURNS),
      ]);
      return {
        user_id: userId,
        external_id: externalId,
        sessions,
        turns,
        minutes: toMinutes(talkMs),
        favourite_topics: topicsOf(heardIn(kept)).slice(0, FAVOURITES),
        first_seen: iso(createdAt),
        last_seen: iso(lastSeenAt),
      };
    },
  };
}

/** What the person said, turn by turn. */
export function heardIn(turns: readonly KeptTurn[]): string[] {
  return turns.map(({ heard }) => heard);
}

/** Minutes with one decimal. */
export function toMinutes(ms: number): number {
  return Math.round(ms / 6_000) / 10;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

function countOf(names: readonly (string | null)[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
