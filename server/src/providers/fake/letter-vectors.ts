import type { Embedder } from '../spec/embed.ts';
import { Scripted, type FakeOptions } from './script.ts';

export interface LetterVectorsOptions extends FakeOptions {
  /** 32. */
  readonly dimensions?: number;
}

/** Vectors that count pairs of characters: texts that share words lie close to each other, meaning counts for nothing. */
export class LetterVectors extends Scripted implements Embedder {
  readonly kind = 'embed';
  readonly dimensions: number;

  constructor({ dimensions = 32, ...options }: LetterVectorsOptions = {}) {
    super('fake_vectors', options);
    this.dimensions = dimensions;
  }

  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    return this.perform(signal, () => texts.map((text) => this.#vector(text)));
  }

  #vector(text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    const padded = ` ${text} `;
    for (let place = 1; place < padded.length; place++) {
      const pair = padded.charCodeAt(place - 1) * 31 + padded.charCodeAt(place);
      vector[pair % this.dimensions]! += 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }
}
