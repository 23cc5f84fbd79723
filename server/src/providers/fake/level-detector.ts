import { AbortedError } from '../../lib/abort.ts';
import { ProviderError } from '../spec/provider.ts';
import type { VoiceActivityDetector, VoiceActivitySession } from '../spec/vad.ts';
import { Scripted, type FakeOptions } from './script.ts';

/** Takes everything loud for speech: the probability is the frame's RMS, tenfold, up to 1. */
export class LevelDetector extends Scripted implements VoiceActivityDetector {
  readonly kind = 'vad';
  readonly frameSamples = 512;

  constructor(options: FakeOptions = {}) {
    super('fake_vad', options);
  }

  open(): VoiceActivitySession {
    let isOpen = true;
    return {
      accept: (frame, signal) => {
        if (signal.aborted) return Promise.reject(new AbortedError(signal.reason));
        if (!isOpen)
          return Promise.reject(new ProviderError('unavailable', this.info.id, 'The session is closed.'));
        return this.perform(signal, () => {
          if (frame.length !== this.frameSamples) {
            const given = `The frame has ${frame.length} samples`;
            throw new ProviderError(
              'invalid_input',
              this.info.id,
              `${given}; it has to have ${this.frameSamples}.`,
            );
          }
          const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length;
          return Math.min(1, Math.sqrt(power) * 10);
        });
      },
      close: () => {
        isOpen = false;
      },
    };
  }
}
