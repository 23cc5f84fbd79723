import { AbortedError } from '../../lib/abort.ts';
import type { VoiceActivityDetector } from '../../providers/spec/vad.ts';

/**
 * A detector that knows a voice when it hears one, and takes a cough for one at first.
 *
 * @param speech How sure it is of the sound that comes in just now.
 */
export function createSimulatedDetector(speech: () => number): VoiceActivityDetector {
  return {
    kind: 'vad',
    info: {
      id: 'fake_vad',
      name: 'Simulated detector',
      cost: 'free',
      local: true,
      standIn: true,
      languages: [],
      needs: '',
    },
    availability: () => ({ available: true }),
    frameSamples: 512,
    open: () => ({
      accept: (_frame, signal) =>
        signal.aborted ? Promise.reject(new AbortedError(signal.reason)) : Promise.resolve(speech()),
      close: () => {},
    }),
  };
}
