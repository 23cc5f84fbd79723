import type { TurnProviders, TurnTimings } from '@malbeot/protocol';
import type { Skipped } from '../providers/spec/provider.ts';

/** What is measured of one turn: ids, sizes and times, never what was said. */
export interface TurnReport {
  readonly turnId: string;
  readonly experience: string;
  readonly way: 'voice' | 'text';
  /**
   * `ok`: answered to the end. `interrupted`: the person cut in. `not_heard`: sound without words. `backchannel`, `echo`: not
   * answered on purpose. `failed`: nobody could hear, think or speak. `aborted`: the conversation ended.
   */
  readonly outcome: 'ok' | 'interrupted' | 'not_heard' | 'backchannel' | 'echo' | 'failed' | 'aborted';
  readonly language: string;
  readonly timings: TurnTimings;
  readonly providers: TurnProviders;
  readonly skipped: readonly Skipped[];
  /** Length of what the person said; null for typed words. */
  readonly speechMs: number | null;
  readonly charactersIn: number;
  readonly charactersOut: number;
}
