/** The Fourier transform of complex signals of one length. Keeps its working memory from call to call. */
export interface Fourier {
  readonly size: number;
  /** Transforms `real` and `imaginary` in place. */
  transform(real: Float64Array, imaginary: Float64Array): void;
}

const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);
const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);

/** Real and imaginary part. */
type Signal = readonly [Float64Array, Float64Array];

/** One pass: `columns` butterflies of `radix` points each, for each of `stride` interleaved signals. */
interface Pass {
  readonly radix: 2 | 4 | 5;
  readonly columns: number;
  readonly stride: number;
  /** Of the points 1 to radix - 1 of each column. */
  readonly twiddles: Float64Array;
}

/**
 * Prepares transforms of `size` points: Stockham's algorithm, which needs no reordering.
 *
 * @throws {RangeError} where `size` has a prime factor other than 2 and 5.
 */
export function createFourier(size: number): Fourier {
  const passes = plan(size);
  const spareReal = new Float64Array(size);
  const spareImaginary = new Float64Array(size);
  return {
    size,
    transform(real, imaginary) {
      if (real.length !== size || imaginary.length !== size)
        throw new RangeError(`The signal has to have ${size} points.`);
      let from: Signal = [real, imaginary];
      let to: Signal = [spareReal, spareImaginary];
      for (const pass of passes) {
        PASSES[pass.radix](pass, ...from, ...to);
        [from, to] = [to, from];
      }
      if (from[0] === real) return;
      real.set(from[0]);
      imaginary.set(from[1]);
    },
  };
}

function plan(size: number): readonly Pass[] {
  const passes: Pass[] = [];
  let stride = 1;
  for (let left = size; left > 1;) {
    const radix = left % 4 === 0 ? 4 : left % 2 === 0 ? 2 : 5;
    if (left % radix !== 0)
      throw new RangeError(`${size} has a prime factor other than 2 and 5, which this transform can't do.`);
    const columns = left / radix;
    const twiddles = new Float64Array(columns * (radix - 1) * 2);
    for (let column = 0, at = 0; column < columns; column++) {
      for (let point = 1; point < radix; point++, at += 2) {
        const angle = (-2 * Math.PI * column * point) / left;
        twiddles[at] = Math.cos(angle);
        twiddles[at + 1] = Math.sin(angle);
      }
    }
    passes.push({ radix, columns, stride, twiddles });
    stride *= radix;
    left = columns;
  }
  return passes;
}

function passOfTwos(
  { columns, stride, twiddles }: Pass,
  fromReal: Float64Array,
  fromImaginary: Float64Array,
  toReal: Float64Array,
  toImaginary: Float64Array,
): void {
  const step = columns * stride;
  for (let column = 0; column < columns; column++) {
    const cos = twiddles[column * 2]!;
    const sin = twiddles[column * 2 + 1]!;
    for (let lane = 0; lane < stride; lane++) {
      const source = column * stride + lane;
      const target = column * stride * 2 + lane;
      const real = fromReal[source]! - fromReal[source + step]!;
      const imaginary = fromImaginary[source]! - fromImaginary[source + step]!;
      toReal[target] = fromReal[source]! + fromReal[source + step]!;
      toImaginary[target] = fromImaginary[source]! + fromImaginary[source + step]!;
      toReal[target + stride] = real * cos - imaginary * sin;
      toImaginary[target + stride] = real * sin + imaginary * cos;
    }
  }
}

function passOfFours(
  { columns, stride, twiddles }: Pass,
  fromReal: Float64Array,
  fromImaginary: Float64Array,
  toReal: Float64Array,
  toImaginary: Float64Array,
): void {
  const step = columns * stride;
  for (let column = 0; column < columns; column++) {
    const at = column * 6;
    const cos1 = twiddles[at]!;
    const sin1 = twiddles[at + 1]!;
    const cos2 = twiddles[at + 2]!;
    const sin2 = twiddles[at + 3]!;
    const cos3 = twiddles[at + 4]!;
    const sin3 = twiddles[at + 5]!;
    for (let lane = 0; lane < stride; lane++) {
      const source = column * stride + lane;
      const target = column * stride * 4 + lane;
      const sumReal = fromReal[source]! + fromReal[source + 2 * step]!;
      const sumImaginary = fromImaginary[source]! + fromImaginary[source + 2 * step]!;
      const differenceReal = fromReal[source]! - fromReal[source + 2 * step]!;
      const differenceImaginary = fromImaginary[source]! - fromImaginary[source + 2 * step]!;
      const oddReal = fromReal[source + step]! + fromReal[source + 3 * step]!;
      const oddImaginary = fromImaginary[source + step]! + fromImaginary[source + 3 * step]!;
      const crossReal = fromReal[source + step]! - fromReal[source + 3 * step]!;
      const crossImaginary = fromImaginary[source + step]! - fromImaginary[source + 3 * step]!;
      toReal[target] = sumReal + oddReal;
      toImaginary[target] = sumImaginary + oddImaginary;
      const real1 = differenceReal + crossImaginary;
      const imaginary1 = differenceImaginary - crossReal;
      const real2 = sumReal - oddReal;
      const imaginary2 = sumImaginary - oddImaginary;
      const real3 = differenceReal - crossImaginary;
      const imaginary3 = differenceImaginary + crossReal;
      toReal[target + stride] = real1 * cos1 - imaginary1 * sin1;
      toImaginary[target + stride] = real1 * sin1 + imaginary1 * cos1;
      toReal[target + 2 * stride] = real2 * cos2 - imaginary2 * sin2;
      toImaginary[target + 2 * stride] = real2 * sin2 + imaginary2 * cos2;
      toReal[target + 3 * stride] = real3 * cos3 - imaginary3 * sin3;
      toImaginary[target + 3 * stride] = real3 * sin3 + imaginary3 * cos3;
    }
  }
}

function passOfFives(
  { columns, stride, twiddles }: Pass,
  fromReal: Float64Array,
  fromImaginary: Float64Array,
  toReal: Float64Array,
  toImaginary: Float64Array,
): void {
  const step = columns * stride;
  for (let column = 0; column < columns; column++) {
    const at = column * 8;
    const cos1 = twiddles[at]!;
    const sin1 = twiddles[at + 1]!;
    const cos2 = twiddles[at + 2]!;
    const sin2 = twiddles[at + 3]!;
    const cos3 = twiddles[at + 4]!;
    const sin3 = twiddles[at + 5]!;
    const cos4 = twiddles[at + 6]!;
    const sin4 = twiddles[at + 7]!;
    for (let lane = 0; lane < stride; lane++) {
      const source = column * stride + lane;
      const target = column * stride * 5 + lane;
      const real0 = fromReal[source]!;
      const imaginary0 = fromImaginary[source]!;
      const outerReal = fromReal[source + step]! + fromReal[source + 4 * step]!;
      const outerImaginary = fromImaginary[source + step]! + fromImaginary[source + 4 * step]!;
      const outerCrossReal = fromReal[source + step]! - fromReal[source + 4 * step]!;
      const outerCrossImaginary = fromImaginary[source + step]! - fromImaginary[source + 4 * step]!;
      const innerReal = fromReal[source + 2 * step]! + fromReal[source + 3 * step]!;
      const innerImaginary = fromImaginary[source + 2 * step]! + fromImaginary[source + 3 * step]!;
      const innerCrossReal = fromReal[source + 2 * step]! - fromReal[source + 3 * step]!;
      const innerCrossImaginary = fromImaginary[source + 2 * step]! - fromImaginary[source + 3 * step]!;
      toReal[target] = real0 + outerReal + innerReal;
      toImaginary[target] = imaginary0 + outerImaginary + innerImaginary;
      const evenReal1 = real0 + outerReal * COS_72 + innerReal * COS_144;
      const evenImaginary1 = imaginary0 + outerImaginary * COS_72 + innerImaginary * COS_144;
      const evenReal2 = real0 + outerReal * COS_144 + innerReal * COS_72;
      const evenImaginary2 = imaginary0 + outerImaginary * COS_144 + innerImaginary * COS_72;
      const oddReal1 = outerCrossReal * SIN_72 + innerCrossReal * SIN_144;
      const oddImaginary1 = outerCrossImaginary * SIN_72 + innerCrossImaginary * SIN_144;
      const oddReal2 = outerCrossReal * SIN_144 - innerCrossReal * SIN_72;
      const oddImaginary2 = outerCrossImaginary * SIN_144 - innerCrossImaginary * SIN_72;
      const real1 = evenReal1 + oddImaginary1;
      const imaginary1 = evenImaginary1 - oddReal1;
      const real2 = evenReal2 + oddImaginary2;
      const imaginary2 = evenImaginary2 - oddReal2;
      const real3 = evenReal2 - oddImaginary2;
      const imaginary3 = evenImaginary2 + oddReal2;
      const real4 = evenReal1 - oddImaginary1;
      const imaginary4 = evenImaginary1 + oddReal1;
      toReal[target + stride] = real1 * cos1 - imaginary1 * sin1;
      toImaginary[target + stride] = real1 * sin1 + imaginary1 * cos1;
      toReal[target + 2 * stride] = real2 * cos2 - imaginary2 * sin2;
      toImaginary[target + 2 * stride] = real2 * sin2 + imaginary2 * cos2;
      toReal[target + 3 * stride] = real3 * cos3 - imaginary3 * sin3;
      toImaginary[target + 3 * stride] = real3 * sin3 + imaginary3 * cos3;
      toReal[target + 4 * stride] = real4 * cos4 - imaginary4 * sin4;
      toImaginary[target + 4 * stride] = real4 * sin4 + imaginary4 * cos4;
    }
  }
}

const PASSES = { 2: passOfTwos, 4: passOfFours, 5: passOfFives } as const;
