import { crc32, deflateSync } from 'node:zlib';

import type { GeneratedImage, ImageGenerator, ImageRequest } from '../spec/image.ts';
import { ProviderError } from '../spec/provider.ts';
import { Scripted, type FakeOptions } from './script.ts';

const MAX_SIDE = 4_096;

/** Draws real PNG files in one colour, which the prompt and the seed decide. */
export class PlainPictures extends Scripted implements ImageGenerator {
  readonly kind = 'image';

  constructor(options: FakeOptions = {}) {
    super('fake_pictures', options);
  }

  generate({ prompt, width, height, seed = 0 }: ImageRequest, signal: AbortSignal): Promise<GeneratedImage> {
    return this.perform(signal, () => {
      if (![width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)) {
        throw new ProviderError(
          'invalid_input',
          this.info.id,
          `${width} x ${height}: sides are 1 to ${MAX_SIDE} pixels.`,
        );
      }
      const colour = crc32(`${seed} ${prompt}`);
      const row = Buffer.alloc(1 + width * 3);
      for (let x = 0; x < width; x++) row.writeUIntBE(colour & 0xff_ffff, 1 + x * 3, 3);
      const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
      // 8 bits a channel, red, green and blue.
      header.set([8, 2], 8);
      const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      const bytes = Buffer.concat([
        signature,
        pngChunk('IHDR', header),
        pngChunk('IDAT', pixels),
        pngChunk('IEND', Buffer.alloc(0)),
      ]);
      return { bytes: new Uint8Array(bytes), mediaType: 'image/png', width, height };
    });
  }
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
