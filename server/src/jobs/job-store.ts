import { sql, type Kysely } from 'kysely';
import type { Clock } from '../lib/clock.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import { insertIfAbsent } from '../storage/upsert.ts';
import type { JobState, JobStatus } from './jobs.ts';

export interface JobRow {
  id: string;
  kind: string;
  payload: string;
  status: JobStatus;
  /** Queued: not before. Running: end of the lease. Over: null. So one index finds what is to be taken. */
  due_at: number | null;
  attempts: number;
  max_attempts: number;
  /** Kind and key while the job waits or runs. */
  active_key: string | null;
  worker: string | null;
  error: string | null;
  created_at: number;
  updated_at: number;
}

export interface JobTables {
  jobs: JobRow;
  job_schedules: { name: string; next_at: number };
}

export interface NewJob {
  readonly kind: string;
  readonly payload: string;
  readonly runAt: number;
  readonly maxAttempts: number;
  readonly activeKey: string | null;
}

/** A job in the hands of a worker. Worker and attempt together tell whether it still is. */
export interface ClaimedJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly worker: string;
}

export interface ClaimOptions {
  readonly kinds: readonly string[];
  readonly limit: number;
  readonly worker: string;
  readonly leaseMs: number;
  readonly except?: readonly string[];
}

export type JobStore = ReturnType<typeof createJobStore>;

/** The statements of the database runner. */
export function createJobStore({
  database,
  clock,
  random,
}: {
  database: Database;
  clock: Clock;
  random: RandomBytes;
}) {
  const { dialect } = database;
  const tables = () => database.tables<JobTables>();

  /** Ends a claim with `change`; false when the job is no longer in the claimer's hands. */
  async function settle(job: ClaimedJob, change: Partial<JobRow>): Promise<boolean> {
    const { numUpdatedRows } = await tables()
      .updateTable('jobs')
      .set({ ...change, worker: null, updated_at: clock.now() })
      .where('id', '=', job.id)
      .where('worker', '=', job.worker)
      .where('attempts', '=', job.attempt)
      .where('status', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  return {
    /** The id of the new job, or of the one with the same key that waits or runs. */
    async insert(
      job: NewJob,
      into: Kysely<JobTables> = tables(),
    ): Promise<{ readonly id: string; readonly isNew: boolean }> {
      const now = clock.now();
      const row: JobRow = {
        id: newId('job', random),
        kind: job.kind,
        payload: job.payload,
        status: 'queued',
        due_at: job.runAt,
        attempts: 0,
        max_attempts: job.maxAttempts,
        active_key: job.activeKey,
        worker: null,
        error: null,
        created_at: now,
        updated_at: now,
      };
      for (;;) {
        if (job.activeKey === null) {
          await into.insertInto('jobs').values(row).execute();
          return { id: row.id, isNew: true };
        }
        const insert = () => insertIfAbsent(dialect, into, 'jobs', row, ['active_key']);
        // Inside of the caller's transaction the whole of it is tried again.
        const isNew = await (into.isTransaction ? insert() : database.retried(insert));
        if (isNew) return { id: row.id, isNew };
        const other = await into
          .selectFrom('jobs')
          .select('id')
          .where('active_key', '=', job.activeKey)
          .executeTakeFirst();
        if (other !== undefined) return { id: other.id, isNew: false };
      }
    },

    async get(id: string): Promise<JobState | null> {
      const row = await tables().selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return null;
      const { kind, status, attempts, error, created_at, updated_at } = row;
      return { id, kind, status, attempts, error, createdAt: created_at, updatedAt: updated_at };
    },

    async counts(): Promise<Readonly<Record<JobStatus, number>>> {
      const rows = await tables()
        .selectFrom('jobs')
        .select(['status', (build) => build.fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute();
      return {
        queued: 0,
        running: 0,
        done: 0,
        failed: 0,
        ...Object.fromEntries(rows.map(({ status, count }) => [status, count])),
      };
    },

    /** Takes up to `limit` jobs but `except`: those that are due, and those whose worker let its lease run out. */
    async claim({
      kinds,
      limit,
      worker,
      leaseMs,
      except = [],
    }: ClaimOptions): Promise<readonly ClaimedJob[]> {
      const now = clock.now();
      // Most looks find nothing; a plain read leaves the write lock alone.
      if ((await due(tables(), kinds, except, now).select('id').limit(1).executeTakeFirst()) === undefined)
        return [];
      return database.transaction<JobTables, ClaimedJob[]>(async (transaction) => {
        const rows = await due(transaction, kinds, except, now)
          .selectAll()
          .orderBy('due_at')
          .limit(limit)
          .forUpdate()
          .skipLocked()
          .execute();
        const claimed: ClaimedJob[] = [];
        for (const row of rows) {
          const update = transaction.updateTable('jobs').where('id', '=', row.id);
          if (row.status === 'running' && row.attempts >= row.max_attempts) {
            const over = {
              status: 'failed' as const,
              due_at: null,
              active_key: null,
              worker: null,
              updated_at: now,
            };
            await update
              .set({ ...over, error: 'The worker ended or stood still in the last try.' })
              .execute();
            continue;
          }
          const attempt = row.attempts + 1;
          await update
            .set({ status: 'running', attempts: attempt, worker, due_at: now + leaseMs, updated_at: now })
            .execute();
          claimed.push({
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            attempt,
            maxAttempts: row.max_attempts,
            worker,
          });
        }
        return claimed;
      });
    },

    /** Prolongs the leases of `jobs`; answers the ids that are still held. */
    async renew(jobs: readonly ClaimedJob[], leaseMs: number): Promise<ReadonlySet<string>> {
      const held = new Set<string>();
      for (const job of jobs) {
        const { numUpdatedRows } = await tables()
          .updateTable('jobs')
          .set({ due_at: clock.now() + leaseMs })
          .where('id', '=', job.id)
          .where('worker', '=', job.worker)
          .where('attempts', '=', job.attempt)
          .where('status', '=', 'running')
          .executeTakeFirst();
        if (numUpdatedRows === 1n) held.add(job.id);
      }
      return held;
    },

    finish: (job: ClaimedJob) => settle(job, { status: 'done', due_at: null, active_key: null, error: null }),

    retry: (job: ClaimedJob, error: string, runAt: number) =>
      settle(job, { status: 'queued', due_at: runAt, error }),

    fail: (job: ClaimedJob, error: string) =>
      settle(job, { status: 'failed', due_at: null, active_key: null, error }),

    /** Back into the queue as if it had not been taken. */
    handBack: (job: ClaimedJob) =>
      settle(job, { status: 'queued', due_at: clock.now(), attempts: job.attempt - 1 }),

    /** When the schedule runs next; `first` when it is new. */
    async scheduleNext(name: string, first: number): Promise<number> {
      await database.retried(() =>
        insertIfAbsent(dialect, tables(), 'job_schedules', { name, next_at: first }, ['name']),
      );
      const row = await tables()
        .selectFrom('job_schedules')
        .select('next_at')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.next_at ?? first;
    },

    /**
     * Queues `job` if the schedule is due and sets its next time, in one transaction: whichever process comes first.
     * Answers the next time, and whether a job was queued.
     */
    async runSchedule(
      name: string,
      job: NewJob,
      next: (previous: number) => number,
    ): Promise<{ readonly nextAt: number; readonly queued: boolean }> {
      return database.transaction<JobTables, { nextAt: number; queued: boolean }>(async (transaction) => {
        const row = await transaction
          .selectFrom('job_schedules')
          .select('next_at')
          .where('name', '=', name)
          .forUpdate()
          .executeTakeFirstOrThrow();
        if (row.next_at > clock.now()) return { nextAt: row.next_at, queued: false };
        const nextAt = next(row.next_at);
        await transaction
          .updateTable('job_schedules')
          .set({ next_at: nextAt })
          .where('name', '=', name)
          .execute();
        const { isNew } = await this.insert(job, transaction);
        return { nextAt, queued: isNew };
      });
    },

    /** Ids of finished jobs last touched before `before`. */
    async findDone(before: number, limit: number): Promise<string[]> {
      const rows = await finishedBefore(tables(), before).limit(limit).execute();
      return rows.map(({ id }) => id);
    },

    removeDone: (ids: string[]) =>
      tables().deleteFrom('jobs').where('id', 'in', ids).where('status', '=', sql.lit('done')).execute(),
  };
}

const due = (tables: Kysely<JobTables>, kinds: readonly string[], except: readonly string[], now: number) => {
  const query = tables
    .selectFrom('jobs')
    .where('due_at', '<=', now)
    .where('kind', 'in', [...kinds]);
  return except.length === 0 ? query : query.where('id', 'not in', [...except]);
};

const finishedBefore = (tables: Kysely<JobTables>, before: number) =>
  tables.selectFrom('jobs').select('id').where('status', '=', 'done').where('updated_at', '<', before);
