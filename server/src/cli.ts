import type { Language } from '@malbeot/protocol';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CreatedKey, KeySummary, NewKey } from './accounts/keys.ts';
import { ConfigError } from './config/config-error.ts';
import type { LoadedConfig } from './config/load.ts';
import { tell, type Words } from './config/told.ts';
import { AppError } from './errors/app-error.ts';
import type { InstalledModel } from './models/installed-model.ts';
import type { ListedModel } from './models/listed-model.ts';
import type { CommandOutcome } from './models/models-terminal.ts';
import type { VerifiedModel } from './models/verify-model.ts';
import { describeFindings, type Finding } from './operations/doctor.ts';
import {
  describeConfig,
  describeKeys,
  describeMigrations,
  describeModels,
  describeVerified,
} from './operations/reports.ts';
import type { MigrationState } from './storage/migrator.ts';

/** How a command ended, for the shell. */
export const exitCodes = {
  done: 0,
  /** It did not work; `doctor`: something has to be repaired; `models verify`: a file is not what it should be. */
  failed: 1,
  /** Called in a way it does not know, or not in this version yet. */
  usage: 2,
  wrongSettings: 3,
} as const;

const outcomes: Readonly<Record<CommandOutcome, number>> = {
  done: exitCodes.done,
  failed: exitCodes.failed,
  usage: exitCodes.usage,
};

/** Settings from the command line, by name, for `loadConfig({ flags })`. */
export type Flags = Readonly<Record<string, string>>;

/** What the commands do. Each loads the settings for itself; a wrong one is thrown as ConfigError. */
export interface CliActions {
  /** Serves until it is told to stop; answers the exit code. */
  serve(flags: Flags): Promise<number>;
  /** Works on jobs until it is told to stop; answers the exit code. */
  worker(flags: Flags): Promise<number>;
  /** Only looks: makes no secrets and no folder. */
  config(flags: Flags): Promise<LoadedConfig>;
  /** Writes the files that are made from the code; answers their paths. */
  writeDocs(): Promise<readonly string[]>;
  doctor(flags: Flags): Promise<readonly Finding[]>;
  migrationStatus(flags: Flags): Promise<readonly MigrationState[]>;
  /** Runs what is pending; answers the names. */
  migrateForward(flags: Flags): Promise<readonly string[]>;
  /** Takes the last `steps` back; answers the names. */
  migrateBack(flags: Flags, steps: number): Promise<readonly string[]>;
  /** Every model there is, here or not. */
  listModels(flags: Flags): Promise<readonly ListedModel[]>;
  /** Models that are here. */
  modelsHere(flags: Flags): Promise<readonly InstalledModel[]>;
  /** Talks with the person by itself. `isAgreed` where the licences were agreed to beforehand. */
  pullModels(flags: Flags, ids: readonly string[], isAgreed: boolean): Promise<CommandOutcome>;
  removeModels(flags: Flags, ids: readonly string[], isAgreed: boolean): Promise<CommandOutcome>;
  verifyModels(flags: Flags, models: readonly InstalledModel[]): Promise<readonly VerifiedModel[]>;
  createKey(flags: Flags, key: NewKey): Promise<CreatedKey>;
  listKeys(flags: Flags): Promise<readonly KeySummary[]>;
  revokeKey(flags: Flags, id: string): Promise<boolean>;
}

export interface CliTerminal {
  readonly language: Language;
  readonly version: string;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly complain: (line: string) => void;
}

interface SettingOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly profile?: string;
  readonly logLevel?: string;
  readonly preload?: boolean;
  readonly set?: Flags;
}

/**
 * Runs the command that `argv` (without node and script) names, `serve` when it names none, and answers the exit code.
 * Wrong usage, wrong settings and errors with a code are told in words; anything else is a bug and is thrown.
 */
export async function runCli(
  argv: readonly string[],
  actions: CliActions,
  terminal: CliTerminal,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram(actions, terminal, (code) => void (exitCode = code));
  const unknown = unknownCommand(program, argv);
  if (unknown !== null) {
    const known = program.commands.map((command) => command.name()).join(', ');
    terminal.complain(
      tell(terminal.language, { key: 'command.unknown', values: { command: unknown, known } }),
    );
    return exitCodes.usage;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof ConfigError) {
      terminal.complain(error.explain(terminal.language));
      return exitCodes.wrongSettings;
    }
    if (error instanceof AppError) {
      terminal.complain(error.message);
      return exitCodes.failed;
    }
    throw error;
  }
}

/** What `argv` names first where that is no command; Commander would take it for an argument of `serve`. */
function unknownCommand(program: Command, [first]: readonly string[]): string | null {
  if (first === undefined || first.startsWith('-') || first === 'help') return null;
  return program.commands.some((command) => command.name() === first) ? null : first;
}

function createProgram(actions: CliActions, terminal: CliTerminal, end: (exitCode: number) => void): Command {
  const { language, print, complain } = terminal;
  const say = (words: Words) => print(tell(language, words));
  const notYet = (command: string) => {
    complain(tell(language, { key: 'command.later', values: { command } }));
    end(exitCodes.usage);
  };

  const program = new Command('malbeot')
    .description('말벗: a self-hosted server for voice experiences')
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => complain(text.trimEnd()),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong usage or not in this version, 3 wrong settings.',
    );
  const command = (parent: Command, name: string, description: string, options?: { isDefault: boolean }) =>
    withSettings(parent.command(name, options).description(description));

  command(program, 'serve', 'serve pages and API (when no command is named)', { isDefault: true })
    .option('--preload', 'PRELOAD: load ears and voice at the start')
    .action(async (options: SettingOptions) => end(await actions.serve(toFlags(options))));
  command(program, 'worker', 'work on jobs without serving').action(async (options: SettingOptions) =>
    end(await actions.worker(toFlags(options))),
  );

  command(program, 'config', 'print the settings in force and where each came from')
    .addOption(
      new Option('--write-docs', 'write .env.example, docs/configuration.md and docs/errors.md').hideHelp(),
    )
    .action(async ({ writeDocs, ...options }: SettingOptions & { writeDocs?: boolean }) => {
      if (writeDocs !== true) return print(describeConfig(await actions.config(toFlags(options)), language));
      for (const file of await actions.writeDocs()) say({ key: 'config.written', values: { file } });
    });

  command(program, 'doctor', 'check every configured part and say what to do').action(
    async (options: SettingOptions) => {
      const findings = await actions.doctor(toFlags(options));
      print(describeFindings(findings, language));
      if (findings.some(({ status }) => status === 'fail')) end(exitCodes.failed);
    },
  );

  command(program, 'migrate', 'bring the tables of the database up to date')
    .addOption(new Option('--status', 'only say what is pending').conflicts('down'))
    .addOption(new Option('--down [steps]', 'take the last migrations back').argParser(readSteps).preset('1'))
    .action(async ({ status, down, ...options }: SettingOptions & { status?: boolean; down?: number }) => {
      const flags = toFlags(options);
      if (status === true) return print(describeMigrations(await actions.migrationStatus(flags), language));
      const names =
        down === undefined ? await actions.migrateForward(flags) : await actions.migrateBack(flags, down);
      const done = down === undefined ? 'command.migrate.done' : 'command.migrate.undone';
      for (const name of names) say({ key: done, values: { name } });
      if (names.length === 0)
        say({ key: down === undefined ? 'command.migrate.none' : 'command.migrate.nothing_back' });
    });

  for (const later of ['backup', 'restore']) {
    command(program, later, `${later} the data (in a later version)`)
      .argument('[words...]')
      .allowUnknownOption()
      .action(() => notYet(later));
  }

  const models = program.command('models').description('local models: ears, voices and what hears turn ends');
  command(models, 'list', 'list the models that are here, and those that can be pulled')
    .option('--json', 'for programs')
    .action(async ({ json, ...options }: SettingOptions & { json?: boolean }) => {
      const listed = await actions.listModels(toFlags(options));
      print(json === true ? JSON.stringify(listed, null, 2) : describeModels(listed, language));
    });
  command(models, 'pull', 'fetch models, check them and put them in place')
    .argument('<id...>')
    .option('-y, --yes', 'agree to their licences without being asked')
    .action(async (ids: readonly string[], { yes, ...options }: SettingOptions & { yes?: boolean }) =>
      end(outcomes[await actions.pullModels(toFlags(options), ids, yes === true)]),
    );
  command(models, 'verify', 'check size and content of the models that are here')
    .argument('[id...]')
    .action(async (ids: readonly string[], options: SettingOptions) => {
      const all = await actions.modelsHere(toFlags(options));
      const unknown = ids.find((id) => !all.some((model) => model.id === id));
      if (unknown !== undefined) {
        const known = all.map((model) => model.id).join(', ');
        complain(tell(language, { key: 'models.not_here', values: { id: unknown, known } }));
        return end(exitCodes.usage);
      }
      const wanted = ids.length === 0 ? all : all.filter((model) => ids.includes(model.id));
      const verified = await actions.verifyModels(toFlags(options), wanted);
      print(describeVerified(verified, language));
      if (verified.some(({ problems }) => problems.length > 0)) end(exitCodes.failed);
    });
  command(models, 'remove', 'remove models, and what interrupted pulls have left')
    .argument('<id...>')
    .option('-y, --yes', 'remove without being asked')
    .action(async (ids: readonly string[], { yes, ...options }: SettingOptions & { yes?: boolean }) =>
      end(outcomes[await actions.removeModels(toFlags(options), ids, yes === true)]),
    );

  const keys = program.command('keys').description('API keys of programs and device keys of kiosks');
  command(keys, 'create', 'make a key and show it once')
    .requiredOption('--name <name>', 'what lists call it')
    .option('--device', 'a device key, for a kiosk')
    .option('--kiosk <id>', 'the kiosk that a device key stands for')
    .action(
      async ({
        name,
        device,
        kiosk,
        ...options
      }: SettingOptions & { name: string; device?: boolean; kiosk?: string }) => {
        if ((device === true) !== (kiosk !== undefined)) {
          complain(tell(language, { key: 'command.keys.device_needs_kiosk' }));
          return end(exitCodes.usage);
        }
        const wanted: NewKey =
          kiosk === undefined ? { kind: 'api', name } : { kind: 'device', name, kioskId: kiosk };
        const made = await actions.createKey(toFlags(options), wanted);
        print(`${made.id}\n${made.key}`);
        complain(tell(language, { key: 'command.keys.made' }));
      },
    );
  command(keys, 'list', 'list the keys, without the keys themselves').action(
    async (options: SettingOptions) =>
      print(describeKeys(await actions.listKeys(toFlags(options)), language)),
  );
  command(keys, 'revoke', 'end a key')
    .argument('<id>')
    .action(async (id: string, options: SettingOptions) => {
      if (await actions.revokeKey(toFlags(options), id))
        return say({ key: 'command.keys.revoked', values: { id } });
      complain(tell(language, { key: 'command.keys.unknown', values: { id } }));
      end(exitCodes.failed);
    });

  program
    .command('bench')
    .description('how to measure this machine')
    .action(() => say({ key: 'command.bench' }));
  return program;
}

/** Adds the options by which any command takes settings. */
function withSettings(command: Command): Command {
  return command
    .option('--port <number>', 'PORT')
    .option('--host <address>', 'HOST')
    .option('--data <folder>', 'MALBEOT_DATA')
    .option('--profile <name>', 'MALBEOT_PROFILE')
    .option('--log-level <level>', 'LOG_LEVEL')
    .option('--set <NAME=VALUE>', 'any other setting; may be given again', readSetting, {});
}

function toFlags({ port, host, data, profile, logLevel, preload, set }: SettingOptions): Flags {
  const named = {
    PORT: port,
    HOST: host,
    MALBEOT_DATA: data,
    MALBEOT_PROFILE: profile,
    LOG_LEVEL: logLevel,
    PRELOAD: preload === true ? 'on' : undefined,
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...set, ...Object.fromEntries(given) };
}

function readSetting(text: string, before: Flags): Flags {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It has to be NAME=VALUE.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function readSteps(text: string): number {
  const steps = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (steps < 1) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return steps;
}
