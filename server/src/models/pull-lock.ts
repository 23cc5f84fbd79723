import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { PullError } from './pull-error.ts';

/** Whoever holds a lock touches it this often. */
const BEAT_MS = 5_000;
/** A lock that nobody touched for so long is of a process that died. */
const STALE_MS = 60_000;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly nonce: string;
}

/** Locks of this process: a process number may have been of another process before. */
const held = new Set<string>();

/**
 * Takes the lock at `path`, which one process of all can hold, and answers how to give it back. A lock of a process that died
 * is taken over.
 *
 * @throws {PullError} while somebody else holds it.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const nonce = randomUUID();
  const own: Holder = { host: hostname(), pid: process.pid, nonce };
  for (let tries = 0; !(await create(path, own)); tries++) {
    const holder = await readHolder(path);
    if (tries >= 5 || !(await isDead(path, holder)))
      throw new PullError({ key: 'models.pull.locked', values: { pid: String(holder?.pid ?? '?') } });
    await takeAway(path, holder);
  }
  held.add(nonce);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    held.delete(nonce);
    if ((await readHolder(path))?.nonce === nonce) await rm(path, { force: true });
  };
}

/** Makes the lock with its holder in it, in one step. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.nonce}`;
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) throw error;
    // A file system without hard links.
    return await writeFile(path, JSON.stringify(holder), { flag: 'wx' }).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves a dead lock aside; only one of those who try at once moves that one. */
async function takeAway(path: string, dead: Holder | null): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  // Somebody was quicker, and the lock is theirs: it goes back unless a third has made one.
  if (moved !== null && moved.nonce !== dead?.nonce) await create(path, moved);
  await rm(aside, { force: true });
}

async function isDead(path: string, holder: Holder | null): Promise<boolean> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - touched > STALE_MS) return true;
  if (holder === null || holder.host !== hostname()) return false;
  if (holder.pid === process.pid) return !held.has(holder.nonce);
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Null for a lock that is gone, or whose writer died before it said who it was. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const { host, pid, nonce } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof host === 'string' && typeof pid === 'number' && typeof nonce === 'string'
      ? { host, pid, nonce }
      : null;
  } catch {
    return null;
  }
}
