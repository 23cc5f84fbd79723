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
  const data = Buffer.alloc(count * 2);
  for (let index = 0; index < count; index++) {
    data.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / sampleRate)), index * 2);
  }
  return wavOf(data, sampleRate);
}

/** The same WAV with silence before and after. */
export function paddedWav(wav: Buffer, beforeMs: number, afterMs: number): Buffer {
  const sampleRate = wav.readUInt32LE(24);
  const silence = (ms: number) => Buffer.alloc(Math.round((ms * sampleRate) / 1000) * 2);
  return wavOf(Buffer.concat([silence(beforeMs), wav.subarray(44), silence(afterMs)]), sampleRate);
}

function wavOf(data: Buffer, sampleRate: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
