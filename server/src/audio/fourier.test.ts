import { describe, expect, it } from 'vitest';
import { createFourier } from './fourier.ts';

describe('the Fourier transform', () => {
  /** By the definition. */
  function slowly(real: Float64Array, imaginary: Float64Array) {
    const size = real.length;
    return Array.from({ length: size }, (_, bin) => {
      let [sumReal, sumImaginary] = [0, 0];
      for (let at = 0; at < size; at++) {
        const angle = (-2 * Math.PI * ((bin * at) % size)) / size;
        sumReal += real[at]! * Math.cos(angle) - imaginary[at]! * Math.sin(angle);
        sumImaginary += real[at]! * Math.sin(angle) + imaginary[at]! * Math.cos(angle);
      }
      return [sumReal, sumImaginary] as const;
    });
  }

  it.each([1, 2, 4, 5, 8, 10, 16, 20, 25, 80, 100, 128, 256, 400, 512])(
    'of %i points is what the definition says',
    (size) => {
      const real = Float64Array.from({ length: size }, (_, at) => ((at * 7919) % 101) / 50 - 1);
      const imaginary = Float64Array.from({ length: size }, (_, at) => ((at * 104_729) % 89) / 44 - 1);
      const expected = slowly(real, imaginary);
      createFourier(size).transform(real, imaginary);
      for (const [bin, [expectedReal, expectedImaginary]] of expected.entries()) {
        expect(real[bin]).toBeCloseTo(expectedReal, 9);
        expect(imaginary[bin]).toBeCloseTo(expectedImaginary, 9);
      }
    },
  );

  it('refuses what it can not do', () => {
    expect(() => createFourier(12)).toThrow('12 has a prime factor');
    expect(() => createFourier(20).transform(new Float64Array(4), new Float64Array(20))).toThrow('20 points');
  });
});
