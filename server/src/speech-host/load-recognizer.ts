import { HostError } from '../lib/child-host-channel.ts';
import type { EarManifest } from '../providers/sherpa/speech-host-protocol.ts';
import { loadOfflineRecognizer } from './offline-recognizer.ts';
import { loadOnlineRecognizer } from './online-recognizer.ts';
import type { Recognizer } from './recognizer.ts';

/**
 * Loads a verified model of any family of ears.
 *
 * @throws {HostError} `unavailable` when the model can't be loaded, `invalid_input` for a family that is not known.
 */
export async function loadRecognizer(model: EarManifest): Promise<Recognizer> {
  try {
    return model.family === 'streaming-zipformer'
      ? loadOnlineRecognizer(model)
      : await loadOfflineRecognizer(model);
  } catch (error) {
    if (error instanceof HostError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HostError('unavailable', `Model ${model.id} can not be loaded: ${reason}`);
  }
}
