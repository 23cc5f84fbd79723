import { resolve } from 'node:path';
import { checkTogether, warnTogether, type CheckInput } from './checks.ts';
import { ConfigError, configIssue, sourceName, type ConfigIssue, type Source } from './config-error.ts';
import { toConfig, type CompleteSettings, type Config } from './config.ts';
import {
  findUnknownNames,
  findValue,
  readLayers,
  tryToRead,
  type GivenValue,
  type ReadFile,
} from './layers.ts';
import type { LocalSecretsStore } from './local-secrets.ts';
import { mask } from './mask.ts';
import { settingInfo, settingNames, settingsSchema, type SettingName, type Settings } from './schema.ts';

export interface LoadOptions {
  /** Values from the command line, by setting name. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of `.env` and `malbeot.config.json`; relative paths start here. */
  readonly cwd: string;
  readonly readFile: ReadFile;
  /** Keeps the secrets of the local profile. */
  readonly localSecrets: LocalSecretsStore;
}

/** One setting as it is in force, fit to be shown. */
export interface SettingInForce {
  readonly name: SettingName;
  /** Secrets are masked; empty when there is no value. */
  readonly shown: string;
  readonly source: Source;
  /** The alias, `NAME_FILE` or file that it came through, or null. */
  readonly via: string | null;
  /** False when no part of this version uses it yet. */
  readonly inUse: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Every setting, in the order of the documentation. */
  readonly inForce: readonly SettingInForce[];
  /** What is not wrong but worth knowing. */
  readonly warnings: readonly ConfigIssue[];
}

/**
 * Reads, checks and freezes the settings: defaults < `malbeot.config.json` < `.env` < environment < flags.
 *
 * @throws {ConfigError} with everything that is wrong at once.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { cwd, readFile, flags = {}, env } = options;
  const issues: ConfigIssue[] = [];
  const layers = readLayers({ flags, env, cwd, readFile }, issues);
  const unknown = findUnknownNames(layers);
  issues.push(...unknown.errors);

  const given = new Map<SettingName, GivenValue>();
  const failed = new Set<SettingName>();
  const settings: Partial<Settings> = {};
  const accept = (name: SettingName, found: GivenValue | null) => {
    if (found !== null) given.set(name, found);
    const result = settingsSchema.shape[name].safeParse(found?.value);
    if (result.success && !(found !== null && found.value === undefined)) {
      Object.assign(settings, { [name]: result.data });
      return;
    }
    failed.add(name);
    if (found !== null && found.value !== undefined) issues.push(wrongValue(name, found));
  };
  for (const name of settingNames) accept(name, findValue(name, layers, { cwd, readFile }, issues));

  const input: CheckInput = {
    settings,
    given,
    failed,
    canRead: (path) => tryToRead(readFile, resolve(cwd, path)) !== null,
  };
  issues.push(...checkTogether(input));
  if (issues.length > 0) throw new ConfigError(issues);

  if (settings.MALBEOT_PROFILE === 'local') fillSecrets(settings as Settings, given, options, accept, issues);
  if (issues.length > 0) throw new ConfigError(issues);
  const config = toConfig(settings as CompleteSettings, cwd);
  const effective: Partial<Settings> = {
    ...settings,
    MALBEOT_DATA: config.data.folder,
    DATABASE_URL: config.database.location,
    TLS_CERT_FILE: config.tls.certFile,
    TLS_KEY_FILE: config.tls.keyFile,
  };
  return {
    config,
    inForce: settingNames.map((name) => inForce(name, effective, given.get(name))),
    warnings: [...unknown.warnings, ...warnTogether(input)],
  };
}

const localSecretNames = ['MALBEOT_SECRET', 'MALBEOT_ENCRYPTION_KEY', 'MALBEOT_API_KEYS'] as const;

/** In the local profile, secrets that nobody gave are made once and kept in the data folder. */
function fillSecrets(
  settings: Settings,
  given: ReadonlyMap<SettingName, GivenValue>,
  { cwd, localSecrets }: LoadOptions,
  accept: (name: SettingName, found: GivenValue) => void,
  issues: ConfigIssue[],
): void {
  const missing = localSecretNames.filter((name) => !given.has(name));
  if (missing.length === 0) return;
  try {
    const { secrets, path } = localSecrets(resolve(cwd, settings.MALBEOT_DATA));
    for (const name of missing) accept(name, { value: secrets[name], source: 'made', via: path });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    issues.push(configIssue('MALBEOT_DATA', 'setting.local_secrets', { reason }));
  }
}

function wrongValue(name: SettingName, found: GivenValue): ConfigIssue {
  const info = settingInfo(name);
  const text = typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  const given =
    info.secret === 'no'
      ? JSON.stringify(found.value)
      : { key: 'setting.given.hidden' as const, values: { count: text.length } };
  const source = sourceName(found.source);
  return configIssue(found.via ?? name, 'setting.wrong', { source, given, allowed: info.allowed });
}

function inForce(
  name: SettingName,
  settings: Partial<Settings>,
  found: GivenValue | undefined,
): SettingInForce {
  const { secret, inUse } = settingInfo(name);
  return {
    name,
    shown: mask(showValue(settings[name]), secret),
    source: found?.source ?? 'default',
    via: found?.via ?? null,
    inUse,
  };
}

function showValue(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((part) => typeof part === 'string')
    ? value.join(',')
    : JSON.stringify(value);
}
