import { tell, type Told } from '../config/told.ts';
import { isAbort } from '../lib/abort.ts';
import { byteText, languageText } from './byte-text.ts';
import { downloadBytes, type CatalogueModel } from './catalogue.ts';
import type { FetchLimits } from './fetch-file.ts';
import { licenceText } from './licence-text.ts';
import { modelBytes, readInstalledModel } from './installed-model.ts';
import { asksYes, type CommandOutcome, type ModelsTerminal } from './models-terminal.ts';
import { PullError } from './pull-error.ts';
import { pullModel, type PullEvent } from './pull-model.ts';
import { createPullProgress } from './pull-progress.ts';
import { verifyModel } from './verify-model.ts';

export interface PullCommand {
  readonly ids: readonly string[];
  /** True where the person has agreed to the licences beforehand. */
  readonly isAgreed: boolean;
  readonly catalogue: readonly CatalogueModel[];
  /** Of all models. */
  readonly folder: string;
  readonly mirror: string | null;
  readonly offline: string | null;
  readonly terminal: ModelsTerminal;
  readonly signal: AbortSignal;
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly now: () => number;
  readonly limits?: FetchLimits;
}

/**
 * Pulls models: shows what each is, how large, and under which licence; asks; fetches. A model that is there and whole is left
 * alone, one that is damaged is fetched again.
 */
export async function pullCommand(command: PullCommand): Promise<CommandOutcome> {
  const { ids, catalogue, terminal, isAgreed, signal } = command;
  const { language, print, complain } = terminal;
  const say = (told: Told) => print(tell(language, told));
  const unknown = ids.find((id) => !catalogue.some((model) => model.id === id));
  if (unknown !== undefined) {
    const known = catalogue.map(({ id }) => id).join(', ');
    complain(tell(language, { key: 'models.unknown', values: { id: unknown, known } }));
    return 'usage';
  }
  const wanted: CatalogueModel[] = [];
  for (const model of catalogue.filter(({ id }) => ids.includes(id))) {
    const state = await stateOf(model, command);
    if (state !== 'absent') say({ key: `models.pull.${state}`, values: { id: model.id } });
    if (state !== 'here') wanted.push(model);
  }
  if (wanted.length === 0) return 'done';
  for (const model of wanted) for (const line of describeModel(model, command)) print(line);
  if (!isAgreed) {
    const { ask } = terminal;
    if (ask === null) {
      complain(tell(language, { key: 'models.pull.needs_yes', values: { ids: ids.join(' ') } }));
      return 'usage';
    }
    if (!(await asksYes({ language, ask }, { key: 'models.pull.ask' }, signal))) {
      say({ key: 'models.pull.refused' });
      return 'failed';
    }
  }
  for (const model of wanted) if (!(await pullOne(model, command))) return 'failed';
  say({ key: 'models.pull.use' });
  return 'done';
}

async function stateOf({ id }: CatalogueModel, { folder, signal }: PullCommand) {
  const installed = readInstalledModel(folder, id);
  if (installed === null) return 'absent';
  return (await verifyModel(installed, signal)).problems.length === 0 ? 'here' : 'damaged';
}

/** What a person has to know before anything is fetched. */
function describeModel(
  model: CatalogueModel,
  { terminal: { language }, mirror, offline }: PullCommand,
): readonly string[] {
  const { id, name, kind, languages, licence, sources, size, approximateBytes } = model;
  const told = (line: Told) => tell(language, line);
  const about = (bytes: number, isExact: boolean) =>
    isExact ? byteText(bytes) : told({ key: 'models.pull.about_size', values: { size: byteText(bytes) } });
  const fetched = (sources[0] ?? []).every((download) => download.size !== null);
  const hosts = sources.flat().flatMap(({ urls }) => urls.map((url) => new URL(url).host));
  const places = [
    ...(offline === null ? [] : [told({ key: 'models.pull.offline_first', values: { folder: offline } })]),
    ...(mirror === null ? [] : [new URL(mirror).host]),
    ...new Set(hosts),
  ];
  const isChecked = sources.flat().every(({ sha256 }) => sha256 !== null);
  return [
    told({
      key: 'models.pull.about',
      values: {
        name: `${id}: ${name}`,
        kind: told({ key: `models.kind.${kind}` }),
        languages: languageText(languages),
      },
    }),
    told({
      key: 'models.pull.size',
      values: {
        download: about(downloadBytes(model), fetched),
        disk: about(size ?? approximateBytes, size !== null),
      },
    }),
    told({
      key: 'models.pull.licence',
      values: { name: tell(language, licenceText(licence.name, licence.nonCommercial)), url: licence.url },
    }),
    ...(licence.restrictions === null
      ? []
      : [told({ key: 'models.pull.restrictions', values: { text: licence.restrictions[language] } })]),
    told({ key: 'models.pull.from', values: { places: places.join(' → ') } }),
    ...(isChecked ? [] : [told({ key: 'models.pull.unchecked' })]),
    '',
  ];
}

async function pullOne(model: CatalogueModel, command: PullCommand): Promise<boolean> {
  const { terminal, signal } = command;
  const { language, print, complain, rewrite } = terminal;
  const progress = createPullProgress({ language, rewrite, print, now: () => performance.now() });
  const onEvent = (event: PullEvent) => {
    progress.event(event);
    const { file } = event;
    if (event.type === 'failure') {
      progress.clear();
      const reason = tell(language, event.reason);
      complain(tell(language, { key: 'models.pull.failure', values: { file, place: event.place, reason } }));
    }
    if (event.type === 'learned') {
      progress.clear();
      print(tell(language, { key: 'models.pull.learned', values: { file, sha256: event.sha256 } }));
    }
  };
  try {
    const installed = await pullModel({ ...command, model, onEvent });
    progress.clear();
    const size = byteText(modelBytes(installed));
    print(tell(language, { key: 'models.pull.done', values: { id: model.id, size } }));
    return true;
  } catch (error) {
    progress.clear();
    if (signal.aborted || isAbort(error)) {
      complain(tell(language, { key: 'models.pull.stopped', values: { id: model.id } }));
      return false;
    }
    if (!(error instanceof PullError)) throw error;
    for (const line of error.told) complain(tell(language, line));
    return false;
  }
}
