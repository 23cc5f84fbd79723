import type { Figure } from '../lib/figures.ts';
import { residentMemory } from '../lib/processes.ts';

/** Resident memory of the web process and of each child, against the platform's table. */
export async function memoryFigures(
  pid: number,
  when: string,
  goals: { readonly web: number; readonly all: number },
): Promise<Figure[]> {
  const memory = await residentMemory(pid);
  const total = Object.values(memory).reduce((sum, megabytes) => sum + megabytes, 0);
  return [
    ...Object.entries(memory).map(([program, megabytes]) => ({
      what: `memory ${when}: ${program}`,
      value: `${megabytes.toFixed(1)} MB`,
      ...(program === 'web' ? { goal: `goal ${goals.web} MB`, met: megabytes <= goals.web } : {}),
    })),
    {
      what: `memory ${when}: all`,
      value: `${total.toFixed(1)} MB`,
      goal: `goal ${goals.all} MB`,
      met: total <= goals.all,
    },
  ];
}
