import type { Language } from '@malbeot/protocol';

import { SettingsError } from '../node/settings-error.ts';
import { WavFileError } from '../terminal/wav-files.ts';
import { wordsOf } from '../terminal/words-of.ts';
import { languageWanted, parseCommandLine, UsageError } from './arguments.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { runKiosk } from './run-kiosk.ts';
import { runSend } from './run-send.ts';
import type { Surroundings } from './surroundings.ts';
import { helpText, usageText } from './usage-text.ts';

/** Runs the command that was typed. Never throws: what goes wrong is told in the reader's language. */
export async function runCommandLine(surroundings: Surroundings): Promise<ExitCode> {
  const { args, env, output, errors, interrupted } = surroundings;
  const language: Language = languageWanted(args, env) ?? 'ko';
  try {
    const command = parseCommandLine(args);
    switch (command.command) {
      case 'help':
        output.write(helpText(command.about, language));
        return exitCodes.done;
      case 'version':
        output.write(`${await surroundings.version()}\n`);
        return exitCodes.done;
      case 'send':
        return await runSend(command, surroundings, language);
      case 'kiosk':
        return await runKiosk(command, surroundings, language);
    }
  } catch (error) {
    if (interrupted.aborted) return exitCodes.interrupted;
    if (error instanceof UsageError) {
      errors.write(usageText(error.problem, language));
      return exitCodes.usage;
    }
    if (error instanceof SettingsError || error instanceof WavFileError) {
      errors.write(`${error.message}\n`);
      return exitCodes.usage;
    }
    errors.write(`${wordsOf(language).failed}\n`);
    return exitCodes.refused;
  }
}
