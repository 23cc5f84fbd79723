import type { SignedIn } from '@malbeot/protocol';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Who } from '../src/accounts/access.ts';
import { authorize } from '../src/accounts/authorize.ts';
import { buildApp, type App, type AppDeps, type AppSettings } from '../src/app.ts';
import { AppError } from '../src/errors/app-error.ts';
import type { Experience, RouteScope } from '../src/experiences/experience.ts';
import type { AccessControl } from '../src/http/edge.ts';
import { createHub } from '../src/hub/memory-hub.ts';
import { createMemoryIdempotency } from '../src/limits/memory-idempotency.ts';
import { createMemoryRateLimits } from '../src/limits/memory-rate-limits.ts';
import { silentLogger, type LogFields, type Logger } from '../src/telemetry/logger.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';

/** Tokens that the kit's accounts know. */
export const tokens: Readonly<Record<string, Who>> = {
  customer: { kind: 'person', userId: 'usr_customer', name: '손님', role: 'customer' },
  cook: { kind: 'person', userId: 'usr_cook', name: '요리사', role: 'cook' },
  manager: { kind: 'person', userId: 'usr_manager', name: '점장', role: 'manager' },
  'api-key': { kind: 'api-key', keyId: 'key_1', name: 'test' },
  device: { kind: 'device', keyId: 'dev_1', kioskId: 'kiosk-1' },
};

export const kitAccess: AccessControl = {
  authenticate(headers) {
    const bearer = headers['authorization'];
    const token = typeof bearer === 'string' ? bearer.replace(/^Bearer /, '') : headers['x-device-key'];
    const who = typeof token === 'string' ? tokens[token] : undefined;
    if (who === undefined) throw new AppError('UNAUTHENTICATED', { detail: 'The token is not known.' });
    return who;
  },
  authorize,
};

export const signedInFixture: SignedIn = {
  user_id: 'usr_1',
  name: '김말벗',
  role: 'admin',
  access_token: 'access',
  expires_in: 900,
  refresh_token: 'refresh',
};

export interface KitOptions {
  readonly settings?: Partial<AppSettings>;
  readonly deps?: Partial<AppDeps>;
  /** Routes beside the platform's own. */
  readonly routes?: (scope: RouteScope) => void;
}

/** The whole edge; accounts know the tokens above, and everything else is the real thing in memory. */
export function buildKit({ settings = {}, deps = {}, routes = () => {} }: KitOptions = {}): Promise<App> {
  const experience: Experience = { id: 'kiosk', path: '/kiosk', migrations: [], register: routes };
  return buildApp({
    settings: {
      version: '0.1.0',
      profile: 'local',
      trustProxy: false,
      corsOrigins: [],
      assetOrigin: null,
      rateLimits: null,
      tls: null,
      webFolder: join(tmpdir(), 'malbeot-no-such-folder'),
      pagePaths: ['/staff', '/sign-in'],
      ...settings,
    },
    log: silentLogger,
    metrics: createMetrics(),
    access: kitAccess,
    auth: {
      signInWithLink: (code) =>
        code === 'good' ? Promise.resolve(signedInFixture) : Promise.reject(new AppError('UNAUTHENTICATED')),
      signInAsGuest: (name) =>
        Promise.resolve({ ...signedInFixture, name: name ?? '손님', role: 'customer' }),
      refresh: () => Promise.resolve(signedInFixture),
      signOut: () => Promise.resolve(),
    },
    platform: {
      health: () => ({ status: 'ok', version: '0.1.0', uptime_seconds: 1, parts: {} }),
      ready: () => true,
      experiences: () => ({ experiences: [{ id: 'kiosk', state: 'ready', path: '/kiosk' }] }),
    },
    hub: createHub(),
    rateLimitStore: createMemoryRateLimits(),
    idempotency: createMemoryIdempotency(),
    experiences: [experience],
    ...deps,
  });
}

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** A logger that keeps its lines. */
export function recordingLogger(lines: Line[] = [], base: LogFields = {}): { log: Logger; lines: Line[] } {
  const add = (level: Line['level']) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields: { ...base, ...fields }, message });
  const log: Logger = {
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    child: (fields) => recordingLogger(lines, { ...base, ...fields }).log,
  };
  return { log, lines };
}
