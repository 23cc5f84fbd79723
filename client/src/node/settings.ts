import type { Language } from '@malbeot/protocol';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import {
  settingNames,
  settingTable,
  type ClientSettings,
  type SettingName,
  type SettingValues,
} from './setting-table.ts';
import { SettingsError, type SettingProblem } from './settings-error.ts';

export interface LoadSettingsOptions {
  /** The settings file. Default: `malbeot-client.json` in the current folder, where there is one. */
  readonly file?: string | undefined;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Values by flag name without dashes: `{ 'kiosk-id': 'counter-1' }`. Other names are not looked at. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined;
  /** What relative folders of environment and flags begin from. Default: the current folder. */
  readonly folder?: string | undefined;
  /** Of the customer, where no setting names one. Default `ko`. */
  readonly defaultLanguage?: Language | undefined;
  /** Of errors. Default: what the settings say, else `ko`. */
  readonly language?: Language | undefined;
}

/** A value as it was given, and where. */
interface Given {
  readonly name: SettingName;
  /** As a person knows it: `MALBEOT_SERVER`, `--server`, `server` in a file. */
  readonly called: string;
  readonly value: unknown;
  /** What relative paths begin from. */
  readonly folder: string;
}

/**
 * The settings in force: defaults, then `malbeot-client.json`, then the environment, then flags; the later wins. An empty
 * value counts as not given.
 *
 * @throws {SettingsError} that names every wrong value, what was given and what is allowed.
 */
export async function loadClientSettings(options: LoadSettingsOptions = {}): Promise<ClientSettings> {
  const { environment = process.env, flags = {}, folder = process.cwd() } = options;
  const problems: SettingProblem[] = [];
  const fromFile = await readSettingsFile(options.file, folder, problems);
  const sources = [
    fromFile,
    settingNames.map((name) => {
      const called = settingTable[name].environment;
      return { name, called, value: environment[called], folder };
    }),
    settingNames.map((name) => {
      const { flag } = settingTable[name];
      return { name, called: `--${flag}`, value: flags[flag], folder };
    }),
  ];

  const values: { -readonly [Name in SettingName]?: SettingValues[Name] } = {};
  for (const source of sources) {
    const given = source.filter(({ value }) => value !== undefined && value !== null && value !== '');
    refuseTwoKeys(given, problems);
    for (const one of given) {
      const read = settingTable[one.name].read(one.value, one.folder);
      if (read === undefined) problems.push(problemOf(one));
      else Object.assign(values, { [one.name]: read });
      // The key and the file that holds it are one setting: the stronger source decides which.
      if (one.name === 'deviceKey') delete values.deviceKeyFile;
      if (one.name === 'deviceKeyFile') delete values.deviceKey;
    }
  }
  const deviceKey = values.deviceKey ?? (await readKeyFile(values.deviceKeyFile, problems));
  const language = options.language ?? values.language ?? 'ko';
  if (problems.length > 0) throw new SettingsError(problems, language);
  return Object.freeze({
    server: values.server ?? 'http://localhost:8080',
    kioskId: values.kioskId ?? null,
    deviceKey: deviceKey ?? null,
    language: values.language ?? options.defaultLanguage ?? 'ko',
    timeoutMs: values.timeoutMs ?? 30_000,
    maxTries: values.maxTries ?? 3,
    queueFolder: values.queueFolder ?? null,
    queueTurns: values.queueTurns ?? 1000,
    queueMegabytes: values.queueMegabytes ?? 256,
    logFolder: values.logFolder ?? null,
  });
}

const FILE_NAME = 'malbeot-client.json';

async function readSettingsFile(
  file: string | undefined,
  folder: string,
  problems: SettingProblem[],
): Promise<Given[]> {
  const path = resolve(folder, file ?? FILE_NAME);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && file === undefined) return [];
    problems.push({ called: path, given: missing ? 'missing' : 'unreadable', allowed: 'file' });
    return [];
  }
  const settings = parseObject(text);
  if (settings === null) {
    problems.push({ called: path, given: 'not-json', allowed: 'json' });
    return [];
  }
  return Object.entries(settings).flatMap(([name, value]) => {
    const called = `${name} (${path})`;
    if (isSettingName(name)) return [{ name, called, value, folder: dirname(path) }];
    problems.push({ called, given: 'unknown', allowed: 'names' });
    return [];
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingTable, name);
}

function refuseTwoKeys(given: readonly Given[], problems: SettingProblem[]): void {
  const keys = given.filter(({ name }) => name === 'deviceKey' || name === 'deviceKeyFile');
  if (keys.length === 2)
    problems.push({ called: keys.map(({ called }) => called).join(', '), given: 'both', allowed: 'one' });
}

function problemOf({ name, called, value }: Given): SettingProblem {
  const { allowed, secret } = settingTable[name];
  return { called, given: secret === true ? 'secret' : { value }, allowed };
}

async function readKeyFile(
  path: string | undefined,
  problems: SettingProblem[],
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const key = settingTable.deviceKey.read((await readFile(path, 'utf8')).trim(), '');
    if (key !== undefined) return key;
    problems.push({ called: path, given: 'secret', allowed: settingTable.deviceKey.allowed });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    problems.push({ called: path, given: missing ? 'missing' : 'unreadable', allowed: 'file' });
  }
  return undefined;
}
