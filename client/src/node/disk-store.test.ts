import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { QueueStore } from '../queue/queue-store.ts';
import { describeQueueStore } from '../queue/queue-store.suite.ts';
import { createDiskStore } from './disk-store.ts';
import { lockFolder } from './folder-lock.ts';

let folder: string;
let opened: QueueStore[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'malbeot-queue-')), 'queue');
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await rm(join(folder, '..'), { recursive: true, force: true });
});

function open(): QueueStore {
  const store = createDiskStore(folder);
  opened.push(store);
  return store;
}

const bytes = new TextEncoder().encode('콜라 하나 주세요');

describe('the store on disk', () => {
  describeQueueStore(() => {
    const store = open();
    const reopen = async () => {
      await store.close();
      return open();
    };
    return Promise.resolve({ store, reopen });
  });

  it('is for its owner only', async () => {
    const store = open();
    await store.open();
    await store.write('turn-1', bytes);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(folder))
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('forgets what was half written when the power failed', async () => {
    const store = open();
    await store.open();
    await store.write('turn-1', bytes);
    await writeFile(join(folder, 'turn-2.record.writing'), 'malbeot-1 abc');
    await store.close();
    const after = open();
    expect(await after.open()).toEqual(['turn-1']);
    expect((await readdir(folder)).filter((file) => file.endsWith('.writing'))).toEqual([]);
  });

  it('gives nothing for what is damaged, and puts it aside', async () => {
    const store = open();
    await store.open();
    for (const name of ['turn-1', 'turn-2', 'turn-3']) await store.write(name, bytes);
    await appendFile(join(folder, 'turn-1.record'), 'x');
    const file = await readFile(join(folder, 'turn-2.record'));
    file[file.length - 1]! ^= 1;
    await writeFile(join(folder, 'turn-2.record'), file);
    await writeFile(join(folder, 'turn-3.record'), '');
    expect(await Promise.all(['turn-1', 'turn-2', 'turn-3'].map((name) => store.read(name)))).toEqual([
      null,
      null,
      null,
    ]);
    await store.close();
    const after = open();
    expect(await after.open()).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toHaveLength(3);
  });

  it('says when the disk can not be used', async () => {
    await writeFile(folder, 'not a folder');
    await expect(open().open()).rejects.toMatchObject({ code: 'QUEUE_BROKEN', retryable: false });
    await rm(folder);
    const store = open();
    await store.open();
    await rm(folder, { recursive: true });
    await expect(store.write('turn-1', bytes)).rejects.toMatchObject({ code: 'QUEUE_BROKEN' });
    await expect(open().read('turn-1')).rejects.toMatchObject({ code: 'QUEUE_BROKEN' });
  });
});

describe('the lock of a folder', () => {
  const lockPath = () => join(folder, 'lock');
  const wait = 600;
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
  });

  it('belongs to one', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder, wait)).rejects.toMatchObject({ code: 'QUEUE_IN_USE' });
    await lock.check();
    await lock.release();
    const next = await lockFolder(folder, 0);
    await next.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over at once from a process that was killed', async () => {
    const dead = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const holder = { id: 'x', pid: dead.pid, host: hostname() };
    await writeFile(lockPath(), JSON.stringify(holder));
    await expect(lockFolder(folder, wait)).rejects.toMatchObject({ code: 'QUEUE_IN_USE' });
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    await (await lockFolder(folder, 0)).release();
  });

  it('is taken over from the process before this one with the same id', async () => {
    await writeFile(lockPath(), JSON.stringify({ id: 'x', pid: process.pid, host: hostname() }));
    await (await lockFolder(folder, 0)).release();
  });

  it('is taken over from a silent holder elsewhere, and from one cut off while it wrote', async () => {
    const old = new Date(Date.now() - 60_000);
    for (const content of [JSON.stringify({ id: 'x', pid: 1, host: 'another' }), '{"id":']) {
      await writeFile(lockPath(), content);
      await expect(lockFolder(folder, wait)).rejects.toMatchObject({ code: 'QUEUE_IN_USE' });
      await utimes(lockPath(), old, old);
      await (await lockFolder(folder, 0)).release();
    }
  });

  it('goes to exactly one of many that find it dead', async () => {
    await writeFile(lockPath(), JSON.stringify({ id: 'x', pid: process.pid, host: hostname() }));
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, 0)));
    const got = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(got).toHaveLength(1);
    await got[0]!.check();
    await got[0]!.release();
  });
});
