import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../experiences/experience.ts';
import { createWebFiles } from './web-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malbeot-web-'));
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'dist', 'assets', 'main-AbCd1234.js'), 'run()');
  writeFileSync(join(folder, 'dist', 'big.png'), Buffer.alloc(300 * 1024));
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist', 'link.txt'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const textOf = (answer: Answer | null) =>
  answer?.body.type === 'bytes' ? Buffer.from(answer.body.bytes).toString() : null;

describe('createWebFiles', () => {
  it('keeps hashed files for good and asks again for the page', async () => {
    const files = createWebFiles(join(folder, 'dist'));
    const script = await files.file('/assets/main-AbCd1234.js');
    expect(script).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(textOf(script)).toBe('run()');
    expect(await files.page()).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets',
    '/',
    '//etc/passwd',
    '/link.txt',
    '/%2e%2e/secret.txt',
    '/assets\\..\\..\\secret.txt',
    '/__proto__',
    '/constructor',
  ])('has nothing at %s', async (path) => {
    expect(await createWebFiles(join(folder, 'dist')).file(path)).toBeNull();
  });

  it('streams what is large and does not shrink', async () => {
    const answer = await createWebFiles(join(folder, 'dist')).file('/big.png');
    expect(answer?.body).toMatchObject({ type: 'stream', mediaType: 'image/png' });
    let size = 0;
    if (answer?.body.type === 'stream')
      for await (const chunk of answer.body.stream) size += (chunk as Buffer).length;
    expect(size).toBe(300 * 1024);
  });

  it('says what to run when nothing is built', async () => {
    const page = await createWebFiles(join(folder, 'nowhere')).page();
    expect(page.status).toBe(503);
    expect(textOf(page)).toContain('npm run build');
  });
});
