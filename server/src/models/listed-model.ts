import { downloadBytes, type CatalogueModel } from './catalogue.ts';
import { modelBytes, type InstalledModel, type PulledModel } from './installed-model.ts';
import { modelKinds, type ModelKind } from './model-families.ts';

/** A line of `malbeot models list`. */
export interface ListedModel {
  readonly id: string;
  /** For people; null for one that the catalogue does not know. */
  readonly name: string | null;
  readonly kind: ModelKind;
  readonly languages: readonly string[];
  readonly licence: string;
  /** True where it may not be used to earn money; else left out. */
  readonly nonCommercial?: boolean;
  readonly state: 'in_use' | 'built_in' | 'pulled' | 'interrupted' | 'available';
  /** On the disk, or what it will take there. */
  readonly bytes: number;
  /** False where `bytes` is not known to the byte. */
  readonly isExact: boolean;
  /** What has to be fetched; 0 for one that is here. */
  readonly downloadBytes: number;
}

export interface ListInput {
  readonly builtIn: readonly InstalledModel[];
  readonly pulled: readonly PulledModel[];
  readonly catalogue: readonly CatalogueModel[];
  /** Ids of the models that the settings choose. */
  readonly inUse: readonly string[];
  /** Ids of models whose pull broke off. */
  readonly interrupted: readonly string[];
}

/** Every model there is: built in, pulled, and those that can be pulled, ears first, in the order of the catalogue. */
export function listModels({
  builtIn,
  pulled,
  catalogue,
  inUse,
  interrupted,
}: ListInput): readonly ListedModel[] {
  const here = (
    model: InstalledModel & Partial<Pick<PulledModel, 'name' | 'nonCommercial'>>,
    state: ListedModel['state'],
  ): ListedModel => ({
    id: model.id,
    name: catalogue.find(({ id }) => id === model.id)?.name ?? model.name ?? null,
    kind: model.kind,
    languages: model.languages,
    licence: model.licence,
    ...(model.nonCommercial === true ? { nonCommercial: true } : {}),
    state,
    bytes: modelBytes(model),
    isExact: true,
    downloadBytes: 0,
  });
  const known = catalogue.map((model): ListedModel => {
    const installed = pulled.find(({ id }) => id === model.id);
    if (installed !== undefined) return here(installed, inUse.includes(model.id) ? 'in_use' : 'pulled');
    const { id, name, kind, languages, licence, size, approximateBytes } = model;
    return {
      id,
      name,
      kind,
      languages,
      licence: licence.name,
      ...(licence.nonCommercial ? { nonCommercial: true } : {}),
      state: interrupted.includes(id) ? 'interrupted' : 'available',
      bytes: size ?? approximateBytes,
      isExact: size !== null,
      downloadBytes: downloadBytes(model),
    };
  });
  const others = pulled
    .filter(({ id }) => !catalogue.some((model) => model.id === id))
    .map((model) => here(model, inUse.includes(model.id) ? 'in_use' : 'pulled'));
  const all = [...builtIn.map((model) => here(model, 'built_in')), ...known, ...others];
  return modelKinds.flatMap((kind) => all.filter((model) => model.kind === kind));
}
