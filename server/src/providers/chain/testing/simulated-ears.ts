import { ProviderError, type ProviderInfo } from '../../spec/provider.ts';
import type { SpeechToText, Transcription } from '../../spec/stt.ts';
import { aboutSimulated, begin, type SimulatedOptions } from './simulated-fault.ts';

/** Ears that live by a manual clock. They hear how long it was. */
export class SimulatedEars implements SpeechToText {
  readonly kind = 'stt';
  readonly info: ProviderInfo;
  readonly #options: SimulatedOptions;

  constructor(options: SimulatedOptions) {
    this.info = aboutSimulated(options.id);
    this.#options = options;
  }

  availability() {
    return { available: true } as const;
  }

  async transcribe({ samples }: { readonly samples: Float32Array }, signal: AbortSignal) {
    const fault = this.#options.nextFault();
    await begin(this.#options, fault, signal);
    if (fault?.kind === 'garbage') return { text: 7 } as unknown as Transcription;
    if (fault?.kind === 'stall') await new Promise(() => {});
    if (fault?.kind === 'die' || fault?.kind === 'mute')
      throw new ProviderError('failed', this.info.id, 'died');
    return { text: `${samples.length}`, language: 'ko', confidence: 1, provider: this.info.id };
  }
}
