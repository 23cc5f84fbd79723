import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second. */
const MS_PER_TICK = 10;

/** Milliseconds of a core that a process has taken so far; null where this machine does not tell. */
export async function processorMs(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program may hold blanks and brackets; what is counted stands behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : null;
}
