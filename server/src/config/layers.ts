import { parse as parseDotenv } from 'dotenv';
import { join, resolve } from 'node:path';
import { configIssue, sourceName, type ConfigIssue, type Source } from './config-error.ts';
import { nearest } from './nearest.ts';
import { settingInfo, settingNames, type SettingName } from './schema.ts';
import type { Told } from './told.ts';

/** Text of a file; null when there is no such file. Throws when it is there and can't be read. */
export type ReadFile = (path: string) => string | null;

/** Text of a file, or null when there is none that can be read. */
export function tryToRead(readFile: ReadFile, path: string): string | null {
  try {
    return readFile(path);
  } catch {
    return null;
  }
}

/** Values of one source by the name they were given under. */
export interface Layer {
  readonly source: Source;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A value as it was given, before it is checked. */
export interface GivenValue {
  readonly value: unknown;
  readonly source: Source;
  /** The name that it was given under, where that is not the setting's own: an alias or `NAME_FILE`. */
  readonly via: string | null;
}

/** The sources, strongest first. An empty text counts as not given. */
export function readLayers(
  options: {
    readonly flags: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd: string;
    readonly readFile: ReadFile;
  },
  issues: ConfigIssue[],
): readonly Layer[] {
  const read = (name: string, source: Source): string | null => {
    const path = join(options.cwd, name);
    try {
      return options.readFile(path);
    } catch {
      issues.push(
        configIssue(name, 'setting.unread_file', { source: sourceName(source), given: JSON.stringify(path) }),
      );
      return null;
    }
  };
  const dotenv = read('.env', 'env-file');
  return [
    { source: 'flag', values: options.flags },
    { source: 'environment', values: options.env },
    { source: 'env-file', values: dotenv === null ? {} : parseDotenv(dotenv) },
    { source: 'config-file', values: readConfigFile(read('malbeot.config.json', 'config-file'), issues) },
  ];
}

function readConfigFile(text: string | null, issues: ConfigIssue[]): Readonly<Record<string, unknown>> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Falls through: text that is no JSON and JSON that is no object are told in the same words.
  }
  issues.push(wrongFile());
  return {};
}

function wrongFile(): ConfigIssue {
  const allowed: Told = { key: 'setting.allowed.json_object' };
  const given: Told = { key: 'setting.given.no_json' };
  return configIssue('malbeot.config.json', 'setting.wrong', {
    source: sourceName('config-file'),
    given,
    allowed,
  });
}

/** Every name under which the setting can be given, its own first. */
export function namesOf(name: SettingName): readonly string[] {
  return [name, ...settingInfo(name).aliases];
}

/** The value of `name` in the strongest source that has one; null when none has. Adds to `issues` what can't be read. */
export function findValue(
  name: SettingName,
  layers: readonly Layer[],
  files: { readonly cwd: string; readonly readFile: ReadFile },
  issues: ConfigIssue[],
): GivenValue | null {
  for (const { source, values } of layers) {
    const direct = namesOf(name).find((candidate) => isGiven(values[candidate]));
    const byFile =
      settingInfo(name).secret === 'no'
        ? undefined
        : namesOf(name).find((candidate) => isGiven(values[`${candidate}_FILE`]));
    if (direct !== undefined && byFile !== undefined) {
      issues.push(
        configIssue(direct, 'setting.twice', {
          source: sourceName(source),
          file: `${byFile}_FILE`,
        }),
      );
    }
    if (direct !== undefined) return { value: values[direct], source, via: direct === name ? null : direct };
    if (byFile === undefined) continue;
    const given = values[`${byFile}_FILE`];
    const path = typeof given === 'string' ? resolve(files.cwd, given.trim()) : '';
    const text = path === '' ? null : tryToRead(files.readFile, path);
    if (text !== null) return { value: text.replace(/\r?\n$/, ''), source, via: `${byFile}_FILE` };
    issues.push(
      configIssue(`${byFile}_FILE`, 'setting.unread_file', {
        source: sourceName(source),
        given: JSON.stringify(given),
      }),
    );
    return { value: undefined, source, via: `${byFile}_FILE` };
  }
  return null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

const knownNames: readonly string[] = settingNames.flatMap((name) =>
  namesOf(name).flatMap((known) => withFile(name, known)),
);

function withFile(name: SettingName, known: string): readonly string[] {
  return settingInfo(name).secret === 'no' ? [known] : [known, `${known}_FILE`];
}

/**
 * Names that stand for nothing: errors in `malbeot.config.json` and among flags, which are ours alone; warnings for
 * `MALBEOT_…` elsewhere, because an environment holds many names that are not ours.
 */
export function findUnknownNames(layers: readonly Layer[]): {
  errors: ConfigIssue[];
  warnings: ConfigIssue[];
} {
  const errors: ConfigIssue[] = [];
  const warnings: ConfigIssue[] = [];
  for (const { source, values } of layers) {
    const strict = source === 'config-file' || source === 'flag';
    for (const name of Object.keys(values)) {
      if (knownNames.includes(name) || (source === 'config-file' && name === '$schema')) continue;
      if (!strict && !name.startsWith('MALBEOT_')) continue;
      const near = nearest(name, knownNames);
      const allowed: Told =
        near === null
          ? { key: 'setting.allowed.known' }
          : { key: 'setting.allowed.nearest', values: { nearest: near } };
      const key = strict ? 'setting.unknown' : 'setting.warning.unknown';
      (strict ? errors : warnings).push(configIssue(name, key, { source: sourceName(source), allowed }));
    }
  }
  return { errors, warnings };
}
