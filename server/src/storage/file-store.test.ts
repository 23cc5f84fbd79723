import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileStore } from './files.ts';
import { createFileStore } from './file-store.ts';

let root = '';
let folder = '';
let store: FileStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'malbeot-files-'));
  folder = join(root, 'in', 'voices');
  store = createFileStore(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function textOf(stream: Readable | null): Promise<string | null> {
  if (stream === null) return null;
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const namesIn = async () => {
  const names: string[] = [];
  for await (const { name } of store.list()) names.push(name);
  return names.sort();
};

describe('file store', () => {
  it('makes its folder, keeps bytes, replaces and deletes them', async () => {
    expect(await store.read('a.wav')).toBeNull();
    await store.write('a.wav', Buffer.from('one'));
    await store.write('a.wav', Buffer.from('three'));
    expect((await store.read('a.wav'))?.toString()).toBe('three');
    expect(await store.stat('a.wav')).toMatchObject({ name: 'a.wav', bytes: 5 });
    expect(Math.abs((await store.stat('a.wav'))!.modifiedAt - Date.now())).toBeLessThan(60_000);
    expect([await store.delete('a.wav'), await store.delete('a.wav')]).toEqual([true, false]);
    expect([await store.stat('a.wav'), await store.open('a.wav')]).toEqual([null, null]);
  });

  it('gives ranges, both ends included', async () => {
    await store.write('r', Buffer.from('0123456789'));
    expect(await textOf(await store.open('r'))).toBe('0123456789');
    expect(await textOf(await store.open('r', { start: 2, end: 4 }))).toBe('234');
    expect(await textOf(await store.open('r', { start: 9, end: 9 }))).toBe('9');
    for (const range of [
      { start: 0, end: 10 },
      { start: 5, end: 4 },
      { start: -1, end: 4 },
      { start: 0.5, end: 2 },
    ]) {
      await expect(store.open('r', range)).rejects.toMatchObject({
        code: 'RANGE_NOT_SATISFIABLE',
        message: expect.stringContaining('10 bytes'),
      });
    }
  });

  it('reads a file to its end although it is deleted or replaced meanwhile', async () => {
    await store.write('kept', Buffer.from('old words'));
    const [first, second] = [await store.open('kept'), await store.open('kept')];
    await store.write('kept', Buffer.from('new'));
    expect(await textOf(first)).toBe('old words');
    await store.delete('kept');
    expect(await textOf(second)).toBe('old words');
  });

  it('shows whole files only, while many write one name at once', async () => {
    const versions = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index).repeat(50_000));
    await store.write('one', Buffer.from(versions[0]!));
    const reads: Promise<Buffer | null>[] = [];
    await Promise.all(
      versions.map(async (version) => {
        await store.write('one', Buffer.from(version));
        reads.push(store.read('one'));
      }),
    );
    for (const bytes of await Promise.all(reads)) expect(versions).toContain(bytes?.toString());
    expect(await readdir(folder)).toEqual(['one']);
  });

  it('lists its files, and neither folders, links nor temporary ones', async () => {
    expect(await namesIn()).toEqual([]);
    await store.write('b', Buffer.from('b'));
    await store.write('a', Buffer.from('a'));
    await mkdir(join(folder, 'folder'));
    await writeFile(join(root, 'secret'), 'secret');
    await symlink(join(root, 'secret'), join(folder, 'link'));
    await writeFile(join(folder, `.${'0'.repeat(24)}.tmp`), 'half');
    expect(await namesIn()).toEqual(['a', 'b']);
    expect([await store.read('link'), await store.stat('link'), await store.open('link')]).toEqual([
      null,
      null,
      null,
    ]);
    expect([await store.read('folder'), await store.stat('folder')]).toEqual([null, null]);
  });

  it('clears away what a killed process left, and not what another one is writing', async () => {
    await mkdir(folder, { recursive: true });
    const [left, fresh] = [`.${'1'.repeat(24)}.tmp`, `.${'2'.repeat(24)}.tmp`];
    await writeFile(join(folder, left), 'half');
    await writeFile(join(folder, fresh), 'half');
    await utimes(join(folder, left), 1, 1);
    await store.write('a', Buffer.from('a'));
    expect((await readdir(folder)).sort()).toEqual([fresh, 'a']);
  });

  it('never reaches outside its folder, whatever the name', async () => {
    await store.write('inside', Buffer.from('inside'));
    await writeFile(join(root, 'in', 'secret'), 'secret');
    await writeFile(join(root, 'secret'), 'secret');
    const before = (await readdir(root, { recursive: true })).sort();
    const random = mulberry(20_261_121);
    const pieces = [
      '..',
      '.',
      '/',
      '\\',
      'secret',
      'inside',
      '\0',
      '%2e%2e%2f',
      '～',
      'C:',
      ' ',
      '\n',
      '-',
      '_',
      'A',
      '가',
      'voices',
      'in',
      folder,
    ];
    const names = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + (random() % 5) }, () => pieces[random() % pieces.length]).join(''),
    );
    const isPlain = (name: string) => /^[a-z0-9][a-z0-9._-]*$/.test(name);
    const found = new Set<string | undefined>();
    for (const name of names.filter(isPlain)) found.add((await store.read(name))?.toString());
    expect(found).toEqual(new Set([undefined, 'inside']));
    for (const name of names.filter((each) => !isPlain(each))) {
      const refused = { code: 'INVALID_INPUT' };
      await expect(store.read(name)).rejects.toMatchObject(refused);
      await expect(store.write(name, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(store.delete(name)).rejects.toMatchObject(refused);
      await expect(store.stat(name)).rejects.toMatchObject(refused);
      await expect(store.open(name)).rejects.toMatchObject(refused);
    }
    expect((await readdir(root, { recursive: true })).sort()).toEqual(before);
  });

  it('refuses a name that is too long or empty', async () => {
    await expect(store.read('')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(store.read('a'.repeat(201))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await store.read('a'.repeat(200))).toBeNull();
  });
});

/** Pseudo-random whole numbers, the same for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
