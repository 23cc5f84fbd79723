import { makeWav, type WavRecipe } from './make-wav.ts';
import { whiteNoise } from './noise.ts';
import { seededRandom } from './random.ts';

type Random = () => number;
type Mutation = (bytes: Buffer, random: Random) => Buffer;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Values that break arithmetic on sizes. */
const NASTY_SIZES = [
  0, 1, 2, 7, 15, 16, 17, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];
const CHUNK_IDS = [
  'RIFF',
  'RIFX',
  'RF64',
  'BW64',
  'WAVE',
  'fmt ',
  'data',
  'LIST',
  'ds64',
  'fact',
  'OggS',
  'ID3\u0003',
];

const flipBits: Mutation = (bytes, random) => {
  const flipped = Buffer.from(bytes);
  // Half of the flips go to the header, where they matter.
  for (let count = 1 + below(random, 16); count > 0 && flipped.length > 0; count--) {
    const at = below(random, random() < 0.5 ? Math.min(64, flipped.length) : flipped.length);
    flipped[at]! ^= 1 << below(random, 8);
  }
  return flipped;
};

const truncate: Mutation = (bytes, random) =>
  bytes.subarray(0, below(random, random() < 0.5 ? Math.min(80, bytes.length + 1) : bytes.length + 1));

const lieAboutSize: Mutation = (bytes, random) => {
  const lying = Buffer.from(bytes);
  const places = [
    4,
    ...['fmt ', 'data', 'LIST', 'bext', 'fact'].map((id) => lying.indexOf(id, 12, 'latin1') + 4),
  ].filter((at) => at > 3 && at + 4 <= lying.length);
  const at = places[below(random, places.length)];
  if (at === undefined) return lying;
  const near = (lying.readUInt32LE(at) + below(random, 9) - 4) >>> 0;
  lying.writeUInt32LE(random() < 0.7 ? NASTY_SIZES[below(random, NASTY_SIZES.length)]! : near, at);
  return lying;
};

/** A 16-bit or 32-bit field of the format chunk set to something extreme. */
const spoilFormat: Mutation = (bytes, random) => {
  const spoiled = Buffer.from(bytes);
  const at = spoiled.indexOf('fmt ', 12, 'latin1') + 8;
  if (at < 8 || at + 16 > spoiled.length) return spoiled;
  const value = NASTY_SIZES[below(random, NASTY_SIZES.length)]!;
  const field = [0, 2, 4, 8, 12, 14][below(random, 6)]!;
  if (field === 4 || field === 8) spoiled.writeUInt32LE(value, at + field);
  else spoiled.writeUInt16LE(value & 0xffff, at + field);
  return spoiled;
};

const spliceId: Mutation = (bytes, random) => {
  const id = Buffer.from(CHUNK_IDS[below(random, CHUNK_IDS.length)]!, 'latin1');
  const at = below(random, Math.min(bytes.length + 1, 120));
  const after = random() < 0.5 ? at : at + id.length;
  return Buffer.concat([bytes.subarray(0, at), id, bytes.subarray(after)]);
};

const cutOut: Mutation = (bytes, random) => {
  const at = below(random, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 64))]);
};

const repeatStretch: Mutation = (bytes, random) => {
  const at = below(random, bytes.length + 1);
  const stretch = bytes.subarray(at, at + 1 + below(random, 64));
  return Buffer.concat([bytes.subarray(0, at), stretch, stretch, bytes.subarray(at)]);
};

const fillWith: Mutation = (bytes, random) => {
  const filled = Buffer.from(bytes);
  const at = below(random, filled.length + 1);
  // 0x7FC0… and 0xFF… are NaN as floats.
  return filled.fill(
    [0x00, 0xff, 0x7f, 0x80][below(random, 4)]!,
    at,
    Math.min(filled.length, at + 1 + below(random, 256)),
  );
};

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  truncate,
  lieAboutSize,
  spoilFormat,
  spliceId,
  cutOut,
  repeatStretch,
  fillWith,
];

/** `bytes` with one to four kinds of damage; the same seed gives the same damage. Grows by a few hundred bytes at most. */
export function mutateWav(bytes: Buffer, seed: number): Buffer {
  const random = seededRandom(seed);
  let mutated = bytes;
  for (let count = 1 + below(random, 4); count > 0; count--) {
    mutated = MUTATIONS[below(random, MUTATIONS.length)]!(mutated, random);
  }
  return mutated;
}

/** Small whole WAV files, one of every kind that is accepted: what mutation starts from. */
export function wavCorpus(): Buffer[] {
  const noise = whiteNoise(400, -20);
  const kinds: readonly Pick<WavRecipe, 'coding' | 'bits'>[] = [
    { coding: 'pcm', bits: 8 },
    { coding: 'pcm', bits: 16 },
    { coding: 'pcm', bits: 24 },
    { coding: 'pcm', bits: 32 },
    { coding: 'float', bits: 32 },
    { coding: 'float', bits: 64 },
    { coding: 'alaw', bits: 8 },
    { coding: 'mulaw', bits: 8 },
  ];
  return kinds.flatMap((kind, index) => [
    makeWav({ ...kind, sampleRate: 16_000, channels: [noise] }),
    makeWav({
      ...kind,
      sampleRate: [8_000, 22_050, 44_100, 48_000][index % 4]!,
      channels: [noise, noise],
      extraChunks: true,
    }),
    makeWav({ ...kind, sampleRate: 192_000, channels: [noise, noise, noise], extensible: true }),
    makeWav({ ...kind, sampleRate: 11_025, channels: [noise], dataSize: 0xffff_ffff, riffSize: 0xffff_ffff }),
  ]);
}
