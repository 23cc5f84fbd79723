export interface WavRecipe {
  readonly coding: 'pcm' | 'float' | 'alaw' | 'mulaw';
  readonly bits: 8 | 16 | 24 | 32 | 64;
  readonly sampleRate: number;
  /** A channel each, in [-1, 1], of equal length. */
  readonly channels: readonly Float32Array[];
  readonly extensible?: boolean;
  /** Chunks before `fmt `, between it and `data`, and after `data`. */
  readonly extraChunks?: boolean;
  /** False leaves the pad byte after chunks of odd length out. */
  readonly padded?: boolean;
  /** What the header says instead of the truth. */
  readonly dataSize?: number;
  readonly riffSize?: number;
}

const TAGS = { pcm: 1, float: 3, alaw: 6, mulaw: 7 } as const;
const SUBFORMAT_TAIL = Buffer.from('000000001000800000aa00389b71', 'hex');

/** Writes a WAV file of any kind that the decoder takes, independent of the decoder. For tests and fuzzing. */
export function makeWav(recipe: WavRecipe): Buffer {
  const { padded = true, extraChunks = false } = recipe;
  const data = encodeSamples(recipe);
  const odd = chunk('LIST', Buffer.from('INFOISFTabc'), padded);
  const body = [
    Buffer.from('WAVE'),
    ...(extraChunks ? [chunk('bext', Buffer.alloc(33, 7), padded)] : []),
    chunk('fmt ', formatChunk(recipe), padded),
    ...(extraChunks ? [chunk('fact', Buffer.alloc(4), padded), odd] : []),
    chunk('data', data, padded, recipe.dataSize),
    ...(extraChunks ? [odd, chunk('id3 ', Buffer.alloc(10, 1), padded)] : []),
  ];
  const whole = Buffer.concat(body);
  const head = Buffer.alloc(8);
  head.write('RIFF');
  head.writeUInt32LE(recipe.riffSize ?? whole.length, 4);
  return Buffer.concat([head, whole]);
}

/** One chunk: id, size, contents and, for odd lengths, the pad byte. */
export function chunk(id: string, contents: Buffer, padded = true, size = contents.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(size >>> 0, 4);
  const pad = padded && contents.length % 2 === 1 ? 1 : 0;
  return Buffer.concat([head, contents, Buffer.alloc(pad)]);
}

function formatChunk({ coding, bits, sampleRate, channels, extensible = false }: WavRecipe): Buffer {
  const format = Buffer.alloc(extensible ? 40 : coding === 'pcm' ? 16 : 18);
  const frameBytes = (channels.length * bits) / 8;
  format.writeUInt16LE(extensible ? 0xfffe : TAGS[coding], 0);
  format.writeUInt16LE(channels.length, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt32LE((1 << channels.length) - 1, 20);
    format.writeUInt16LE(TAGS[coding], 24);
    SUBFORMAT_TAIL.copy(format, 26);
  }
  return format;
}

function encodeSamples({ coding, bits, channels }: WavRecipe): Buffer {
  const bytes = bits / 8;
  const frames = channels[0]?.length ?? 0;
  const data = Buffer.alloc(frames * channels.length * bytes);
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const channel of channels) {
      const sample = channel[frame]!;
      if (coding === 'float') {
        if (bits === 32) data.writeFloatLE(sample, at);
        else data.writeDoubleLE(sample, at);
      } else if (coding === 'alaw') {
        data.writeUInt8(toAlaw(sample), at);
      } else if (coding === 'mulaw') {
        data.writeUInt8(toMulaw(sample), at);
      } else if (bits === 8) {
        data.writeUInt8(Math.max(0, Math.min(255, Math.round(sample * 128) + 128)), at);
      } else {
        const top = 2 ** (bits - 1);
        data.writeIntLE(Math.max(-top, Math.min(top - 1, Math.round(sample * top))), at, bytes);
      }
      at += bytes;
    }
  }
  return data;
}

/** After the segment tables of ITU-T G.711, searched from above. */
function toAlaw(sample: number): number {
  const magnitude = Math.min(32_767, Math.abs(Math.round(sample * 32_768)));
  let exponent = 7;
  while (exponent > 0 && magnitude < 1 << (exponent + 7)) exponent--;
  const mantissa = exponent === 0 ? magnitude >> 4 : (magnitude >> (exponent + 3)) & 15;
  return ((sample >= 0 ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55;
}

function toMulaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(Math.round(sample * 32_768))) + 0x84;
  let exponent = 7;
  while (exponent > 0 && magnitude < 1 << (exponent + 7)) exponent--;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff;
}
