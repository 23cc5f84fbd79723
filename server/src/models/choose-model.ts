import type { PulledModel } from './installed-model.ts';

/**
 * The model to use of those that are pulled: the one named, else the one that stands first in `preference` (the catalogue,
 * best first); models that it does not name come last. Null where the named one, or any, is missing.
 */
export function chooseModel<Model extends Pick<PulledModel, 'id'>>(
  models: readonly Model[],
  named: string | null,
  preference: readonly string[],
): Model | null {
  if (named !== null) return models.find(({ id }) => id === named) ?? null;
  const rank = ({ id }: Model) => {
    const place = preference.indexOf(id);
    return place < 0 ? preference.length : place;
  };
  return models.toSorted((left, right) => rank(left) - rank(right))[0] ?? null;
}
