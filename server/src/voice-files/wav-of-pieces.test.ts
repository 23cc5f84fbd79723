import { expect, it } from 'vitest';
import { encodeWav } from '../audio/wav.ts';
import { wavOfPieces } from './wav-of-pieces.ts';

it('makes the file that encodeWav makes of the whole', () => {
  const whole = Int16Array.from({ length: 1_000 }, (_, index) => index * 31 - 15_000);
  const pieces = [whole.subarray(0, 1), whole.subarray(1, 400), whole.subarray(400)];
  expect(wavOfPieces(pieces, 22_050).equals(encodeWav(whole, 22_050))).toBe(true);
});
