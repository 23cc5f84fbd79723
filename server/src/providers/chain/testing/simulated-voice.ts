import { ProviderError, type ProviderInfo } from '../../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../spec/tts.ts';
import { plainLengthMs } from '../said.ts';
import { wordNumber } from './numbered-text.ts';
import { aboutSimulated, begin, type SimulatedOptions } from './simulated-fault.ts';

const RATE = 8_000;
const PIECE_MS = 100;
/** A piece of 100 ms takes so long to make. */
const PIECE_WORK_MS = 20;
const PAUSE_MS = 200;

/**
 * A voice that lives by a manual clock. Every sample of a word is `1,000 x voice + 1 + place of the word in the text`, so that
 * a listener can tell who said what; in a pause, which is all but silent, it is the number of the voice.
 */
export class SimulatedVoice implements TextToSpeech {
  readonly kind = 'tts';
  readonly info: ProviderInfo;
  readonly revision = '1';
  readonly #options: SimulatedOptions;
  readonly #number: number;
  readonly #slowness: number;
  readonly givesTimes: boolean;

  constructor(
    options: SimulatedOptions & {
      readonly number: number;
      readonly slowness: number;
      readonly givesTimes: boolean;
    },
  ) {
    this.info = aboutSimulated(options.id);
    this.#options = options;
    this.#number = options.number;
    this.#slowness = options.slowness;
    this.givesTimes = options.givesTimes;
  }

  availability() {
    return { available: true } as const;
  }

  voices() {
    return [{ id: 'only', name: 'Only', languages: [] }];
  }

  /** How long this voice takes for `word`: no two words alike, as in life. */
  wordMs(word: string): number {
    const unevenness = 0.85 + ((wordNumber(word) * 37) % 31) / 100;
    return Math.round(plainLengthMs(word) * this.#slowness * unevenness);
  }

  async *synthesize({ text }: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    const fault = this.#options.nextFault();
    await begin(this.#options, fault, signal);
    if (fault?.kind === 'mute') return;
    let pieces = 0;
    for (const chunk of this.#say(text)) {
      if (chunk.type === 'audio') {
        if (pieces === fault?.amount) {
          if (fault.kind === 'die') throw new ProviderError('failed', this.info.id, 'died');
          if (fault.kind === 'stall') await new Promise(() => {});
          if (fault.kind === 'garbage') yield { ...chunk, sampleRate: Number.NaN };
        }
        if (pieces++ > 0) await this.#options.clock.sleep(PIECE_WORK_MS, signal);
      }
      yield chunk;
    }
    if (fault?.kind === 'die') throw new ProviderError('failed', this.info.id, 'died at the end');
    if (fault?.kind === 'stall') await new Promise(() => {});
  }

  *#say(text: string): Generator<SpeechChunk, void, void> {
    let startMs = 0;
    const sound = function* (value: number, lengthMs: number): Generator<SpeechChunk, void, void> {
      for (let left = lengthMs; left > 0; left -= PIECE_MS) {
        const samples = new Int16Array((Math.min(left, PIECE_MS) * RATE) / 1_000).fill(value);
        yield { type: 'audio', samples, sampleRate: RATE };
      }
    };
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      if (this.givesTimes) yield { type: 'word', text: word, startMs, textOffset: index };
      const lengthMs = this.wordMs(word);
      yield* sound(this.#number * 1_000 + 1 + wordNumber(word), lengthMs);
      startMs += lengthMs;
      if (!/[.,?!]$/.test(word)) continue;
      if (this.givesTimes) yield { type: 'phoneme', symbol: '', startMs };
      yield* sound(this.#number, PAUSE_MS);
      startMs += PAUSE_MS;
    }
  }
}
