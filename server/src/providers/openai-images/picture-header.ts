import type { GeneratedImage } from '../spec/image.ts';

export type PictureHeader = Pick<GeneratedImage, 'mediaType' | 'width' | 'height'>;

/** Type and size of a PNG, JPEG or WebP picture, from its own bytes; null for anything else and for one without a size. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const header = readPng(view) ?? readJpeg(view) ?? readWebp(view);
    return header !== null && header.width > 0 && header.height > 0 ? header : null;
  } catch (error) {
    // Read beyond its end: it was cut off.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readPng(view: DataView): PictureHeader | null {
  const isPng = view.getUint32(0) === 0x8950_4e47 && view.getUint32(4) === 0x0d0a_1a0a;
  if (!isPng || fourCc(view, 12) !== 'IHDR') return null;
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks from segment to segment to the one that begins the frame. */
function readJpeg(view: DataView): PictureHeader | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (true) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return { mediaType: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // Pixels, or the end, before any frame.
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
}

function readWebp(view: DataView): PictureHeader | null {
  if (fourCc(view, 0) !== 'RIFF' || fourCc(view, 8) !== 'WEBP') return null;
  const size = webpSize(view);
  return size === null ? null : { mediaType: 'image/webp', width: size[0], height: size[1] };
}

/** By its three codings: with losses, without, and extended. */
function webpSize(view: DataView): readonly [width: number, height: number] | null {
  switch (fourCc(view, 12)) {
    case 'VP8 ':
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 'VP8X':
      return [uint24(view, 24) + 1, uint24(view, 27) + 1];
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x1_0000;
}

function fourCc(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
