import type { Clock } from '../lib/clock.ts';

/** Stages of a turn, as `meta.stages_ms`, `/metrics` and the log name them. */
export type Stage = 'decode' | 'ears' | 'mind' | 'store' | 'payment' | 'voice' | 'total';

/** Measures one turn, stage by stage. */
export interface TurnSpan {
  /** Runs `work` and adds its time to `stage`. */
  measure<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** Adds milliseconds to `stage`. */
  add(stage: Stage, ms: number): void;
  /** Milliseconds by stage so far, `total` included, rounded to hundredths. */
  stagesMs(): Readonly<Record<string, number>>;
}

export function createTurnSpan(clock: Clock): TurnSpan {
  const started = clock.monotonicMs();
  const stages = new Map<Stage, number>();
  const add = (stage: Stage, ms: number) => void stages.set(stage, (stages.get(stage) ?? 0) + ms);
  return {
    add,
    async measure(stage, work) {
      const from = clock.monotonicMs();
      try {
        return await work();
      } finally {
        add(stage, clock.monotonicMs() - from);
      }
    },
    stagesMs() {
      const all = [...stages, ['total', clock.monotonicMs() - started] as const];
      return Object.fromEntries(all.map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
    },
  };
}
