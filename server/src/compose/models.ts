import type { Config } from '../config/config.ts';
import { readCatalogue } from '../models/catalogue.ts';
import { chooseModel } from '../models/choose-model.ts';
import { readInstalledModels, type InstalledModel, type PulledModel } from '../models/installed-model.ts';
import { listModels, type ListedModel } from '../models/listed-model.ts';
import { interruptedPulls, modelRemains } from '../models/model-folders.ts';
import type { modelFamilies, ModelFamily } from '../models/model-families.ts';
import { namedModelProblem, type NamedModelProblem } from '../models/named-model.ts';
import { demoEarModel } from '../providers/sherpa/demo-ear-model.ts';
import {
  modelFiles,
  type EarFiles,
  type EarManifest,
  type ModelFile,
  type VoiceFiles,
  type VoiceManifest,
} from '../providers/sherpa/speech-host-protocol.ts';

type Settings = Pick<Config, 'models' | 'speech'>;

/** Models that come with the server. */
export function builtInModels(): readonly InstalledModel[] {
  const model = demoEarModel();
  return [
    {
      id: model.id,
      kind: 'ears',
      languages: ['ko'],
      licence: 'Apache-2.0',
      builtIn: true,
      files: modelFiles(model),
    },
  ];
}

/** Pulled models that the settings choose, each null where there is none. */
export interface ChosenModels {
  /** For the ears `sherpa`. */
  readonly ears: PulledModel | null;
  /** For the voice `supertonic`. */
  readonly supertonic: PulledModel | null;
  /** For the voice `sherpa_tts`: of any other family that needs no recording. */
  readonly voice: PulledModel | null;
  /** For the voice `zipvoice`, which speaks like a recording. */
  readonly cloning: PulledModel | null;
  /** For `smart_turn`, which hears whether a turn has ended. */
  readonly turnEnd: PulledModel | null;
  /** What is wrong with the models that STT_MODEL and TTS_MODEL name; null where nothing is. */
  readonly problems: Readonly<Record<'ears' | 'voice', NamedModelProblem | null>>;
}

/** Reads what is pulled and chooses: what the settings name, else the best by the catalogue. Nothing is hashed. */
export function chooseModels({ models: { folder }, speech }: Settings): ChosenModels {
  const pulled = readInstalledModels(folder);
  const catalogue = readCatalogue();
  const preference = catalogue.map(({ id }) => id);
  const { earModel, voiceModel } = speech;
  const voices = pulled.filter(({ kind }) => kind === 'voice');
  const ofFamily = (family: ModelFamily) => {
    const models = voices.filter((model) => model.family === family);
    const named = models.some(({ id }) => id === voiceModel) ? voiceModel : null;
    return chooseModel(models, named, preference);
  };
  const question = {
    pulled,
    catalogue,
    builtIn: builtInModels().map(({ id }) => id),
    remains: (id: string) => modelRemains(folder, id),
  };
  return {
    ears: chooseModel(
      pulled.filter(({ kind }) => kind === 'ears'),
      earModel,
      preference,
    ),
    supertonic: ofFamily('supertonic'),
    voice: chooseModel(
      voices.filter(({ family }) => family !== 'supertonic' && family !== 'zipvoice'),
      voiceModel,
      preference,
    ),
    cloning: ofFamily('zipvoice'),
    turnEnd:
      speech.turnDetector === 'rules'
        ? null
        : chooseModel(
            pulled.filter(({ kind }) => kind === 'turn_end'),
            null,
            preference,
          ),
    problems: {
      ears: namedModelProblem({ ...question, kind: 'ears', named: earModel }),
      voice: namedModelProblem({ ...question, kind: 'voice', named: voiceModel }),
    },
  };
}

/** Everything that `malbeot models list` shows. */
export async function listAllModels(settings: Settings): Promise<readonly ListedModel[]> {
  const { folder } = settings.models;
  const { ears, supertonic, voice, cloning, turnEnd } = chooseModels(settings);
  return listModels({
    builtIn: builtInModels(),
    pulled: readInstalledModels(folder),
    catalogue: readCatalogue(),
    inUse: [ears, supertonic, voice, cloning, turnEnd].flatMap((model) => model?.id ?? []),
    interrupted: await interruptedPulls(folder),
  });
}

/** Models that are here, built in or pulled. */
export function modelsHere({ models: { folder } }: Pick<Config, 'models'>): readonly InstalledModel[] {
  return [...builtInModels(), ...readInstalledModels(folder)];
}

/** Families that the speech host runs. */
type SpeechFamily = Exclude<ModelFamily, 'smart-turn'>;
/** The roles that a pulled model of `Family` has for certain. */
type PulledFiles<Family extends ModelFamily> = Readonly<
  Record<(typeof modelFamilies)[Family]['files'][number], ModelFile>
>;
/** True for every family only while what is pulled of it is what the speech host needs. */
type Fits = {
  [Family in SpeechFamily]: PulledFiles<Family> extends (EarFiles & VoiceFiles)[Family] ? true : never;
};
const fits: Fits[SpeechFamily] = true;

/** A pulled model that hears, as the speech host wants it; `threads` may be used for one utterance. Null for one that does not. */
export function toEarManifest(model: PulledModel, threads: number): EarManifest | null {
  return model.kind === 'ears' && fits ? (written(model, threads) as EarManifest) : null;
}

/** A pulled model that speaks, as the speech host wants it; `threads` may be used for one sentence. Null for one that does not. */
export function toVoiceManifest(model: PulledModel, threads: number): VoiceManifest | null {
  return model.kind === 'voice' && fits ? (written(model, threads) as VoiceManifest) : null;
}

/** Its roles were checked when the model was read. */
function written({ id, family, roles, folders }: PulledModel, threads: number) {
  return { id, family, threads, files: { ...roles, ...folders } };
}
