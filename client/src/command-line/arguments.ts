import type { Language } from '@malbeot/protocol';
import { parseArgs } from 'node:util';

import { settingNames, settingTable } from '../node/setting-table.ts';

/** One thing that is fed to the kiosk, in the order in which it was given. */
export type Feed =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'wav'; readonly value: string }
  /** A file of lines as they would be typed. */
  | { readonly kind: 'script'; readonly value: string };

/** Values of settings by flag name, as `loadClientSettings` takes them. */
export type SettingFlags = Readonly<Record<string, string>>;

export interface KioskCommand {
  readonly command: 'kiosk';
  readonly settings: SettingFlags;
  readonly settingsFile: string | undefined;
  readonly feeds: readonly Feed[];
  readonly plain: boolean;
  readonly json: boolean;
  /** Undefined: on where somebody sits at a terminal. */
  readonly voice: boolean | undefined;
}

export interface SendCommand {
  readonly command: 'send';
  readonly settings: SettingFlags;
  readonly settingsFile: string | undefined;
  readonly feeds: readonly Feed[];
}

export type Command =
  | KioskCommand
  | SendCommand
  | { readonly command: 'help'; readonly about: 'kiosk' | 'send' | null }
  | { readonly command: 'version' };

/** What is wrong with the command line. */
export type UsageProblem =
  | { readonly kind: 'no-command' }
  | { readonly kind: 'unknown-command'; readonly given: string }
  | { readonly kind: 'unknown-flag'; readonly given: string }
  | { readonly kind: 'no-value'; readonly given: string }
  | { readonly kind: 'needless-value'; readonly given: string }
  | { readonly kind: 'unexpected'; readonly given: string }
  | { readonly kind: 'nothing-to-send' }
  | { readonly kind: 'both'; readonly given: string };

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problem: UsageProblem;

  constructor(problem: UsageProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

const valueFlags = [
  ...settingNames.map((name) => settingTable[name].flag),
  'settings',
  'text',
  'wav',
  'script',
] as const;
const kioskSwitches = ['plain', 'json', 'voice', 'no-voice'] as const;
const everySwitch = ['help', 'version', ...kioskSwitches] as const;

/**
 * What the command line asks for.
 *
 * @throws {UsageError} that says what is wrong with it.
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries([
      ...valueFlags.map((flag) => [flag, { type: 'string' as const }]),
      ...everySwitch.map((flag) => [flag, { type: 'boolean' as const, ...shortOf(flag) }]),
    ]),
  });
  const settings: Record<string, string> = {};
  const feeds: Feed[] = [];
  const switches = new Set<string>();
  const names: string[] = [];
  let settingsFile: string | undefined;
  let isListingWavs = false;

  for (const token of tokens) {
    if (token.kind === 'positional') {
      // A shell has put many names in the place of one: --wav *.wav
      if (isListingWavs) feeds.push({ kind: 'wav', value: token.value });
      else names.push(token.value);
      continue;
    }
    isListingWavs = token.kind === 'option' && token.name === 'wav';
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (isOneOf(everySwitch, name)) {
      if (value !== undefined) throw new UsageError({ kind: 'needless-value', given: rawName });
      switches.add(name);
    } else if (!valueFlags.includes(name)) throw new UsageError({ kind: 'unknown-flag', given: rawName });
    else if (isMissing(token)) throw new UsageError({ kind: 'no-value', given: rawName });
    else if (isFeed(name)) feeds.push({ kind: name, value: value ?? '' });
    else if (name === 'settings') settingsFile = value;
    else settings[name] = value ?? '';
  }

  const [command, ...more] = names;
  if (switches.has('help')) return { command: 'help', about: aboutOf(command) };
  if (switches.has('version')) return { command: 'version' };
  if (command === undefined) throw new UsageError({ kind: 'no-command' });
  if (command === 'help') return { command: 'help', about: aboutOf(more[0]) };
  if (more[0] !== undefined) throw new UsageError({ kind: 'unexpected', given: more[0] });
  const common = { settings, settingsFile, feeds };
  switch (command) {
    case 'kiosk':
      if (switches.has('voice') && switches.has('no-voice'))
        throw new UsageError({ kind: 'both', given: '--voice, --no-voice' });
      return {
        command,
        ...common,
        plain: switches.has('plain'),
        json: switches.has('json'),
        voice: switches.has('voice') ? true : switches.has('no-voice') ? false : undefined,
      };
    case 'send': {
      const needless = kioskSwitches.find((name) => switches.has(name));
      if (needless !== undefined) throw new UsageError({ kind: 'unknown-flag', given: `--${needless}` });
      if (feeds.length === 0) throw new UsageError({ kind: 'nothing-to-send' });
      return { command, ...common };
    }
    default:
      throw new UsageError({ kind: 'unknown-command', given: command });
  }
}

/** The language that the command line or the surroundings ask for; undefined where neither does. */
export function languageWanted(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Language | undefined {
  const asked = args.findLast(
    (arg, index) => arg.startsWith('--language=') || args[index - 1] === '--language',
  );
  const given = asked?.replace('--language=', '') ?? env['MALBEOT_LANGUAGE'];
  if (given === 'ko' || given === 'en') return given;
  const locale = (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']) ?? '';
  if (/^ko\b|^ko_/i.test(locale)) return 'ko';
  return /^en\b|^en_/i.test(locale) ? 'en' : undefined;
}

/** `--server --plain`: the next option is no value. `--text=--` is one. */
function isMissing({
  value,
  inlineValue,
}: {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}): boolean {
  return value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'));
}

function shortOf(flag: string): { readonly short?: string } {
  if (flag === 'help') return { short: 'h' };
  return flag === 'version' ? { short: 'v' } : {};
}

function aboutOf(command: string | undefined): 'kiosk' | 'send' | null {
  return command === 'kiosk' || command === 'send' ? command : null;
}

function isFeed(name: string): name is Feed['kind'] {
  return name === 'text' || name === 'wav' || name === 'script';
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}
