import { formatMessage } from '@malbeot/protocol/messages';
import type { Language } from '@malbeot/protocol';
import { readdirSync, statSync, createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Answer } from '../experiences/experience.ts';
import { isCompressible } from './compress.ts';
import { etagOf } from './etag.ts';
import { mediaTypeOf } from './media-types.ts';

/** The built pages. */
export interface WebFiles {
  /** The answer for `path` (as in the URL, with its leading slash), or null where there is no such file. */
  file(path: string): Promise<Answer | null>;
  /** The page that every page path gets; its script decides what to show. */
  page(): Promise<Answer>;
}

interface Entry {
  readonly path: string;
  readonly mediaType: string;
  readonly size: number;
  readonly modified: number;
}

/** The name carries a hash of the content, as Vite writes them. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;
/** Larger ones that don't shrink are read from disk for each answer. */
const MAX_KEPT_BYTES = 256 * 1024;
const LOOK_AGAIN_MS = 1_000;

/**
 * Serves a folder of built files. Paths are looked up in a list of what the folder holds, made from the folder itself, so
 * that no path can lead out of it. The list is made anew when `index.html` changes.
 */
export function createWebFiles(folder: string): WebFiles {
  let entries = new Map<string, Entry>();
  let kept = new Map<string, Promise<Answer>>();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let stamp = '';

  const lookAgain = () => {
    const now = performance.now();
    if (now - lookedAtMs < LOOK_AGAIN_MS) return;
    lookedAtMs = now;
    const index = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
    const newStamp = index === undefined ? '' : `${index.mtimeMs} ${index.size}`;
    if (newStamp === stamp && stamp !== '') return;
    stamp = newStamp;
    kept = new Map();
    entries = index === undefined ? new Map() : listFiles(folder);
  };

  const file = async (path: string): Promise<Answer | null> => {
    lookAgain();
    const entry = entries.get(path);
    if (entry === undefined) return null;
    const cacheControl = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
    if (!isCompressible(entry.mediaType) && entry.size > MAX_KEPT_BYTES) return streamed(entry, cacheControl);
    let answer = kept.get(path);
    if (answer === undefined) {
      answer = readWhole(entry, cacheControl);
      kept.set(path, answer);
      answer.catch(() => kept.delete(path));
    }
    return answer;
  };

  return {
    file,
    page: async () => (await file('/index.html')) ?? notBuilt,
  };
}

function listFiles(folder: string): Map<string, Entry> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((found) =>
    found.isFile(),
  );
  return new Map(
    files.map((found) => {
      const path = join(found.parentPath, found.name);
      const { size, mtimeMs } = statSync(path);
      const name = `/${relative(folder, path).split(sep).join('/')}`;
      return [name, { path, mediaType: mediaTypeOf(found.name), size, modified: mtimeMs }];
    }),
  );
}

async function readWhole({ path, mediaType }: Entry, cacheControl: string): Promise<Answer> {
  const bytes = await readFile(path);
  return {
    status: 200,
    headers: { 'cache-control': cacheControl, etag: etagOf(bytes) },
    body: { type: 'bytes', bytes, mediaType },
  };
}

function streamed({ path, mediaType, size, modified }: Entry, cacheControl: string): Answer {
  return {
    status: 200,
    headers: {
      'cache-control': cacheControl,
      etag: `"${size.toString(36)}-${Math.round(modified).toString(36)}"`,
    },
    body: { type: 'stream', stream: createReadStream(path), mediaType },
  };
}

function toldIn(language: Language): string {
  return `<section lang="${language}">
<h1>${formatMessage(language, 'pages.not_built.title')}</h1>
<p>${formatMessage(language, 'pages.not_built.what')}</p>
<pre>npm run build</pre>
</section>`;
}

const notBuilt: Answer = {
  status: 503,
  headers: { 'cache-control': 'no-store' },
  body: {
    type: 'bytes',
    mediaType: 'text/html; charset=utf-8',
    bytes: Buffer.from(`<!doctype html>
<html lang="ko">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Malbeot</title>
${toldIn('ko')}
${toldIn('en')}
<p><a href="/docs">API</a> · <a href="/api/health">/api/health</a></p>
</html>
`),
  },
};
