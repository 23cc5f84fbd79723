import { modelFiles, type ModelManifest } from '../providers/sherpa/speech-host-protocol.ts';
import { verifyModel } from './verify-model.ts';

/** Loaded models, each once. */
export interface ModelCache<Model, Loaded> {
  /**
   * Loads the model where that has not happened, after its files were verified; one that failed is tried again at the next
   * call. Who asks for it holds it until `release`.
   */
  hold(model: Model): Promise<{ readonly loaded: Loaded; release(): void }>;
  /** Gives the model up, once nobody holds it. One that is not loaded is none. */
  unload(id: string): Promise<void>;
  /** How many models are loaded or being loaded. */
  readonly size: number;
}

interface Entry<Loaded> {
  readonly loading: Promise<Loaded>;
  holders: number;
  /** Called when the last holder has left. */
  onFree: (() => void)[];
}

/** `free` gives back at once what the garbage collector would give back later. */
export function createModelCache<Model extends ModelManifest, Loaded>(
  load: (model: Model) => Promise<Loaded>,
  free: (loaded: Loaded) => void = () => {},
): ModelCache<Model, Loaded> {
  const entries = new Map<string, Entry<Loaded>>();

  function enter(model: Model): Entry<Loaded> {
    const known = entries.get(model.id);
    if (known !== undefined) return known;
    const loading = verifyModel(model.id, modelFiles(model)).then(() => load(model));
    const entry: Entry<Loaded> = { loading, holders: 0, onFree: [] };
    entries.set(model.id, entry);
    loading.catch(() => {
      if (entries.get(model.id) === entry) entries.delete(model.id);
    });
    return entry;
  }

  return {
    async hold(model) {
      const entry = enter(model);
      entry.holders += 1;
      let held = true;
      const release = () => {
        if (!held) return;
        held = false;
        entry.holders -= 1;
        if (entry.holders === 0) for (const tell of entry.onFree.splice(0)) tell();
      };
      try {
        return { loaded: await entry.loading, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    async unload(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      // Who asks from now on loads it anew.
      entries.delete(id);
      if (entry.holders > 0) await new Promise<void>((resolve) => entry.onFree.push(resolve));
      await entry.loading.then(free, () => {});
    },
    get size() {
      return entries.size;
    },
  };
}
