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
import { mindPart } from './mind-parts.ts';
import type { Minds } from './minds.ts';
import { picturesPart, type Pictures } from './pictures.ts';
import type { Speech } from './speech.ts';
import { turnEndHealth, type TurnEndPart } from './turn-end-parts.ts';

/** A part that no experience of this version needs: said plainly, and no reason to worry. */
const notNeededPart = steadyPart({ detail: { key: 'health.not_needed' }, action: null }, { vital: false });

/** Where orders are paid for, by the setting. */
const paymentParts = {
  counter: steadyPart({ detail: { key: 'health.payment.counter' }, action: null }, { vital: false }),
  simulator: steadyPart(
    {
      detail: { key: 'health.payment.simulator' },
      action: { key: 'health.payment.simulator.action' },
    },
    { vital: false, standIn: 'simulator' },
  ),
} as const;

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
  readonly minds: Minds;
  readonly pictures: Pictures;
  readonly turnEnd: TurnEndPart;
}): Readonly<Record<string, HealthPart>> {
  const { config, database, jobs, speech, minds, pictures, turnEnd } = options;
  const { stt, tts } = config.parts;
  return {
    database: databasePart(database),
    vectors: notNeededPart,
    queue: queuePart(jobs),
    ears: stt
      ? providerPart(speech.earProviders, {
          vital: false,
          current: () => speech.earChain?.status().current ?? null,
          better: { key: 'health.ears.better' },
        })
      : switchedOffPart('STT_ENABLED'),
    turn_end: turnEndHealth(turnEnd),
    mind: mindPart(minds),
    voice: tts
      ? providerPart(speech.voiceProviders, {
          vital: false,
          current: () => speech.voiceChain?.status().current ?? null,
          better: { key: 'health.voice.better' },
        })
      : switchedOffPart('TTS_ENABLED'),
    payment: paymentParts[config.kiosk.terminal],
    pictures: picturesPart(pictures),
    disk: diskPart(() => freeDiskBytes(config.data.folder)),
  };
}
