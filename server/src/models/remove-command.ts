import { tell } from '../config/told.ts';
import { byteText } from './byte-text.ts';
import { modelBytes, readInstalledModel, readInstalledModels } from './installed-model.ts';
import { interruptedPulls } from './model-folders.ts';
import { MODEL_ID } from './model-path.ts';
import { asksYes, type CommandOutcome, type ModelsTerminal } from './models-terminal.ts';
import { PullError } from './pull-error.ts';
import { hasModelFiles, removeModel } from './remove-model.ts';

export interface RemoveCommand {
  readonly ids: readonly string[];
  /** True where the person has said yes beforehand. */
  readonly isAgreed: boolean;
  /** Ids of models that come with the server. */
  readonly builtIn: readonly string[];
  /** Of all models. */
  readonly folder: string;
  readonly terminal: ModelsTerminal;
  readonly signal: AbortSignal;
}

/** Removes models, and what interrupted pulls have left of them, after asking for each. */
export async function removeCommand(command: RemoveCommand): Promise<CommandOutcome> {
  const { ids, isAgreed, builtIn, folder, terminal, signal } = command;
  const { language, print, complain, ask } = terminal;
  for (const id of ids) {
    if (builtIn.includes(id)) {
      complain(tell(language, { key: 'models.remove.built_in', values: { id } }));
      return 'usage';
    }
    if (!MODEL_ID.test(id) || !(await hasModelFiles(folder, id))) {
      const here = [
        ...readInstalledModels(folder).map((model) => model.id),
        ...(await interruptedPulls(folder)),
      ];
      const known =
        here.length === 0 ? tell(language, { key: 'models.none' }) : [...new Set(here)].join(', ');
      complain(tell(language, { key: 'models.not_here', values: { id, known } }));
      return 'usage';
    }
  }
  if (!isAgreed && ask === null) {
    complain(tell(language, { key: 'models.remove.needs_yes', values: { ids: ids.join(' ') } }));
    return 'usage';
  }
  for (const id of ids) {
    const model = readInstalledModel(folder, id);
    const size = byteText(model === null ? 0 : modelBytes(model));
    const question = { key: 'models.remove.ask', values: { id, size } } as const;
    if (!isAgreed && ask !== null && !(await asksYes({ language, ask }, question, signal))) {
      print(tell(language, { key: 'models.remove.kept' }));
      return 'failed';
    }
    try {
      await removeModel(folder, id);
    } catch (error) {
      if (!(error instanceof PullError)) throw error;
      for (const line of error.told) complain(tell(language, line));
      return 'failed';
    }
    print(tell(language, { key: 'models.remove.done', values: { id } }));
  }
  print(tell(language, { key: 'models.remove.use' }));
  return 'done';
}
