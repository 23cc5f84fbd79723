import type { Health, Language, PartHealth, PartStatus } from '@malbeot/protocol';
import { tell, type Told, type Words } from '../config/told.ts';
import { AbortedError, TimeoutError, withTimeout } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Provider } from '../providers/spec/provider.ts';

/** A part's health before it is known in which language it is told. */
export interface FoundHealth extends Omit<PartHealth, 'detail' | 'action'> {
  readonly detail: Words;
  readonly action: Words | null;
}

/** One part that health looks at. */
export interface HealthPart {
  /** True when the server can't serve without it: its fall makes health `down`. */
  readonly vital: boolean;
  /** Looks at the part. What it throws makes the part `down`; it has to end within the limit. */
  check(signal: AbortSignal): FoundHealth | Promise<FoundHealth>;
}

export interface HealthOptions {
  readonly version: string;
  readonly clock: Clock;
  /** By the name that `/api/health` gives them. */
  readonly parts: Readonly<Record<string, HealthPart>>;
  /** Milliseconds that one check may take; 1,000. */
  readonly limitMs?: number;
  /** Milliseconds that an answer is given again without looking; 2,000. */
  readonly cacheMs?: number;
  /** Ends checks that still run when the server stops. */
  readonly signal: AbortSignal;
}

/** A look at every part, told in `language`, shared by those who ask at the same time and for a moment after. */
export type HealthCheck = (language: Language) => Promise<Health>;

/**
 * Puts the parts' health together: `down` when a vital part is down, `degraded` when any part is less than ok, `ok`
 * otherwise. A stand-in that works is ok; it says so in `stand_in`.
 */
export function createHealth(options: HealthOptions): HealthCheck {
  const { version, clock, parts, limitMs = 1_000, cacheMs = 2_000, signal } = options;
  const startedMs = clock.monotonicMs();
  let known:
    | { readonly atMs: number; readonly parts: Promise<Readonly<Record<string, FoundHealth>>> }
    | undefined;

  async function look(): Promise<Readonly<Record<string, FoundHealth>>> {
    const entries = Object.entries(parts).map(async ([name, part]) => [name, await lookAt(part)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async function lookAt(part: HealthPart): Promise<FoundHealth> {
    try {
      return await withTimeout(limitMs, signal, async (inner) => part.check(inner));
    } catch (error) {
      return { status: 'down', provider: null, stand_in: false, ...explain(error, limitMs) };
    }
  }

  return async (language) => {
    const nowMs = clock.monotonicMs();
    if (known === undefined || nowMs - known.atMs >= cacheMs) known = { atMs: nowMs, parts: look() };
    const seen = await known.parts;
    return {
      status: overall(parts, seen),
      version,
      uptime_seconds: Math.floor((clock.monotonicMs() - startedMs) / 1000),
      parts: Object.fromEntries(Object.entries(seen).map(([name, part]) => [name, toldIn(language, part)])),
    };
  };
}

function toldIn(language: Language, { detail, action, ...part }: FoundHealth): PartHealth {
  return {
    ...part,
    detail: tell(language, detail),
    action: action === null ? null : tell(language, action),
  };
}

function overall(parts: HealthOptions['parts'], seen: Readonly<Record<string, FoundHealth>>): PartStatus {
  const all = Object.entries(seen);
  if (all.some(([name, part]) => part.status === 'down' && parts[name]?.vital === true)) return 'down';
  return all.every(([, part]) => part.status === 'ok') ? 'ok' : 'degraded';
}

function explain(error: unknown, limitMs: number): Pick<FoundHealth, 'detail' | 'action'> {
  if (error instanceof TimeoutError) {
    return {
      detail: { key: 'health.slow', values: { limit: limitMs } },
      action: { key: 'health.slow.action' },
    };
  }
  if (error instanceof AbortedError) return { detail: { key: 'health.stopping' }, action: null };
  return { detail: { key: 'health.failing' }, action: { key: 'health.failing.action' } };
}

export interface ProviderPartOptions {
  readonly vital: boolean;
  /**
   * Id of the provider that the next call goes to, as the chain of them knows it: one that can run but failed too often is
   * not. The first that can run when absent.
   */
  readonly current?: () => string | null;
  /** What to do about a stand-in. */
  readonly better?: Told;
}

/**
 * A part made of providers in order of preference. It is degraded while one that can run is passed over because it failed, and
 * down while none can take a call.
 */
export function providerPart(providers: readonly Provider[], options: ProviderPartOptions): HealthPart {
  return {
    vital: options.vital,
    check: () => {
      const wanted = providers.find((provider) => provider.availability().available);
      const current = options.current?.();
      const inUse =
        current === undefined ? wanted : providers.find((provider) => provider.info.id === current);
      if (inUse === undefined) {
        return { status: 'down', provider: null, stand_in: false, ...whyNone(wanted ?? providers[0]) };
      }
      const health = inUseHealth(inUse, options.better);
      if (wanted === undefined || wanted === inUse) return health;
      const values = { name: wanted.info.name, other: inUse.info.name };
      return {
        ...health,
        status: 'degraded',
        detail: { key: 'health.provider.passed_over', values },
        action: { key: 'health.provider.passed_over.action' },
      };
    },
  };
}

/** Why `first`, and so nobody, can run. Its own reason is for who runs the server, as it is in the log. */
function whyNone(first: Provider | undefined): Pick<FoundHealth, 'detail' | 'action'> {
  const state = first?.availability();
  if (first === undefined || state === undefined)
    return { detail: { key: 'health.provider.none' }, action: null };
  if (state.available) {
    const values = { name: first.info.name };
    return {
      detail: { key: 'health.provider.failing', values },
      action: { key: 'health.provider.passed_over.action' },
    };
  }
  const { reason, action } = state;
  const values = { name: first.info.name, reason };
  return {
    detail: { key: 'health.provider.unavailable', values },
    action: { key: 'health.provider.unavailable.action', values: { action } },
  };
}

function inUseHealth({ info }: Provider, better: Told | undefined): FoundHealth {
  const { id, name, standIn, languages, triedWith = 'real' } = info;
  return {
    status: 'ok',
    provider: id,
    stand_in: standIn,
    detail: (language) => {
      const key = standIn ? 'health.provider.stand_in' : 'health.provider.in_use';
      const inUse = tell(language, { key, values: { name } });
      const tried =
        triedWith === 'real' ? '' : ` ${tell(language, { key: `health.provider.tried.${triedWith}` })}`;
      const what = `${inUse}${tried}`;
      if (languages.length === 0) return what;
      const names = new Intl.DisplayNames([language], { type: 'language' });
      const known = languages.map((code) => names.of(code) ?? code).join(', ');
      return `${what} ${tell(language, { key: 'health.provider.languages', values: { languages: known } })}`;
    },
    action: standIn ? (better ?? { key: 'health.provider.stand_in.action' }) : null,
  };
}

/** A part that was switched off in the settings. */
export function switchedOffPart(setting: string): HealthPart {
  const values = { setting };
  return steadyPart(
    { detail: { key: 'health.off', values }, action: { key: 'health.off.action', values } },
    { vital: false },
  );
}

/** A part that is always well, with the same thing to tell. */
export function steadyPart(
  told: { readonly detail: Told; readonly action: Told | null },
  options: { readonly vital: boolean; readonly standIn?: string },
): HealthPart {
  const { vital, standIn = null } = options;
  const health: FoundHealth = { status: 'ok', provider: standIn, stand_in: standIn !== null, ...told };
  return { vital, check: () => health };
}

/** The database: vital, and down when it does not answer. */
export function databasePart(database: {
  readonly dialect: string;
  ping(signal: AbortSignal): Promise<void>;
}): HealthPart {
  return {
    vital: true,
    async check(signal) {
      await database.ping(signal);
      return {
        status: 'ok',
        provider: database.dialect,
        stand_in: false,
        detail: { key: 'health.database.ok' },
        action: null,
      };
    },
  };
}

const WARN_FREE_BYTES = 1024 ** 3;
const LEAST_FREE_BYTES = 100 * 1024 ** 2;

/** The disk of the data folder: degraded below 1 GiB free, down below 100 MiB. */
export function diskPart(freeBytes: () => Promise<number>): HealthPart {
  return {
    vital: false,
    async check() {
      const free = await freeBytes();
      const status = free < LEAST_FREE_BYTES ? 'down' : free < WARN_FREE_BYTES ? 'degraded' : 'ok';
      return {
        status,
        provider: null,
        stand_in: false,
        detail: { key: 'health.disk', values: { free: Math.floor(free / 1024 ** 2) } },
        action: status === 'ok' ? null : { key: 'health.disk.action' },
      };
    },
  };
}
