import { ProviderError } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE, type SpeechToText, type Transcription, type Utterance } from '../spec/stt.ts';
import { Scripted, type FakeOptions } from './script.ts';

export interface ScriptedEarsOptions extends FakeOptions {
  /** What it hears, an utterance after the other, from the start again at the end. */
  readonly hears?: readonly string[];
}

/** Ears that hear what they were told, and nothing in silence. */
export class ScriptedEars extends Scripted implements SpeechToText {
  readonly kind = 'stt';
  readonly #hears: readonly string[];
  #heard = 0;
  /** Samples of each utterance so far. */
  readonly lengths: number[] = [];

  constructor({ hears = ['불고기버거 두 개 주세요'], ...options }: ScriptedEarsOptions = {}) {
    super('fake_ears', options);
    this.#hears = hears;
  }

  transcribe({ samples, language }: Utterance, signal: AbortSignal): Promise<Transcription> {
    this.lengths.push(samples.length);
    return this.perform(signal, () => {
      if (samples.some((sample) => !Number.isFinite(sample))) {
        throw new ProviderError('invalid_input', this.info.id, 'A sample is not a finite number.');
      }
      const isSilent = samples.length < UTTERANCE_SAMPLE_RATE / 10 || isQuiet(samples);
      const text = isSilent ? '' : this.#hears[this.#heard++ % this.#hears.length]!;
      return { text, language: language ?? 'ko', confidence: isSilent ? null : 1, provider: this.info.id };
    });
  }
}

/** True for sound in which there is nothing to hear. */
export function isQuiet(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) < 0.001);
}
