import { seededRandom } from '../../../audio/testing/random.ts';

export const ROOM_RATE = 16_000;

/** How the sound of a loudspeaker comes back through a microphone. */
export interface Room {
  /** From the moment the server means a sound to play to the moment its echo is received. */
  readonly delayMs: number;
  /** Echo beside what was sent, in dB. */
  readonly gainDb: number;
  /** How long the room takes to fall by 60 dB; 0 for none. */
  readonly reverbMs: number;
  /** The tail beside the direct sound, in dB. */
  readonly tailDb: number;
  /** The loudspeaker's reach. */
  readonly lowHertz: number;
  readonly highHertz: number;
  /** How hard the loudspeaker is driven: 0 is clean, 3 distorts clearly. */
  readonly drive: number;
  /** The client cancels echo: what is left swells and falls, with holes, by up to so many dB. */
  readonly residualDb: number;
  /** The player's clock is so many parts in a million fast. */
  readonly driftPpm: number;
  /** The player stalls once: from so many milliseconds on everything sounds so much later. */
  readonly stall?: { readonly atMs: number; readonly ms: number };
  readonly seed: number;
}

export const PLAIN_ROOM: Room = {
  delayMs: 120,
  gainDb: -10,
  reverbMs: 300,
  tailDb: -6,
  lowHertz: 300,
  highHertz: 6_000,
  drive: 1,
  residualDb: 0,
  driftPpm: 0,
  seed: 1,
};

/** The echo of `played` (16,000 Hz), as long as `length` samples, the delay included. */
export function echoIn(room: Room, played: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(room.seed);
  const speaker = bandLimit(drive(played, room.drive), room.lowHertz, room.highHertz);
  const late = delayed(speaker, room, length);
  const gain = 10 ** (room.gainDb / 20);
  const heard = new Float32Array(length);
  for (const { at, weight } of reflections(room, random)) {
    const factor = weight * gain;
    for (let index = at; index < length; index++) heard[index]! += late[index - at]! * factor;
  }
  if (room.residualDb > 0) leaveResidual(heard, room.residualDb, random);
  return heard;
}

function drive(samples: Float32Array, amount: number): Float32Array<ArrayBuffer> {
  if (amount === 0) return samples.slice();
  return samples.map((sample) => Math.tanh(sample * amount * 2) / (amount * 2));
}

/** Second order at both ends. */
function bandLimit(samples: Float32Array, low: number, high: number): Float32Array<ArrayBuffer> {
  const highPass = biquad(low, 'high');
  const lowPass = biquad(high, 'low');
  return Float32Array.from(samples, (sample) => lowPass(highPass(sample)));
}

/** After the Audio EQ Cookbook of R. Bristow-Johnson. */
function biquad(hertz: number, kind: 'low' | 'high'): (sample: number) => number {
  const omega = (2 * Math.PI * hertz) / ROOM_RATE;
  const alpha = Math.sin(omega) / Math.SQRT2;
  const cosine = Math.cos(omega);
  const edge = kind === 'low' ? 1 - cosine : 1 + cosine;
  const norm = 1 + alpha;
  const outer = edge / 2 / norm;
  const middle = (kind === 'low' ? edge : -edge) / norm;
  const first = (-2 * cosine) / norm;
  const second = (1 - alpha) / norm;
  let early = 0;
  let earlier = 0;
  return (sample) => {
    const output = outer * sample + early;
    early = middle * sample - first * output + earlier;
    earlier = outer * sample - second * output;
    return output;
  };
}

function delayed(samples: Float32Array, room: Room, length: number): Float32Array {
  const { delayMs, driftPpm, stall } = room;
  const output = new Float32Array(length);
  const perMs = ROOM_RATE / 1000;
  for (let index = 0; index < length; index++) {
    let from = index - delayMs * perMs;
    if (stall !== undefined && from >= stall.atMs * perMs) {
      from -= stall.ms * perMs;
      if (from < stall.atMs * perMs) continue;
    }
    from *= 1 + driftPpm / 1e6;
    const whole = Math.floor(from);
    if (whole < 0 || whole + 1 >= samples.length) continue;
    output[index] = samples[whole]! + (samples[whole + 1]! - samples[whole]!) * (from - whole);
  }
  return output;
}

/** The direct sound, three early reflections and a thin tail of random ones. */
function reflections(room: Room, random: () => number): { at: number; weight: number }[] {
  const taps = [{ at: 0, weight: 1 }];
  if (room.reverbMs === 0) return taps;
  const tailSamples = Math.round((room.reverbMs * ROOM_RATE) / 1000);
  const count = 80;
  const tail = Array.from({ length: count }, () => {
    const at = 16 + Math.floor(random() * tailSamples);
    return { at, weight: (random() < 0.5 ? -1 : 1) * 10 ** ((-60 * at) / tailSamples / 20) };
  });
  const power = tail.reduce((sum, { weight }) => sum + weight * weight, 0);
  const factor = 10 ** (room.tailDb / 20) / Math.sqrt(power);
  return [...taps, ...tail.map(({ at, weight }) => ({ at, weight: weight * factor }))];
}

/** What an echo canceller lets through: a gain that wanders every 100 ms, holes, and a crackle that was not played. */
function leaveResidual(samples: Float32Array, depthDb: number, random: () => number): void {
  const span = ROOM_RATE / 10;
  for (let from = 0; from < samples.length; from += span) {
    const hole = random() < 0.2;
    const gain = hole ? 0.1 : 10 ** ((-depthDb * random()) / 20);
    for (let index = from; index < Math.min(from + span, samples.length); index++) {
      const sample = samples[index]! * gain;
      samples[index] = sample + 3 * sample * Math.abs(sample);
    }
  }
}
