import { readdir, readFile, readlink } from 'node:fs/promises';

/** A program that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, shortened. */
  readonly command: string;
}

const LISTENING = '0A';
const COMMAND_LENGTH = 80;

/**
 * Who listens on the TCP port, as far as `/proc` tells this user; null where it does not (another user's program, another
 * system than Linux).
 */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of listeningInodes(await readOrEmpty(table), port)) inodes.add(`socket:[${inode}]`);
  }
  if (inodes.size === 0) return null;
  const processes = (await listOrEmpty('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (!(await holdsOneOf(pid, inodes))) continue;
    const command = (await readOrEmpty(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').trim();
    return { pid: Number(pid), command: command.slice(0, COMMAND_LENGTH) };
  }
  return null;
}

/** Inodes of the listening sockets on `port` in a table of `/proc/net/tcp`'s form. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && local?.endsWith(`:${wanted}`) === true && inode !== undefined
      ? [inode]
      : [];
  });
}

async function holdsOneOf(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  for (const descriptor of await listOrEmpty(`/proc/${pid}/fd`)) {
    try {
      if (sockets.has(await readlink(`/proc/${pid}/fd/${descriptor}`))) return true;
    } catch {
      // Closed meanwhile, or another user's: it can't be known.
    }
  }
  return false;
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function listOrEmpty(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}
