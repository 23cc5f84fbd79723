import type { CatalogueModel } from './catalogue.ts';
import type { PulledModel } from './installed-model.ts';
import type { ModelFamily, ModelKind } from './model-families.ts';

/** Why the model that a setting names is not used as that setting means it, and what to do: each one or two sentences. */
export interface NamedModelProblem {
  readonly reason: string;
  readonly action: string;
}

/** Kinds of which a setting names the model. */
type NamedKind = Exclude<ModelKind, 'turn_end'>;

export interface NamedModel {
  /** STT_MODEL names ears, TTS_MODEL a voice. */
  readonly kind: NamedKind;
  /** What the setting says; null where it says nothing. */
  readonly named: string | null;
  readonly pulled: readonly Pick<PulledModel, 'id' | 'kind' | 'family'>[];
  readonly catalogue: readonly Pick<CatalogueModel, 'id' | 'kind' | 'family'>[];
  /** Ids of models that come with the server. */
  readonly builtIn: readonly string[];
  /** What the folder of models holds of a model that is not whole. */
  readonly remains: (id: string) => 'damaged' | 'interrupted' | 'nothing';
}

const SETTINGS: Readonly<Record<NamedKind, string>> = { ears: 'STT_MODEL', voice: 'TTS_MODEL' };

/** What a model is that the setting is not for. */
const OTHER: Readonly<Record<ModelKind, string>> = {
  ears: 'which hears and does not speak.',
  voice: 'which is a voice.',
  turn_end: 'which hears only whether somebody has finished.',
};

/** Voices that are providers of their own, whatever TTS_MODEL says. */
const OWN_PROVIDERS: Readonly<Partial<Record<ModelFamily, string>>> = {
  supertonic: 'supertonic',
  zipvoice: 'zipvoice',
};

/** What is wrong with the model that a setting names; null where it is used, or none is named. */
export function namedModelProblem(question: NamedModel): NamedModelProblem | null {
  const { kind, named, pulled, catalogue, builtIn, remains } = question;
  if (named === null) return null;
  const setting = SETTINGS[kind];
  const problem = (what: string, action: string) => ({
    reason: `${setting} names ${named}, ${what}`,
    action,
  });
  if (builtIn.includes(named)) {
    const action = `Leave ${setting} out: the built-in ears need no name. STT_ORDER=demo_ear asks them first.`;
    return problem('which comes with the server.', action);
  }
  const here = pulled.find(({ id }) => id === named);
  const model = here ?? catalogue.find(({ id }) => id === named);
  if (model === undefined) return problem('which is no model that this server knows.', instead(question));
  if (model.kind !== kind) {
    const meant =
      model.kind === 'turn_end'
        ? 'It is used without being named.'
        : `${SETTINGS[model.kind]} is the setting for it.`;
    return problem(OTHER[model.kind], `${meant} ${instead(question)}`);
  }
  const own = OWN_PROVIDERS[model.family];
  const leaveOut = own === undefined ? '' : ` Leave ${setting} out: the model speaks as the voice ${own}.`;
  if (here === undefined) {
    const left = remains(named);
    const what = {
      damaged: 'whose files are not whole.',
      interrupted: 'whose pull broke off.',
      nothing: 'which is not pulled.',
    }[left];
    return problem(what, `Run \`malbeot models pull ${named}\` and start again.${leaveOut}`);
  }
  return own === undefined ? null : problem(`which speaks as the voice ${own}.`, leaveOut.trim());
}

/** Which models the setting may name. */
function instead({ kind, pulled, catalogue }: NamedModel): string {
  const setting = SETTINGS[kind];
  const fits = (model: Pick<PulledModel, 'kind' | 'family'>) =>
    model.kind === kind && OWN_PROVIDERS[model.family] === undefined;
  const here = pulled.filter(fits).map(({ id }) => id);
  if (here.length > 0)
    return `Name one that is pulled (${here.join(', ')}), or leave ${setting} out for the best of them.`;
  const known = catalogue.filter(fits).map(({ id }) => id);
  return `Pull one with \`malbeot models pull\` (${known.join(', ')}), or leave ${setting} out.`;
}
