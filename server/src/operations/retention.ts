import { withTimeout } from '../lib/abort.ts';
import type { JobHandler, Schedule } from '../jobs/jobs.ts';

/** One thing that is deleted when its time is over. */
export interface Sweep {
  /** Last part of the job's kind, for example `voices`: the job is `retention.voices`. */
  readonly name: string;
  /** How long what it deletes is kept, for people: `1 hour`. */
  readonly keeps: string;
  readonly everyMs: number;
  /** Deletes in batches and looks at `signal` between them; answers how much by what. */
  run(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
}

const SWEEP_LIMIT_MS = 5 * 60_000;

/** Jobs and their schedules that delete what is kept no longer. Each run logs what it deleted. */
export function createRetention(sweeps: readonly Sweep[]): {
  readonly handlers: readonly JobHandler[];
  readonly schedules: readonly Schedule[];
} {
  return {
    handlers: sweeps.map((sweep) => ({
      kind: kindOf(sweep),
      timeLimitMs: SWEEP_LIMIT_MS,
      async run(_payload, { signal, log }) {
        const deleted = await withTimeout(SWEEP_LIMIT_MS, signal, (inner) => sweep.run(inner));
        const total = Object.values(deleted).reduce((sum, count) => sum + count, 0);
        if (total > 0) log.info({ sweep: sweep.name, deleted }, 'retention sweep');
        else log.debug({ sweep: sweep.name }, 'retention sweep found nothing');
      },
    })),
    schedules: sweeps.map((sweep) => ({ kind: kindOf(sweep), everyMs: sweep.everyMs })),
  };
}

function kindOf(sweep: Sweep): string {
  return `retention.${sweep.name}`;
}
