import { AudioError } from './audio-error.ts';

const loaded = new WeakMap<AudioContext, Map<string, Promise<void>>>();

/**
 * Brings a module into the context's audio thread, once; a failed try may be repeated.
 *
 * @throws {AudioError} `unsupported` when it can't be loaded.
 */
export function loadWorklet(context: AudioContext, url: string): Promise<void> {
  const modules = loaded.get(context) ?? new Map<string, Promise<void>>();
  loaded.set(context, modules);
  let loading = modules.get(url);
  if (loading === undefined) {
    loading = context.audioWorklet.addModule(url).catch((cause: unknown) => {
      modules.delete(url);
      throw new AudioError('unsupported', 'A module of the audio thread could not be loaded.', cause);
    });
    modules.set(url, loading);
  }
  return loading;
}
