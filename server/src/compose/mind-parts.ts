import { withTimeout } from '../lib/abort.ts';
import type { Words } from '../config/told.ts';
import { reasonOf, type DoctorCheck, type Finding } from '../operations/doctor.ts';
import { switchedOffCheck } from '../operations/doctor-parts.ts';
import type { HealthPart } from '../operations/health.ts';
import { mindSettings, type ConfiguredMind, type Minds } from './minds.ts';

const part = { key: 'doctor.part.mind' } as const;
const PROVE_LIMIT_MS = 10_000;

/** The mind as `/api/health` tells of it: rules always, and the language model behind them that would be asked now. */
export function mindPart({ chain, providers }: Pick<Minds, 'chain' | 'providers'>): HealthPart {
  const rules = { provider: 'rules', stand_in: true } as const;
  return {
    vital: true,
    check() {
      if (chain === null) {
        const values = { setting: 'LLM_ENABLED' };
        return {
          ...rules,
          status: 'ok',
          detail: { key: 'health.rules.off', values },
          action: { key: 'health.off.action', values },
        };
      }
      const { current } = chain.status();
      const inUse = providers.find(({ provider }) => provider.info.id === current);
      if (inUse !== undefined) {
        const { id, name } = inUse.provider.info;
        return {
          status: 'ok',
          provider: id,
          stand_in: false,
          detail: { key: 'health.mind', values: { name } },
          action: null,
        };
      }
      const named = new Set(providers.flatMap((mind) => (mind.named ? [mind.provider.info.id] : [])));
      if (named.size === 0) {
        return {
          ...rules,
          status: 'ok',
          detail: { key: 'health.rules' },
          action: { key: 'health.rules.action' },
        };
      }
      const away = chain.status().providers.filter(({ id }) => named.has(id));
      const reason = away
        .map(({ id, reason, lastError }) => `${id}: ${reason ?? lastError?.message ?? '?'}`)
        .join('; ');
      return {
        ...rules,
        status: 'degraded',
        detail: { key: 'health.mind.away', values: { reason } },
        action: { key: 'health.mind.away.action' },
      };
    },
  };
}

/** What `malbeot doctor` looks at: each mind that was named, by asking it for its models; Ollama where it runs. */
export function mindChecks({ chain, providers }: Pick<Minds, 'chain' | 'providers'>): readonly DoctorCheck[] {
  if (chain === null) return [switchedOffCheck(part, 'LLM_ENABLED')];
  const none: DoctorCheck = {
    part,
    run: () => [
      {
        part,
        status: 'ok',
        what: { key: 'doctor.mind.none', values: { settings: mindSettings.join(', ') } },
        action: null,
      },
    ],
  };
  const reachable = providers.filter(({ named, provider }) => named || provider.availability().available);
  return reachable.length === 0 ? [none] : reachable.map(mindCheck);
}

function mindCheck({ provider, settings }: ConfiguredMind): DoctorCheck {
  const { name } = provider.info;
  const bad = (reason: string, action: Words): Finding => {
    const what: Words = { key: 'doctor.provider.bad', values: { name, reason } };
    // No failure: the rules take orders without it.
    return { part, status: 'warn', what, action };
  };
  return {
    part,
    async run(signal) {
      try {
        await withTimeout(PROVE_LIMIT_MS, signal, (limited) => provider.refreshModels(limited));
      } catch (error) {
        if (signal.aborted) throw error;
        const values = { settings: settings.join(', ') };
        return [bad(reasonOf(error), { key: 'doctor.mind.bad.action', values })];
      }
      const state = provider.availability();
      if (!state.available) return [bad(state.reason, state.action)];
      const values = { name, model: provider.model() ?? '' };
      return [{ part, status: 'ok', what: { key: 'doctor.mind.ok', values }, action: null }];
    },
  };
}
