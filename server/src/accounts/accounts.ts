import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Database } from '../storage/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Who } from './access.ts';
import { authorize } from './authorize.ts';
import { createKeys, type Keys } from './keys.ts';
import { createPeople, security, type People } from './people.ts';
import { createTokens } from './tokens.ts';

/** Headers of a request. Only `authorization` and `x-device-key` are looked at. */
export type CredentialHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who people and programs are. */
export interface Accounts extends People {
  readonly keys: Pick<Keys, 'create' | 'list' | 'revoke'>;
  /**
   * Who sends these headers; nobody when they hold no credentials. `Authorization: Bearer` holds a person's token, a session's
   * token or an API key, `X-Device-Key` a device key. Where both are given, both have to be good, and the bearer counts,
   * but for a session's token, which says less than the device.
   *
   * @throws {AppError} UNAUTHENTICATED or TOKEN_EXPIRED.
   */
  authenticate(headers: CredentialHeaders): Promise<Who>;
  /** The one table; see `authorize.ts`. */
  readonly authorize: typeof authorize;
  /** A token that stands for one session (`ses_…`), a kiosk's or a talk's, and ends with it, after 24 hours at the latest. */
  issueSessionToken(sessionId: string): Promise<string>;
}

export interface AccountsOptions {
  /** With `accountMigrations` applied. */
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Signs tokens: `config.secrets.signing`. */
  readonly secret: string;
  /** API keys beside those in the database: `config.secrets.apiKeys`. */
  readonly configuredApiKeys?: readonly { readonly name: string; readonly key: string }[];
  /** Gets security events, with `security: true`. */
  readonly log: Logger;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { database, clock, random, secret, configuredApiKeys = [], log } = options;
  const tokens = createTokens({ secret, clock });
  const people = createPeople({ database, clock, random, tokens, log });
  const keys = createKeys({ database, clock, random, log, configured: configuredApiKeys });

  async function readBearer(authorization: string): Promise<Who> {
    const [, bearer] = /^Bearer +(\S{1,4096}) *$/i.exec(authorization) ?? [];
    if (bearer === undefined) {
      throw new AppError('UNAUTHENTICATED', {
        detail: 'Authorization has to be "Bearer" and a token or an API key.',
      });
    }
    // Tokens are told apart by their form, which spares a look into the database; configured keys may have it too.
    const isToken = /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(bearer);
    const key = isToken ? keys.findConfiguredKey(bearer) : await keys.findApiKey(bearer);
    if (key !== null) return key;
    if (isToken) return tokens.read(bearer);
    throw new AppError('UNAUTHENTICATED', { detail: 'The API key is unknown or was revoked.' });
  }

  async function readDeviceKey(deviceKey: string): Promise<Who> {
    const device = await keys.findDeviceKey(deviceKey);
    if (device !== null) return device;
    throw new AppError('UNAUTHENTICATED', { detail: 'The device key is unknown or was revoked.' });
  }

  return {
    ...people,
    keys,
    issueSessionToken: (sessionId) => tokens.signSession(sessionId),
    authorize,
    async authenticate(headers) {
      const authorization = readHeader(headers['authorization']);
      const deviceKey = readHeader(headers['x-device-key']);
      try {
        const device = deviceKey === null ? null : await readDeviceKey(deviceKey);
        const bearer = authorization === null ? null : await readBearer(authorization);
        if (device !== null && (bearer === null || bearer.kind === 'session')) return device;
        return bearer ?? { kind: 'nobody' };
      } catch (error) {
        if (error instanceof AppError && error.code === 'UNAUTHENTICATED') {
          security(log, 'sign-in-failed', { with: authorization === null ? 'device-key' : 'authorization' });
        }
        throw error;
      }
    },
  };
}

function readHeader(value: string | readonly string[] | undefined): string | null {
  const text = typeof value === 'object' ? value[0] : value;
  return text === undefined || text === '' ? null : text;
}
