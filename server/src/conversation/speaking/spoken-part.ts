import type { VisemeFrame } from '@malbeot/protocol';
import type { Skipped } from '../../providers/spec/provider.ts';

/** What speaking a reply gives, as it comes. Times are milliseconds from the first sample of their sentence. */
export type SpokenPart =
  /** Who speaks from here on: first, and where another provider takes over. */
  | {
      readonly type: 'source';
      readonly provider: string;
      readonly revision: string;
      readonly skipped: readonly Skipped[];
    }
  /**
   * Its sound is next. `text` stands at `textOffset` in the reply and reads on from where the part before it ended, with the
   * white space between them: the texts of all parts, joined, are the reply.
   */
  | {
      readonly type: 'sentence-start';
      readonly text: string;
      readonly textOffset: number;
      readonly sampleRate: number;
      /** As it was asked for; 1 is normal. */
      readonly speed: number;
    }
  /** PCM16 mono at the rate of the sentence, 100 ms at most. */
  | { readonly type: 'audio'; readonly samples: Int16Array }
  /** `textOffset` is a place in the reply. */
  | { readonly type: 'word'; readonly text: string; readonly startMs: number; readonly textOffset: number }
  | { readonly type: 'visemes'; readonly frames: readonly VisemeFrame[] }
  | { readonly type: 'sentence-end'; readonly durationMs: number }
  /** A stretch of the reply that is shown and not said: a picture, an address, a program. As `sentence-start` reads on. */
  | { readonly type: 'unspoken'; readonly text: string; readonly textOffset: number };
