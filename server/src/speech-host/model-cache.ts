import type { ModelManifest } from '../providers/sherpa/speech-host-protocol.ts';
import { verifyModel } from './verify-model.ts';

/** Loads each model once, after its files were verified; one that failed is tried again at the next call. */
export function createModelCache<Loaded>(
  load: (model: ModelManifest) => Promise<Loaded>,
): (model: ModelManifest) => Promise<Loaded> {
  const loaded = new Map<string, Promise<Loaded>>();
  return (model) => {
    const known = loaded.get(model.id);
    if (known !== undefined) return known;
    const loading = verifyModel(model.id, Object.values(model.files)).then(() => load(model));
    loaded.set(model.id, loading);
    loading.catch(() => loaded.delete(model.id));
    return loading;
  };
}
