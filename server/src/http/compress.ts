import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

const runGzip = promisify(gzip);
const runBrotli = promisify(brotliCompress);

/** Below this, compression saves no packet. */
export const MIN_COMPRESSED_BYTES = 1_400;

/** Below this, compressing what is given only once takes longer than sending the rest of it. */
export const MIN_COMPRESSED_ONCE_BYTES = 8_192;

const COMPRESSIBLE =
  /^(?:text\/|application\/(?:[\w.+-]*json|javascript|xml|manifest\+json|wasm)|image\/svg\+xml)/;

/** True for types that shrink; sounds and pictures are compressed already. */
export function isCompressible(mediaType: string): boolean {
  return COMPRESSIBLE.test(mediaType) && !mediaType.startsWith('text/event-stream');
}

/** The best encoding that the client takes, or null for none. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding | null {
  if (acceptEncoding === undefined || acceptEncoding === '') return null;
  let br = false;
  let gzipped = false;
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    if (name === 'br') br = !refused;
    else if (name === 'gzip' || name === 'x-gzip') gzipped = !refused;
  }
  if (br) return 'br';
  return gzipped ? 'gzip' : null;
}

interface Compressed {
  br?: Promise<Buffer>;
  gzip?: Promise<Buffer>;
}

/** By the bytes themselves: an answer that is kept and given again is compressed once, and forgotten with it. */
const kept = new WeakMap<Uint8Array, Compressed>();

/** `bytes` in `encoding`, worked out off the main thread and kept as long as `bytes` is. */
export function compressKept(bytes: Uint8Array, encoding: Encoding): Promise<Buffer> {
  let compressed = kept.get(bytes);
  if (compressed === undefined) kept.set(bytes, (compressed = {}));
  return (compressed[encoding] ??= compress(bytes, encoding, true));
}

/** `bytes` in `encoding`. `thorough` spends more time for what is given many times. */
export function compress(bytes: Uint8Array, encoding: Encoding, thorough: boolean): Promise<Buffer> {
  if (encoding === 'gzip') return runGzip(bytes, { level: thorough ? 8 : 4 });
  return runBrotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: thorough ? 8 : 4,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}
