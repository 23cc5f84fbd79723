/** The samples of a mono 16-bit WAV with the plain 44-byte header that our recorder writes. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

export function readWav(bytes: Buffer): Sound {
  const head = [
    bytes.toString('latin1', 0, 4),
    bytes.readUInt16LE(20),
    bytes.readUInt16LE(22),
    bytes.readUInt16LE(34),
  ];
  if (head.join() !== 'RIFF,1,1,16') throw new Error(`Not a mono 16-bit WAV: ${head.join()}`);
  const samples = new Float32Array((bytes.length - 44) / 2);
  for (let index = 0; index < samples.length; index++)
    samples[index] = bytes.readInt16LE(44 + index * 2) / 0x8000;
  return { sampleRate: bytes.readUInt32LE(24), samples };
}

/** RMS of 20 ms around each step of 20 ms. */
export function loudness({ samples, sampleRate }: Sound): number[] {
  const length = sampleRate / 50;
  const levels: number[] = [];
  for (let from = 0; from + length <= samples.length; from += length) {
    const sum = samples.subarray(from, from + length).reduce((total, sample) => total + sample * sample, 0);
    levels.push(Math.sqrt(sum / length));
  }
  return levels;
}

/** A WAV of a 440 Hz tone. */
export function toneWav(ms: number, sampleRate = 16_000): Buffer {
  const count = Math.round((ms * sampleRate) / 1000);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + count * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index++) {
    bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / sampleRate)), 44 + index * 2);
  }
  return bytes;
}
