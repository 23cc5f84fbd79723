import type { PartHealth } from '@malbeot/protocol';
import type { Config } from '../config/config.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { freeDiskBytes } from '../operations/disk.ts';
import {
  databasePart,
  diskPart,
  providerPart,
  switchedOffPart,
  type HealthPart,
} from '../operations/health.ts';
import type { Database } from '../storage/database.ts';
import type { Speech } from './speech.ts';

/** Parts that no experience of this version needs: said plainly, and no reason to worry. */
function notNeededPart(what: string): HealthPart {
  const health: PartHealth = {
    status: 'ok',
    provider: null,
    stand_in: false,
    detail: `Nothing in this version needs ${what} yet.`,
    action: null,
  };
  return { vital: false, check: () => health };
}

const rulesPart: HealthPart = {
  vital: true,
  check: () => ({
    status: 'ok',
    provider: 'rules',
    stand_in: true,
    detail: 'Rules understand orders; this version asks no language model.',
    action: 'Nothing has to be done; a later version takes language models behind the rules.',
  }),
};

function queuePart(jobs: Pick<Jobs, 'stats'>): HealthPart {
  return {
    vital: false,
    async check() {
      const { queued, running, failed } = await jobs.stats();
      return {
        status: failed > 0 ? 'degraded' : 'ok',
        provider: 'database',
        stand_in: false,
        detail: `${queued} waiting, ${running} running, ${failed} failed.`,
        action: failed > 0 ? 'The log tells why jobs failed; they are kept for a look.' : null,
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
    vectors: notNeededPart('vectors'),
    queue: queuePart(jobs),
    ears: stt ? providerPart(speech.earProviders, { vital: false }) : switchedOffPart('STT_ENABLED'),
    mind: rulesPart,
    voice: tts ? providerPart(speech.voiceProviders, { vital: false }) : switchedOffPart('TTS_ENABLED'),
    pictures: notNeededPart('pictures'),
    disk: diskPart(() => freeDiskBytes(config.data.folder)),
  };
}
