import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/config.ts';
import type { createDatabaseJobs } from '../jobs/database-jobs.ts';
import type { Clock } from '../lib/clock.ts';
import type { Sweep } from '../operations/retention.ts';
import { createFileStore } from '../storage/file-store.ts';
import type { SpeechDoors } from './speech-doors.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface SweptRooms {
  readonly config: Pick<Config, 'retention'>;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'sweep'>;
  readonly idempotency: { sweep(signal: AbortSignal): Promise<number> };
  readonly jobs: Pick<ReturnType<typeof createDatabaseJobs>, 'sweep'>;
  readonly kiosk: { readonly sweep: Sweep['run'] };
  readonly companion: { readonly sweep: Sweep['run'] };
  readonly doors: Pick<SpeechDoors, 'voiceFiles' | 'customVoices'>;
  /** Folder of daily log files, or null where the log goes to standard output. */
  readonly logFolder: string | null;
}

/** What is deleted by itself, and when. */
export function sweeps(rooms: SweptRooms): readonly Sweep[] {
  const { config, clock, accounts, idempotency, jobs, kiosk, companion, doors, logFolder } = rooms;
  const { sessionsMs, jobsMs, logsMs } = config.retention;
  return [
    {
      name: 'voices',
      keeps: '1 hour',
      everyMs: 5 * MINUTE_MS,
      run: async (signal) => ({ ...(await doors.voiceFiles.sweep(signal)) }),
    },
    {
      name: 'custom-voice-recordings',
      keeps: 'until deleted',
      everyMs: 60 * MINUTE_MS,
      run: async (signal) => ({ files: await doors.customVoices.sweep(signal) }),
    },
    {
      name: 'kiosk-sessions',
      keeps: days(sessionsMs),
      everyMs: 10 * MINUTE_MS,
      run: kiosk.sweep,
    },
    {
      name: 'companion-sessions',
      keeps: days(sessionsMs),
      everyMs: 10 * MINUTE_MS,
      run: companion.sweep,
    },
    {
      name: 'idempotency-keys',
      keeps: '10 minutes',
      everyMs: 5 * MINUTE_MS,
      run: async (signal) => ({ keys: await idempotency.sweep(signal) }),
    },
    {
      name: 'sign-ins',
      keeps: '30 days',
      everyMs: 60 * MINUTE_MS,
      run: async (signal) => ({ rows: await accounts.sweep(signal) }),
    },
    {
      name: 'jobs',
      keeps: days(jobsMs),
      everyMs: 60 * MINUTE_MS,
      run: async (signal) => ({ jobs: await jobs.sweep(clock.now() - jobsMs, signal) }),
    },
    ...(logFolder === null ? [] : [logSweep(logFolder, logsMs, clock)]),
  ];
}

function logSweep(folder: string, keepMs: number, clock: Clock): Sweep {
  const files = createFileStore(folder, { durable: false });
  return {
    name: 'logs',
    keeps: days(keepMs),
    everyMs: 6 * 60 * MINUTE_MS,
    async run(signal: AbortSignal) {
      let deleted = 0;
      for await (const { name, modifiedAt } of files.list()) {
        if (signal.aborted) break;
        if (clock.now() - modifiedAt > keepMs && (await files.delete(name))) deleted++;
      }
      return { files: deleted };
    },
  };
}

function days(ms: number): string {
  return `${Math.round(ms / DAY_MS)} days`;
}
