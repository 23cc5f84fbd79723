import type { Config } from '../config/config.ts';
import { createChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import type { DoctorCheck } from '../operations/doctor.ts';
import { providerCheck } from '../operations/doctor-parts.ts';
import { providerPart, steadyPart, type HealthPart } from '../operations/health.ts';
import { createSmartTurnDetector } from '../providers/smart-turn/smart-turn-detector.ts';
import type { TurnEndDetector } from '../providers/spec/turn-end.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openTurnEndHost } from '../turn-end-host/open-turn-end-host.ts';
import { chooseModels } from './models.ts';

/** What hears in this server whether somebody who paused has finished, and the child that it runs in. */
export interface TurnEndPart {
  /** Null where the words decide alone. */
  readonly detector: TurnEndDetector | null;
  /** True where the settings want it so. */
  readonly isSwitchedOff: boolean;
  /** Loads what the first open microphone would load. Never rejects: what fails is in the log. */
  preload(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface TurnEndOptions {
  readonly config: Pick<Config, 'models' | 'speech'>;
  readonly log: Logger;
  readonly clock: Clock;
}

const MODEL = 'smart-turn-v3';

/** Builds the detector where its model is pulled; its child starts when the first microphone opens. */
export function openTurnEnd({ config, log, clock }: TurnEndOptions): TurnEndPart {
  const model = chooseModels(config).turnEnd;
  const file = model?.roles['model'];
  if (model === null || file === undefined) {
    return {
      detector: null,
      isSwitchedOff: config.speech.turnDetector === 'rules',
      preload: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }
  const host = createChildHost({ name: 'turn-end-host', open: openTurnEndHost(), logger: log, clock });
  const detector = createSmartTurnDetector({
    host,
    model: file,
    name: model.name,
    languages: model.languages,
    restore: `Run \`malbeot models pull ${model.id}\` and start again.`,
    clock,
    logger: log,
    idleMs: config.speech.modelIdleMs,
  });
  return {
    detector,
    isSwitchedOff: false,
    async preload(signal) {
      // Why it failed is in the log already.
      await detector.preload?.(signal).catch(() => {});
    },
    async close() {
      await detector.close?.();
      await host.close();
    },
  };
}

type Told = Pick<TurnEndPart, 'detector' | 'isSwitchedOff'>;

function rulesAlone({ isSwitchedOff }: Told) {
  return isSwitchedOff
    ? ({
        detail: { key: 'health.turn_end.off', values: { setting: 'TURN_DETECTOR=rules' } },
        action: null,
      } as const)
    : ({
        detail: { key: 'health.turn_end.rules' },
        action: { key: 'health.turn_end.better', values: { model: MODEL } },
      } as const);
}

/** What `/api/health` tells of it. Without the model talks go on by the words, so it is never down. */
export function turnEndHealth(part: Told): HealthPart {
  const { detector } = part;
  if (detector === null) return steadyPart(rulesAlone(part), { vital: false });
  const model = providerPart([detector], { vital: false });
  return {
    vital: false,
    async check(signal) {
      const found = await model.check(signal);
      return found.status === 'down' ? { ...found, status: 'degraded' } : found;
    },
  };
}

/** What `malbeot doctor` looks at: the model is loaded and asked once. */
export function turnEndCheck(told: Told): DoctorCheck {
  const part = { key: 'doctor.part.turn_end' } as const;
  const { detector } = told;
  if (detector === null) {
    const { detail, action } = rulesAlone(told);
    return { part, run: () => [{ part, status: 'ok', what: detail, action }] };
  }
  return providerCheck({
    part,
    provider: detector,
    optional: true,
    async prove(signal) {
      if ((await detector.judge(new Float32Array(PROOF_SAMPLES), signal)) === null)
        throw new Error('It did not answer in time.');
    },
  });
}

/** 8 s of silence: as much as it ever hears at once. */
const PROOF_SAMPLES = 128_000;
