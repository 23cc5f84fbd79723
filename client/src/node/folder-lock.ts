import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { MalbeotError } from '../malbeot-error.ts';
import { systemSleep } from '../waiting.ts';

/** How often the holder says that it lives, and how long its silence has to last until it counts as dead. */
const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 15_000;
const LOOK_AGAIN_MS = 500;

/** A folder that belongs to this process. */
export interface FolderLock {
  /** @throws {MalbeotError} `QUEUE_IN_USE` when another process has taken it over meanwhile. */
  check(): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

const held = new Set<string>();

/**
 * Takes `folder` for this process. A holder that died is known by its process id, and one that can't be looked up (another
 * container, a process id given out anew after a power cut) by its silence.
 *
 * @param waitMs How long to wait for a holder that may yet turn out dead.
 * @throws {MalbeotError} `QUEUE_IN_USE` when somebody else goes on using it.
 */
export async function lockFolder(folder: string, waitMs = DEAD_AFTER_MS + BEAT_MS): Promise<FolderLock> {
  const path = join(folder, 'lock');
  const me: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  for (let waitedMs = 0; !(await take(path, me)); waitedMs += LOOK_AGAIN_MS) {
    if (waitedMs >= waitMs) throw new MalbeotError('QUEUE_IN_USE');
    await systemSleep(LOOK_AGAIN_MS);
  }
  held.add(me.id);
  let beatAt = Date.now();
  let lost = false;

  async function beat(): Promise<void> {
    if ((await readHolder(path))?.id !== me.id) lost = true;
    else await utimes(path, new Date(), new Date());
    beatAt = Date.now();
  }

  const timer = setInterval(() => void beat().catch(() => undefined), BEAT_MS);
  timer.unref();
  return {
    async check() {
      // A process that was asleep for long may have been taken for dead.
      if (Math.abs(Date.now() - beatAt) > BEAT_MS * 2) await beat();
      if (lost) throw new MalbeotError('QUEUE_IN_USE');
    },
    async release() {
      clearInterval(timer);
      held.delete(me.id);
      if ((await readHolder(path))?.id === me.id) await rm(path, { force: true });
    },
  };
}

async function take(path: string, me: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = await readHolder(path);
  if (!(await isDead(path, holder))) return false;
  // Moved away first: of two that find it dead, only one gets the file of the dead one.
  const aside = `${path}.${me.id}`;
  if (
    !(await rename(path, aside).then(
      () => true,
      () => false,
    ))
  )
    return false;
  const alive = (await readHolder(aside))?.id !== holder?.id;
  if (alive) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return alive ? false : take(path, me);
}

async function isDead(path: string, holder: Holder | null): Promise<boolean> {
  if (holder?.host === hostname()) {
    if (holder.pid === process.pid) return !held.has(holder.id);
    if (!isRunning(holder.pid)) return true;
  }
  const silentMs = await stat(path).then(
    ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs),
    () => 0,
  );
  return silentMs > DEAD_AFTER_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Null for none, and for one whose writing was cut short. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
