/**
 * Loudness after Recommendation ITU-R BS.1770-4 (10/2015), Annex 1: K-weighting, mean square over blocks of 400 ms that overlap
 * by 75%, an absolute gate at -70 LKFS and a relative gate 10 LU below what passed it. One channel with weight 1.
 *
 * The annex gives the two filters for 48 kHz only. For other rates they are made anew by the bilinear transform from the analogue
 * parameters that reproduce those tables, as libebur128 (MIT, ebur128.c, `ebur128_init_filter`) does.
 */

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

const BLOCK_MS = 400;
const STEPS_PER_BLOCK = 4;
const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;

/** The two K-weighting filters (BS.1770-4, Annex 1, Tables 1 and 2) for any sample rate in hertz. */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelfTan = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf = 1 + shelfTan / shelfQ + shelfTan ** 2;
  const passTan = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const pass = 1 + passTan / passQ + passTan ** 2;
  return [
    {
      b: [
        (high + (band * shelfTan) / shelfQ + shelfTan ** 2) / shelf,
        (2 * (shelfTan ** 2 - high)) / shelf,
        (high - (band * shelfTan) / shelfQ + shelfTan ** 2) / shelf,
      ],
      a: [(2 * (shelfTan ** 2 - 1)) / shelf, (1 - shelfTan / shelfQ + shelfTan ** 2) / shelf],
    },
    {
      b: [1, -2, 1],
      a: [(2 * (passTan ** 2 - 1)) / pass, (1 - passTan / passQ + passTan ** 2) / pass],
    },
  ];
}

/** Measures sound that comes piece by piece. */
export interface LoudnessMeter {
  /** Takes the next sound, one channel in [-1, 1]. */
  push(samples: Float32Array): void;
  /**
   * Integrated loudness of all so far in LUFS; -Infinity when nothing passes the absolute gate. Sound shorter than one block is
   * measured as one block of its own length, which the recommendation leaves open.
   */
  loudness(): number;
  /** Milliseconds of what passes both gates: how much the reading rests on. */
  measuredMs(): number;
}

export function createLoudnessMeter(sampleRate: number): LoudnessMeter {
  const step = Math.round((sampleRate * BLOCK_MS) / 1000 / STEPS_PER_BLOCK);
  const addEnergy = createWeightedEnergy(sampleRate);
  /** Of the last steps that make a block together. */
  const steps: number[] = [];
  const powers: number[] = [];
  let stepEnergy = 0;
  let inStep = 0;
  let length = 0;
  let totalEnergy = 0;
  let reading: { readonly loudness: number; readonly measuredMs: number } | undefined;

  const endStep = () => {
    if (steps.push(stepEnergy) > STEPS_PER_BLOCK) steps.shift();
    if (steps.length === STEPS_PER_BLOCK) {
      powers.push(steps.reduce((sum, energy) => sum + energy, 0) / (step * STEPS_PER_BLOCK));
    }
    stepEnergy = 0;
    inStep = 0;
  };
  const read = () => {
    const shortMs = (length / sampleRate) * 1000;
    if (powers.length > 0) return gated(powers, (blocks) => ((blocks + 3) * BLOCK_MS) / STEPS_PER_BLOCK);
    return gated(length === 0 ? [] : [totalEnergy / length], () => shortMs);
  };
  return {
    push(samples) {
      reading = undefined;
      length += samples.length;
      for (let at = 0; at < samples.length;) {
        const end = Math.min(samples.length, at + step - inStep);
        const energy = addEnergy(samples, at, end);
        stepEnergy += energy;
        totalEnergy += energy;
        inStep += end - at;
        at = end;
        if (inStep === step) endStep();
      }
    },
    loudness: () => (reading ??= read()).loudness,
    measuredMs: () => (reading ??= read()).measuredMs,
  };
}

function gated(
  powers: readonly number[],
  lengthMs: (blocks: number) => number,
): { loudness: number; measuredMs: number } {
  const absolute = powerOf(ABSOLUTE_GATE);
  const first = meanAbove(powers, absolute);
  if (first.count === 0) return { loudness: -Infinity, measuredMs: 0 };
  const { mean, count } = meanAbove(powers, Math.max(absolute, first.mean * 10 ** (RELATIVE_GATE / 10)));
  return { loudness: -0.691 + 10 * Math.log10(mean), measuredMs: lengthMs(count) };
}

function powerOf(loudness: number): number {
  return 10 ** ((loudness + 0.691) / 10);
}

function meanAbove(powers: readonly number[], gate: number): { mean: number; count: number } {
  let sum = 0;
  let count = 0;
  for (const power of powers) {
    if (power <= gate) continue;
    sum += power;
    count += 1;
  }
  return { mean: sum / count, count };
}

/** The energy of the weighted sound from `from` to `end`; the filters go on where they stopped. */
function createWeightedEnergy(
  sampleRate: number,
): (samples: Float32Array, from: number, end: number) => number {
  const [shelf, pass] = kWeighting(sampleRate);
  const factors = Float64Array.of(...shelf.b, ...shelf.a, ...pass.b, ...pass.a);
  // Transposed direct form II, the two filters one after the other.
  const state = new Float64Array(4);
  return (samples, from, end) => {
    // Plain variables: what is kept outside is read anew for every sample, which takes half as long again.
    const shelfB0 = factors[0]!;
    const shelfB1 = factors[1]!;
    const shelfB2 = factors[2]!;
    const shelfA1 = factors[3]!;
    const shelfA2 = factors[4]!;
    const passB0 = factors[5]!;
    const passB1 = factors[6]!;
    const passB2 = factors[7]!;
    const passA1 = factors[8]!;
    const passA2 = factors[9]!;
    let shelf1 = state[0]!;
    let shelf2 = state[1]!;
    let pass1 = state[2]!;
    let pass2 = state[3]!;
    let energy = 0;
    for (let at = from; at < end; at++) {
      const input = samples[at]!;
      const shelved = shelfB0 * input + shelf1;
      shelf1 = shelfB1 * input - shelfA1 * shelved + shelf2;
      shelf2 = shelfB2 * input - shelfA2 * shelved;
      const passed = passB0 * shelved + pass1;
      pass1 = passB1 * shelved - passA1 * passed + pass2;
      pass2 = passB2 * shelved - passA2 * passed;
      energy += passed * passed;
    }
    state[0] = shelf1;
    state[1] = shelf2;
    state[2] = pass1;
    state[3] = pass2;
    return energy;
  };
}
