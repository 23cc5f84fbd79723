import type { Config } from '../config/config.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { freeDiskBytes } from '../operations/disk.ts';
import {
  databasePart,
  diskPart,
  providerPart,
  steadyPart,
  switchedOffPart,
  type HealthPart,
} from '../operations/health.ts';
import type { Database } from '../storage/database.ts';
import type { Speech } from './speech.ts';

/** A part that no experience of this version needs: said plainly, and no reason to worry. */
const notNeededPart = steadyPart({ detail: { key: 'health.not_needed' }, action: null }, { vital: false });

const rulesPart = steadyPart(
  { detail: { key: 'health.rules' }, action: { key: 'health.rules.action' } },
  { vital: true, standIn: 'rules' },
);

function queuePart(jobs: Pick<Jobs, 'stats'>): HealthPart {
  return {
    vital: false,
    async check() {
      const { queued, running, failed } = await jobs.stats();
      return {
        status: failed > 0 ? 'degraded' : 'ok',
        provider: 'database',
        stand_in: false,
        detail: { key: 'health.queue', values: { queued, running, failed } },
        action: failed > 0 ? { key: 'health.queue.action' } : null,
      };
    },
  };
}

/** Every part that `/api/health` tells of, by its name there. */
export function healthParts(options: {
  readonly config: Config;
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'stats'>;
  readonly speech: Speech;
}): Readonly<Record<string, HealthPart>> {
  const { config, database, jobs, speech } = options;
  const { stt, tts } = config.parts;
  return {
    database: databasePart(database),
    vectors: notNeededPart,
    queue: queuePart(jobs),
    ears: stt ? providerPart(speech.earProviders, { vital: false }) : switchedOffPart('STT_ENABLED'),
    mind: rulesPart,
    voice: tts ? providerPart(speech.voiceProviders, { vital: false }) : switchedOffPart('TTS_ENABLED'),
    pictures: notNeededPart,
    disk: diskPart(() => freeDiskBytes(config.data.folder)),
  };
}
