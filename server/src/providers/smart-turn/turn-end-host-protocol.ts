import type { CheckedFile } from '../../lib/read-checked-file.ts';

/** Each names the model, which is loaded where it is not: a host that was started again needs to be told nothing. */
export type TurnEndHostRequest =
  | { readonly operation: 'load'; readonly model: CheckedFile }
  | {
      readonly operation: 'judge';
      readonly model: CheckedFile;
      /** Mono at 16,000 Hz, at most 8 s. */
      readonly samples: Float32Array;
    };

export type TurnEndHostPart =
  | { readonly type: 'loaded' }
  /** Probability that the turn has ended, 0..1. */
  | { readonly type: 'judged'; readonly probability: number };
