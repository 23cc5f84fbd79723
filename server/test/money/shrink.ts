import { play, type Played } from './play.ts';
import type { Place } from './place.ts';
import type { Broken } from './process.ts';
import { writeScript, type Script } from './script.ts';

/** A dialogue in which something happened that never may, without the steps that it does not need. */
export interface Failure {
  readonly seed: number;
  readonly played: Played;
}

/** Leaves out step after step, as long as there still is a violation. */
export async function shrink(place: Place, seed: number, broken?: Broken): Promise<Failure> {
  let script = writeScript(seed);
  let played = await play(place, script, broken);
  for (const { id } of script.steps.toReversed()) {
    const shorter: Script = { ...script, steps: script.steps.filter((step) => step.id !== id) };
    const tried = await play(place, shorter, broken);
    if (tried.violation === null) continue;
    script = shorter;
    played = tried;
  }
  return { seed, played };
}

/** The failure for people to read. */
export function tell({ seed, played: { violation, lines } }: Failure): string {
  return `Seed ${seed}: ${violation ?? 'no violation'}\n  ${lines.join('\n  ')}`;
}
