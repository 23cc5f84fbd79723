import { createHash } from 'node:crypto';
import { pack, type Header } from 'tar-stream';
import type { CatalogueModel, Download } from '../catalogue.ts';
import { bzip2 } from './bzip2.ts';

export type TarEntry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

/** An archive of these entries. */
export async function tarBz2(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) {
    const isFile = (header.type ?? 'file') === 'file';
    // The same bytes in every process.
    tar.entry({ mtime: new Date(0), ...header }, isFile ? content : '');
  }
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return bzip2(Buffer.concat(pieces));
}

export const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Numbers that look like chance and are the same for the same seed, in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomBytes(length: number, seed: number): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

export interface TinyModel {
  readonly model: CatalogueModel;
  /** Bytes by the name of the download. */
  readonly served: ReadonlyMap<string, Buffer>;
  /** Bytes by the path in the model. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface TinyOptions {
  /** Address of the folder in which each download lies by its name. */
  readonly base: string;
  /** Whether the catalogue knows sizes and hashes. */
  readonly isKnown?: boolean;
}

let parts: ReturnType<typeof makeParts> | undefined;

async function makeParts() {
  const acoustic = randomBytes(40_000, 1);
  const vocoder = randomBytes(20_000, 2);
  const inArchive = new Map<string, Buffer>([
    ['acoustic.onnx', acoustic],
    ['tokens.txt', Buffer.from('a 0\nb 1\n')],
    ['espeak-ng-data/phontab', randomBytes(500, 3)],
    ['espeak-ng-data/lang/ko', Buffer.from('name Korean\n')],
  ]);
  const archive = await tarBz2([
    { name: './tiny/', type: 'directory' },
    ...[...inArchive].map(([path, content]) => ({ name: `./tiny/${path}`, content })),
    { name: './tiny/README.md', content: 'not wanted' },
  ]);
  return { inArchive, archive, vocoder };
}

/** A voice of 60 kB: an archive with a model, tokens and pronunciations, and a vocoder beside it. */
export async function tinyModel({ base, isKnown = true }: TinyOptions): Promise<TinyModel> {
  const { inArchive, archive, vocoder } = await (parts ??= makeParts());
  const files = new Map([...inArchive, ['vocoder.onnx', vocoder]]);
  const described = (path: string) => {
    const bytes = files.get(path)!;
    return { path, size: isKnown ? bytes.length : null, sha256: isKnown ? sha256(bytes) : null };
  };
  const download = (file: string, bytes: Buffer, content: Download['content']): Download => ({
    file,
    urls: [`${base}/${file}`],
    size: isKnown ? bytes.length : null,
    sha256: isKnown ? sha256(bytes) : null,
    content,
  });
  const downloads = [
    download('tiny.tar.bz2', archive, { type: 'archive', strip: 1 }),
    download('vocoder.onnx', vocoder, { type: 'file', path: 'vocoder.onnx' }),
  ];
  return {
    model: {
      id: 'tiny-voice',
      name: 'Tiny voice',
      kind: 'voice',
      family: 'matcha',
      languages: ['ko', 'en'],
      licence: {
        name: 'OpenRAIL-M',
        url: 'https://example.org/licence',
        nonCommercial: false,
        restrictions: { ko: '사람을 해치는 데 쓸 수 없어요.', en: 'It must not be used to harm people.' },
      },
      size: null,
      approximateBytes: 62_000,
      files: {
        acousticModel: described('acoustic.onnx'),
        vocoder: described('vocoder.onnx'),
        tokens: described('tokens.txt'),
      },
      folders: { dataDir: 'espeak-ng-data' },
      sources: [downloads],
    },
    served: new Map([
      ['tiny.tar.bz2', archive],
      ['vocoder.onnx', vocoder],
    ]),
    files,
  };
}
