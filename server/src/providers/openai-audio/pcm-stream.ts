import type { PieceDecoder } from './piece-decoder.ts';

/** Samples of 16 bits, little-endian, mono, without a header; a sample may be cut in two between pieces. */
export function createPcmStream(sampleRate: number): PieceDecoder {
  let half: number | null = null;
  return {
    push(bytes) {
      const whole = half === null ? bytes : Buffer.concat([Uint8Array.of(half), bytes]);
      half = whole.length % 2 === 1 ? whole.at(-1)! : null;
      const samples = new Int16Array(Math.floor(whole.length / 2));
      const view = new DataView(whole.buffer, whole.byteOffset, samples.length * 2);
      for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(index * 2, true);
      return samples.length === 0 ? null : { samples, sampleRate };
    },
  };
}
