import { ProviderError } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo } from '../spec/tts.ts';
import { Scripted, type FakeOptions } from './script.ts';

export interface ToneVoiceOptions extends FakeOptions {
  readonly revision?: string;
  /** Of its voices, 440. */
  readonly frequencyHz?: number;
  /** Ids of its voices; one called `tone` when absent. */
  readonly voices?: readonly string[];
  readonly takesReference?: boolean;
  /** Whether it tells of words and phonemes; true. */
  readonly givesTimes?: boolean;
}

const SAMPLE_RATE = 16_000;
const WORD_MS = 200;
const MAX_CHARACTERS = 5_000;

/** A voice that says every word as a tone of 200 ms (at normal speed). */
export class ToneVoice extends Scripted implements TextToSpeech {
  readonly kind = 'tts';
  readonly revision: string;
  readonly takesReference: boolean;
  /** What it was asked, call by call. */
  readonly asked: SpeechRequest[] = [];
  readonly #frequencyHz: number;
  readonly #voices: readonly string[];
  readonly #givesTimes: boolean;

  constructor({
    revision,
    frequencyHz = 440,
    voices = ['tone'],
    takesReference = false,
    givesTimes = true,
    ...options
  }: ToneVoiceOptions = {}) {
    super('fake_voice', options);
    this.revision = revision ?? `${this.info.id}:1`;
    this.takesReference = takesReference;
    this.#frequencyHz = frequencyHz;
    this.#voices = voices;
    this.#givesTimes = givesTimes;
  }

  voices(): readonly VoiceInfo[] {
    return this.#voices.map((id) => ({ id, name: id, languages: [] }));
  }

  synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    this.asked.push(request);
    return this.performStream(signal, () => this.#speak(request));
  }

  *#speak({ text, voice, speed = 1, pitch = 1 }: SpeechRequest): Generator<SpeechChunk, void, void> {
    const refuse = (message: string) => new ProviderError('invalid_input', this.info.id, message);
    if (text.length === 0 || text.length > MAX_CHARACTERS)
      throw refuse(`The text has ${text.length} characters.`);
    if (voice !== undefined && !this.#voices.includes(voice)) throw refuse(`There is no voice "${voice}".`);
    if (!(speed >= 0.25 && speed <= 4)) throw refuse(`The speed ${speed} is not between 0.25 and 4.`);
    const wordMs = WORD_MS / speed;
    let startMs = 0;
    for (const word of text.matchAll(/\S+/g)) {
      if (this.#givesTimes) {
        yield { type: 'word', text: word[0], startMs, textOffset: word.index };
        yield { type: 'phoneme', symbol: 'ɐ', startMs };
      }
      yield { type: 'audio', samples: tone(this.#frequencyHz * pitch, wordMs), sampleRate: SAMPLE_RATE };
      startMs += wordMs;
    }
    if (this.#givesTimes) yield { type: 'phoneme', symbol: '', startMs };
  }
}

function tone(frequencyHz: number, durationMs: number): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / SAMPLE_RATE;
  return Int16Array.from({ length: Math.round((durationMs * SAMPLE_RATE) / 1000) }, (_, index) =>
    Math.round(8_000 * Math.sin(index * step)),
  );
}
