import { configIssue, sourceName, type ConfigIssue } from './config-error.ts';
import type { GivenValue } from './layers.ts';
import { settingInfo, type SettingName, type Settings } from './schema.ts';
import { isStrongSecret, isWellKnownPassword } from './secret-strength.ts';
import { decodeEncryptionKey } from './fields.ts';
import type { Told } from './told.ts';

/** What the checks across settings know: values that passed their own check, and how each was given. */
export interface CheckInput {
  readonly settings: Partial<Settings>;
  readonly given: ReadonlyMap<SettingName, GivenValue>;
  /** Settings whose own check failed: nothing more is said about them. */
  readonly failed: ReadonlySet<SettingName>;
  /** True for a path, relative to the folder of the start, that names a file that can be read. */
  readonly canRead: (path: string) => boolean;
}

/** What is wrong between settings that are right each by itself. */
export function checkTogether(input: CheckInput): readonly ConfigIssue[] {
  return [
    ...checkSecrets(input),
    ...checkPasswords(input),
    ...checkLimits(input),
    ...checkCertificate(input),
  ];
}

const strong: Told = { key: 'setting.allowed.strong_secret' };
const strongPassword: Told = { key: 'setting.allowed.strong_password' };

function* checkSecrets({ settings, given, failed }: CheckInput): Iterable<ConfigIssue> {
  const {
    MALBEOT_PROFILE: profile,
    MALBEOT_SECRET: secret,
    MALBEOT_ENCRYPTION_KEY: encryptionKey,
  } = settings;
  if (profile === undefined || profile === 'local') return;
  const missing = (name: SettingName, allowed: Told) =>
    given.has(name) || failed.has(name) ? [] : [configIssue(name, 'setting.missing', { profile, allowed })];

  yield* missing('MALBEOT_SECRET', strong);
  yield* missing('MALBEOT_ENCRYPTION_KEY', settingInfo('MALBEOT_ENCRYPTION_KEY').allowed);
  if (profile === 'production') yield* missing('MALBEOT_API_KEYS', strong);

  if (secret !== undefined && !isStrongSecret(secret)) yield weak('MALBEOT_SECRET', secret, given, strong);
  const bytes = encryptionKey === undefined ? null : decodeEncryptionKey(encryptionKey);
  if (bytes !== null && new Set(bytes).size < 10) {
    yield weak(
      'MALBEOT_ENCRYPTION_KEY',
      encryptionKey!,
      given,
      settingInfo('MALBEOT_ENCRYPTION_KEY').allowed,
    );
  }
  for (const { key } of settings.MALBEOT_API_KEYS ?? []) {
    if (!isStrongSecret(key)) yield weak('MALBEOT_API_KEYS', key, given, strong);
  }
}

function* checkPasswords({ settings, given, failed }: CheckInput): Iterable<ConfigIssue> {
  if (settings.MALBEOT_PROFILE !== 'production') return;
  if (settings.DATABASE_URL !== undefined) {
    const password = URL.canParse(settings.DATABASE_URL) ? new URL(settings.DATABASE_URL).password : '';
    if (password !== '' && isWellKnownPassword(decodeURIComponent(password))) {
      yield weak('DATABASE_URL', password, given, strongPassword);
    }
  } else if (settings.DB_HOST !== undefined && !failed.has('DB_PASSWORD') && !failed.has('DATABASE_URL')) {
    const password = settings.DB_PASSWORD;
    if (password === undefined) {
      yield configIssue('DB_PASSWORD', 'setting.missing', { profile: 'production', allowed: strongPassword });
    } else if (isWellKnownPassword(password)) {
      yield weak('DB_PASSWORD', password, given, strongPassword);
    }
  }
}

function weak(
  name: SettingName,
  value: string,
  given: ReadonlyMap<SettingName, GivenValue>,
  allowed: Told,
): ConfigIssue {
  return configIssue(name, 'setting.weak', {
    source: sourceName(given.get(name)?.source ?? 'default'),
    count: String(value.length),
    allowed,
  });
}

function* checkLimits({ settings, given }: CheckInput): Iterable<ConfigIssue> {
  const profile = settings.MALBEOT_PROFILE;
  if (settings.RATE_LIMIT !== false || profile === undefined || profile === 'local') return;
  yield configIssue('RATE_LIMIT', 'setting.wrong', {
    source: sourceName(given.get('RATE_LIMIT')?.source ?? 'default'),
    given: 'off',
    allowed: { key: 'setting.allowed.limits_outside_local' },
  });
}

function* checkCertificate({ settings, given, failed, canRead }: CheckInput): Iterable<ConfigIssue> {
  const names = ['TLS_CERT_FILE', 'TLS_KEY_FILE'] as const;
  if (names.some((name) => failed.has(name))) return;
  for (const name of names) {
    const path = settings[name];
    const other = names.find((candidate) => candidate !== name)!;
    const source = sourceName(given.get(name)?.source ?? 'default');
    if (path === undefined) continue;
    if (settings[other] === undefined) {
      const allowed: Told = { key: 'setting.allowed.both_tls' };
      yield configIssue(name, 'setting.wrong', { source, given: JSON.stringify(path), allowed });
    }
    if (!canRead(path)) {
      yield configIssue(name, 'setting.unread_file', { source, given: JSON.stringify(path) });
    }
  }
}

/** What is not wrong but will surprise. */
export function warnTogether({ settings, given }: CheckInput): readonly ConfigIssue[] {
  const warnings: ConfigIssue[] = [];
  const databaseNames = (['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASSWORD', 'DB_NAME'] as const).filter(
    (name) => given.has(name),
  );
  if (settings.DATABASE_URL !== undefined && databaseNames.length > 0) {
    warnings.push(configIssue('DATABASE_URL', 'setting.warning.url_wins'));
  } else if (settings.DB_HOST === undefined) {
    warnings.push(...databaseNames.map((name) => configIssue(name, 'setting.warning.alone')));
  }
  if (settings.MALBEOT_PROFILE === 'docker' && isLoopbackHost(settings.HOST ?? '')) {
    warnings.push(configIssue('HOST', 'setting.warning.docker_loopback', { host: settings.HOST! }));
  }
  return warnings;
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
