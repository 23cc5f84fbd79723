import type { DeleteResult, ExpressionBuilder, Kysely, Transaction } from 'kysely';
import type { FinishedTurn } from '../../conversation/ports.ts';
import { isUniqueViolation } from '../../storage/database-error.ts';
import type { Database } from '../../storage/database.ts';
import { deleteInBatches } from '../../storage/delete-in-batches.ts';
import { insertIfAbsent } from '../../storage/upsert.ts';
import {
  toSession,
  toSessionRow,
  toTurn,
  toTurnRow,
  toUser,
  toUserRow,
  type CompanionSession,
  type CompanionUser,
  type KeptTurn,
} from './records.ts';
import type { CompanionTables } from './tables.ts';

/** All sessions of one person together. */
export interface UserTotals {
  readonly sessions: number;
  readonly turns: number;
  readonly talkMs: number;
}

/** Which turns: of a session, or of a person. */
export type TurnsOf = { readonly sessionId: string } | { readonly userId: string };

export interface CompanionStore {
  findUser(userId: string): Promise<CompanionUser | null>;
  findUserByName(externalId: string): Promise<CompanionUser | null>;
  /** Keeps a new user. The one who is there already where `externalId` or `userId` is taken. */
  addUser(user: CompanionUser): Promise<CompanionUser>;
  /** Gives a user without one the name `externalId`; false when somebody else has it, or the user has another. */
  nameUser(userId: string, externalId: string): Promise<boolean>;
  addSession(session: CompanionSession): Promise<void>;
  findSession(sessionId: string): Promise<CompanionSession | null>;
  /** Sessions of a user that are not over at `now`. */
  countOpen(userId: string, now: number): Promise<number>;
  /**
   * Keeps a turn and what it makes of its session, both or neither. False where the session is not there, or ended before
   * `acceptFrom`. `stateOver`: the turn's own state when absent.
   */
  keepTurn(
    sessionId: string,
    turn: FinishedTurn,
    limits: TurnLimits,
    stateOver?: StateOver,
  ): Promise<boolean>;
  /** Ends a session with its summary, unless it has ended. */
  end(sessionId: string, endedAt: number, summary: string): Promise<void>;
  /** The newest `limit` turns, oldest first. */
  turns(of: TurnsOf, limit: number): Promise<readonly KeptTurn[]>;
  /** The session's first turn; null before it. */
  firstTurn(sessionId: string): Promise<KeptTurn | null>;
  totals(userId: string): Promise<UserTotals>;
  /** Deletes sessions that were over before `before` with their turns, and people without a name who have none left. */
  sweep(before: number, signal: AbortSignal): Promise<{ readonly sessions: number; readonly people: number }>;
}

/** What a session's state becomes by a turn, where `stored` is what it is now. */
export type StateOver = (stored: unknown) => unknown;

export interface TurnLimits {
  /** When the session is over without another turn. */
  readonly expiresAt: number;
  /** A turn may still come to a session that ended since. */
  readonly acceptFrom: number;
}

/** A longer pause between two turns counts as this much talk. */
export const LONGEST_PAUSE_MS = 120_000;
/** A session has many turns; the statement that deletes them should stay short. */
const SESSIONS_A_BATCH = 50;

export function createCompanionStore({ database }: { readonly database: Database }): CompanionStore {
  const tables = database.tables<CompanionTables>();

  const userWhere = async (column: 'user_id' | 'external_id', value: string) => {
    const row = await tables
      .selectFrom('companion_users')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst();
    return row === undefined ? null : toUser(row);
  };

  return {
    findUser: (userId) => userWhere('user_id', userId),
    findUserByName: (externalId) => userWhere('external_id', externalId),
    async addUser(user) {
      const { userId, externalId } = user;
      const column = externalId === null ? 'user_id' : 'external_id';
      const isNew = await database.retried(() =>
        insertIfAbsent(database.dialect, tables, 'companion_users', toUserRow(user), [column]),
      );
      return isNew ? user : (await userWhere(column, externalId ?? userId))!;
    },
    async nameUser(userId, externalId) {
      try {
        const { numUpdatedRows } = await tables
          .updateTable('companion_users')
          .set({ external_id: externalId })
          .where('user_id', '=', userId)
          .where('external_id', 'is', null)
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    addSession: (session) =>
      database.transaction<CompanionTables, void>(async (work) => {
        await work.insertInto('companion_sessions').values(toSessionRow(session)).execute();
        await work
          .updateTable('companion_users')
          .set({ last_seen_at: session.createdAt, language: session.language })
          .where('user_id', '=', session.userId)
          .execute();
      }),
    async findSession(sessionId) {
      const row = await tables
        .selectFrom('companion_sessions')
        .selectAll()
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      return row === undefined ? null : toSession(row);
    },
    async countOpen(userId, now) {
      const { open } = await tables
        .selectFrom('companion_sessions')
        .select(({ fn }) => fn.countAll<number>().as('open'))
        .where('user_id', '=', userId)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      return open;
    },
    keepTurn: (sessionId, turn, limits, stateOver = () => turn.state) =>
      database.transaction<CompanionTables, boolean>((work) =>
        keepTurn(work, sessionId, turn, limits, stateOver),
      ),
    async end(sessionId, endedAt, summary) {
      await tables
        .updateTable('companion_sessions')
        .set({ ended_at: endedAt, expires_at: endedAt, summary })
        .where('session_id', '=', sessionId)
        .where('ended_at', 'is', null)
        .execute();
    },
    async turns(of, limit) {
      const all = tables.selectFrom('companion_turns').selectAll().limit(limit);
      const rows = await (
        'sessionId' in of
          ? all.where('session_id', '=', of.sessionId).orderBy('number', 'desc')
          : all.where('user_id', '=', of.userId).orderBy('at', 'desc')
      ).execute();
      return rows.reverse().map(toTurn);
    },
    async firstTurn(sessionId) {
      const row = await tables
        .selectFrom('companion_turns')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('number')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toTurn(row);
    },
    async totals(userId) {
      const { sessions, turns, talk } = await tables
        .selectFrom('companion_sessions')
        .select(({ fn }) => [
          fn.countAll().as('sessions'),
          fn.sum('turns').as('turns'),
          fn.sum('talk_ms').as('talk'),
        ])
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      // A sum is text on some servers, and null of no rows.
      return { sessions: Number(sessions), turns: Number(turns ?? 0), talkMs: Number(talk ?? 0) };
    },
    async sweep(before, signal) {
      const sessions = await sweepSessions(database, before, signal);
      return { sessions, people: await sweepPeople(tables, before, signal) };
    },
  };
}

/** Counts the session up first, which takes its row: two turns at once get two numbers. */
async function keepTurn(
  work: Transaction<CompanionTables>,
  sessionId: string,
  turn: FinishedTurn,
  { expiresAt, acceptFrom }: TurnLimits,
  stateOver: StateOver,
): Promise<boolean> {
  const { at, interrupted, report } = turn;
  const byVoice = turn.heard.source === 'voice';
  await work
    .updateTable('companion_sessions')
    .set((column) => ({ turns: column('turns', '+', 1) }))
    .where('session_id', '=', sessionId)
    .execute();
  const session = await work
    .selectFrom('companion_sessions')
    .selectAll()
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (session === undefined) return false;
  const { ended_at, last_turn_at, created_at } = session;
  if (ended_at !== null && ended_at < acceptFrom) {
    await work
      .updateTable('companion_sessions')
      .set((column) => ({ turns: column('turns', '-', 1) }))
      .where('session_id', '=', sessionId)
      .execute();
    return false;
  }
  const pauseMs = Math.max(0, at - (last_turn_at ?? created_at));
  await work
    .updateTable('companion_sessions')
    .set({
      ...(turn.state === undefined
        ? {}
        : { state: JSON.stringify(stateOver(session.state === null ? null : JSON.parse(session.state))) }),
      voice_turns: session.voice_turns + (byVoice ? 1 : 0),
      interruptions: session.interruptions + (interrupted ? 1 : 0),
      talk_ms: session.talk_ms + Math.min(pauseMs, LONGEST_PAUSE_MS),
      speech_ms: session.speech_ms + Math.round(report.speechMs ?? 0),
      last_turn_at: at,
      ...(ended_at === null ? { expires_at: expiresAt } : {}),
    })
    .where('session_id', '=', sessionId)
    .execute();
  await work.insertInto('companion_turns').values(toTurnRow(session, turn)).execute();
  await work
    .updateTable('companion_users')
    .set({ last_seen_at: at })
    .where('user_id', '=', session.user_id)
    .execute();
  return true;
}

function sweepSessions(database: Database, before: number, signal: AbortSignal): Promise<number> {
  const tables = database.tables<CompanionTables>();
  return deleteInBatches({
    signal,
    batchSize: SESSIONS_A_BATCH,
    async find(limit) {
      const over = tables.selectFrom('companion_sessions').select('session_id');
      const rows = await over.where('expires_at', '<', before).limit(limit).execute();
      return rows.map(({ session_id }) => session_id);
    },
    remove: (keys) =>
      database.transaction<CompanionTables, DeleteResult[]>(async (work) => {
        const gone = await work
          .deleteFrom('companion_sessions')
          .where('session_id', 'in', keys)
          .where('expires_at', '<', before)
          .execute();
        await work
          .deleteFrom('companion_turns')
          .where('session_id', 'in', keys)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('companion_sessions')
                  .select('companion_sessions.session_id')
                  .whereRef('companion_sessions.session_id', '=', 'companion_turns.session_id'),
              ),
            ),
          )
          .execute();
        return gone;
      }),
  });
}

/** A person with a name is found again by it; nobody would find the others. */
function sweepPeople(tables: Kysely<CompanionTables>, before: number, signal: AbortSignal): Promise<number> {
  const isLeft = ({ not, exists, selectFrom }: ExpressionBuilder<CompanionTables, 'companion_users'>) =>
    not(
      exists(
        selectFrom('companion_sessions')
          .select('companion_sessions.session_id')
          .whereRef('companion_sessions.user_id', '=', 'companion_users.user_id'),
      ),
    );
  return deleteInBatches({
    signal,
    async find(limit) {
      const rows = await tables
        .selectFrom('companion_users')
        .select('user_id')
        .where('external_id', 'is', null)
        .where('last_seen_at', '<', before)
        .where(isLeft)
        .limit(limit)
        .execute();
      return rows.map(({ user_id }) => user_id);
    },
    remove: (keys) =>
      tables
        .deleteFrom('companion_users')
        .where('user_id', 'in', keys)
        .where('last_seen_at', '<', before)
        .where(isLeft)
        .execute(),
  });
}
