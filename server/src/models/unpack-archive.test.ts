import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBzip2Program } from './bzip2-program.ts';
import type { Unpacker } from './decompress-bzip2.ts';
import { randomBytes, sha256, tarBz2, type TarEntry } from './testing/tiny-model.ts';
import { unpackArchive, type UnpackJob } from './unpack-archive.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'malbeot-unpack-'));
  mkdirSync(join(root, 'inside'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Programs that unpack bzip2 on this machine; undefined for the usual one where even that is missing. */
const programs = await Promise.all(
  ['bzip2', 'lbzip2', 'pbzip2'].map(
    async (name) => [name, (await findBzip2Program(process.env['PATH'], [name])) ?? undefined] as const,
  ),
);
const unpackers = programs.filter(([name, found]) => name === 'bzip2' || found !== undefined);
let program: string | null = null;

function unpack(archive: Buffer, change: Partial<UnpackJob> = {}) {
  writeFileSync(join(root, 'a.tar.bz2'), archive);
  return unpackArchive({
    program,
    archive: join(root, 'a.tar.bz2'),
    folder: join(root, 'inside'),
    strip: 1,
    isWanted: () => true,
    limits: { entries: 20, bytes: 1_000_000 },
    signal: new AbortController().signal,
    onRead: () => {},
    ...change,
  });
}

const good: TarEntry = { name: 'm/model.onnx', content: 'weights' };

describe.each<readonly [string, string | null | undefined]>([['JavaScript', null], ...unpackers])(
  'an archive, with %s',
  (name, found) => {
    beforeEach((context) => {
      if (found === undefined) context.skip(`${name} is not installed`);
      program = found ?? null;
    });

    it('gives what is wanted of it, with its hashes', async () => {
      const large = randomBytes(150_000, 7);
      const archive = await tarBz2([
        { name: './m/', type: 'directory' },
        { name: './m/large.onnx', content: large },
        { name: 'm/data/ko', content: 'ko' },
        { name: 'm/readme', content: 'no' },
        { name: 'm/empty', content: '' },
      ]);
      const files = await unpack(archive, { isWanted: (path) => path !== 'readme' });
      expect(files).toEqual([
        { path: 'large.onnx', size: large.length, sha256: sha256(large) },
        { path: 'data/ko', size: 2, sha256: sha256('ko') },
        { path: 'empty', size: 0, sha256: sha256('') },
      ]);
      expect(readFileSync(join(root, 'inside', 'large.onnx')).equals(large)).toBe(true);
      expect(existsSync(join(root, 'inside', 'readme'))).toBe(false);
    });

    it.each<[string, TarEntry, string]>([
      ['a path that leads out', { name: 'm/../../evil', content: 'x' }, 'models.archive.path'],
      ['a path that begins outside', { name: '../evil', content: 'x' }, 'models.archive.path'],
      ['an absolute path', { name: '/tmp/evil', content: 'x' }, 'models.archive.path'],
      ['a path of another system', { name: 'm\\..\\evil', content: 'x' }, 'models.archive.path'],
      ['a drive', { name: 'C:/evil', content: 'x' }, 'models.archive.path'],
      ['a symbolic link', { name: 'm/link', type: 'symlink', linkname: '/etc' }, 'models.archive.strange'],
      ['a hard link', { name: 'm/link', type: 'link', linkname: '../../secret' }, 'models.archive.strange'],
      ['a device', { name: 'm/null', type: 'character-device' }, 'models.archive.strange'],
      ['a pipe', { name: 'm/pipe', type: 'fifo' }, 'models.archive.strange'],
      ['a name twice', good, 'models.archive.twice'],
    ])('is refused for %s, even where nobody wants it', async (_, entry, key) => {
      const isWanted = (path: string) => path === 'model.onnx' || entry === good;
      await expect(unpack(await tarBz2([good, entry]), { isWanted })).rejects.toMatchObject({
        told: [{ key }],
      });
      expect(readdirSync(root).toSorted()).toEqual(['a.tar.bz2', 'inside']);
      expect(existsSync('/tmp/evil')).toBe(false);
    });

    it('is refused when it is larger or has more in it than it may', async () => {
      const archive = await tarBz2([good, { name: 'm/other', content: randomBytes(30_000, 3) }]);
      const limits = { entries: 20, bytes: 20_000 };
      await expect(unpack(archive, { limits, isWanted: () => false })).rejects.toMatchObject({
        told: [{ key: 'models.archive.too_large' }],
      });
      await expect(unpack(archive, { limits: { entries: 1, bytes: 1e6 } })).rejects.toMatchObject({
        told: [{ key: 'models.archive.too_many' }],
      });
    });

    it('is refused when it is broken off anywhere or damaged anywhere', async () => {
      const archive = await tarBz2([good, { name: 'm/other', content: randomBytes(3_000, 3) }]);
      for (let step = 0; step < 20; step++) {
        const place = Math.floor((archive.length * step) / 20);
        const damaged = Buffer.from(archive);
        damaged[place]! ^= 0x55;
        for (const bytes of [archive.subarray(0, place), damaged]) {
          rmSync(join(root, 'inside'), { recursive: true });
          mkdirSync(join(root, 'inside'));
          // An archive of nothing is an archive; the model is missed in it later.
          const files = await unpack(bytes).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'PullError' });
            return [];
          });
          expect(files).toEqual([]);
        }
      }
    });

    it('stops when it is told to', async () => {
      const archive = await tarBz2([good]);
      await expect(unpack(archive, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        name: 'AbortError',
      });
    });
  },
);

const fails = (script: string) => {
  const path = join(root, 'fails');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
};

describe('a program that does not unpack', () => {
  it.skipIf(process.platform === 'win32').each<[string, () => string]>([
    ['is not there', () => join(root, 'nowhere')],
    ['is no program', () => root],
    ['fails at once', () => fails('exit 1')],
    ['reads nothing and says that all is well', () => fails('exit 0')],
    ['is killed', () => fails('kill -9 $$')],
    ['fails at the end', () => fails('head -c 100000 /dev/zero; cat > /dev/null; exit 3')],
  ])('leaves the work to JavaScript where it %s', async (_, make) => {
    const content = randomBytes(150_000, 7);
    const archive = await tarBz2([good, { name: 'm/large', content }]);
    const by = new Set<Unpacker>();
    const files = await unpack(archive, { program: make(), onRead: (_bytes, unpacker) => by.add(unpacker) });
    expect(files.map(({ path, sha256: hash }) => [path, hash])).toEqual([
      ['model.onnx', sha256('weights')],
      ['large', sha256(content)],
    ]);
    expect(by).toContain('javascript');
  });

  it.skipIf(process.platform === 'win32')('is ended with the pull', async () => {
    const stop = new AbortController();
    const pidFile = join(root, 'pid');
    const unpacked = unpack(await tarBz2([good]), {
      program: fails(`echo $$ > ${pidFile}; exec sleep 600`),
      signal: stop.signal,
    });
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/\d+\n/);
    stop.abort();
    await expect(unpacked).rejects.toMatchObject({ name: 'AbortError' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await expect.poll(() => isThere(pid)).toBe(false);
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('looks for the program in folders of the PATH, and in no other', async () => {
  const path = fails('exit 0');
  expect(await findBzip2Program(root, ['fails'])).toBe(process.platform === 'win32' ? null : path);
  expect(await findBzip2Program('', ['fails'])).toBeNull();
  expect(await findBzip2Program('.:relative', ['fails'])).toBeNull();
});
