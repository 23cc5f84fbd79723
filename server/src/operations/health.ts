import type { Health, PartHealth, PartStatus } from '@malbeot/protocol';
import { AbortedError, TimeoutError, withTimeout } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Provider } from '../providers/spec/provider.ts';

/** One part that health looks at. */
export interface HealthPart {
  /** True when the server can't serve without it: its fall makes health `down`. */
  readonly vital: boolean;
  /** Looks at the part. What it throws makes the part `down`; it has to end within the limit. */
  check(signal: AbortSignal): PartHealth | Promise<PartHealth>;
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

/** A look at every part, shared by those who ask at the same time and for a moment after. */
export type HealthCheck = () => Promise<Health>;

/**
 * Puts the parts' health together: `down` when a vital part is down, `degraded` when any part is less than ok, `ok`
 * otherwise. A stand-in that works is ok; it says so in `stand_in`.
 */
export function createHealth(options: HealthOptions): HealthCheck {
  const { version, clock, parts, limitMs = 1_000, cacheMs = 2_000, signal } = options;
  const startedMs = clock.monotonicMs();
  let known:
    | { readonly atMs: number; readonly parts: Promise<Readonly<Record<string, PartHealth>>> }
    | undefined;

  async function look(): Promise<Readonly<Record<string, PartHealth>>> {
    const entries = Object.entries(parts).map(async ([name, part]) => [name, await lookAt(part)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async function lookAt(part: HealthPart): Promise<PartHealth> {
    try {
      return await withTimeout(limitMs, signal, async (inner) => part.check(inner));
    } catch (error) {
      return { status: 'down', provider: null, stand_in: false, ...explain(error, limitMs) };
    }
  }

  return async () => {
    const nowMs = clock.monotonicMs();
    if (known === undefined || nowMs - known.atMs >= cacheMs) known = { atMs: nowMs, parts: look() };
    const seen = await known.parts;
    return {
      status: overall(parts, seen),
      version,
      uptime_seconds: Math.floor((clock.monotonicMs() - startedMs) / 1000),
      parts: seen,
    };
  };
}

function overall(parts: HealthOptions['parts'], seen: Readonly<Record<string, PartHealth>>): PartStatus {
  const all = Object.entries(seen);
  if (all.some(([name, part]) => part.status === 'down' && parts[name]?.vital === true)) return 'down';
  return all.every(([, part]) => part.status === 'ok') ? 'ok' : 'degraded';
}

function explain(error: unknown, limitMs: number): Pick<PartHealth, 'detail' | 'action'> {
  if (error instanceof TimeoutError) {
    return {
      detail: `It did not answer within ${limitMs} ms.`,
      action: 'Look whether it is overloaded; `malbeot doctor` checks it at length.',
    };
  }
  if (error instanceof AbortedError) return { detail: 'The server is going down.', action: null };
  return {
    detail: 'It does not answer as it should.',
    action: '`malbeot doctor` says what is wrong; the log has the cause.',
  };
}

/** A part made of providers in order of preference: the first that can run now is the one in use. */
export function providerPart(
  providers: readonly Provider[],
  options: { readonly vital: boolean },
): HealthPart {
  return {
    vital: options.vital,
    check: () => {
      const inUse = providers.find((provider) => provider.availability().available);
      if (inUse !== undefined) return inUseHealth(inUse);
      const first = providers[0]?.availability();
      const reason = first === undefined || first.available ? 'It is not configured.' : first.reason;
      const action = first === undefined || first.available ? null : first.action;
      return { status: 'down', provider: null, stand_in: false, detail: reason, action };
    },
  };
}

function inUseHealth({ info }: Provider): PartHealth {
  return {
    status: 'ok',
    provider: info.id,
    stand_in: info.standIn,
    detail: info.standIn ? `${info.name} stands in for a better one.` : `${info.name} is in use.`,
    action: info.standIn ? 'Nothing has to be done; a later version takes better ones.' : null,
  };
}

/** A part that was switched off in the settings. */
export function switchedOffPart(setting: string): HealthPart {
  const health: PartHealth = {
    status: 'ok',
    provider: null,
    stand_in: false,
    detail: `Switched off by ${setting}.`,
    action: `Set ${setting}=on to use it.`,
  };
  return { vital: false, check: () => health };
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
        detail: 'It answers.',
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
        detail: `${Math.floor(free / 1024 ** 2)} MiB free in the data folder.`,
        action: status === 'ok' ? null : 'Make room on the disk of the data folder.',
      };
    },
  };
}
