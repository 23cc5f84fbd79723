import { createMouthRow } from '../../language/mouth-row.ts';
import type { SpeechChunk } from '../spec/tts.ts';
import { mouthOfAzureViseme } from './azure-visemes.ts';
import { unescapeXml } from './ssml.ts';
import type { TextPiece } from './text-pieces.ts';
import type { TurnEvent } from './speech-turn.ts';

type Mark = Extract<SpeechChunk, { type: 'word' | 'viseme' }>;

/** Times of words and shapes, held until the sound they belong to is there. */
export interface SpokenMarks {
  /** A new piece of the text begins at `startMs`. */
  begin(piece: TextPiece, startMs: number): void;
  add(event: Exclude<TurnEvent, { type: 'sound' }>): void;
  /** What begins before `untilMs`, in order. */
  take(untilMs: number): Mark[];
  /** All that is left of the piece, which ends at `endMs`: a server's times may run past its sound. */
  finish(endMs: number): Mark[];
}

export function createSpokenMarks(): SpokenMarks {
  let piece: TextPiece = { text: '', offset: 0 };
  let startMs = 0;
  let searchFrom = 0;
  let latestMs = 0;
  let held: Mark[] = [];
  const mouth = createMouthRow();

  const inOrder = (mark: Mark): Mark => {
    latestMs = Math.max(latestMs, mark.startMs);
    return { ...mark, startMs: latestMs };
  };

  return {
    begin(next, nextStartMs) {
      piece = next;
      startMs = nextStartMs;
      searchFrom = 0;
      mouth.reset();
    },
    add(event) {
      const at = startMs + event.startMs;
      if (event.type === 'viseme') {
        const shape = mouthOfAzureViseme(event.id);
        if (shape === undefined) return;
        for (const timed of mouth.push(shape, at)) held.push({ type: 'viseme', ...timed });
        return;
      }
      const text = unescapeXml(event.text);
      const found = piece.text.indexOf(text, searchFrom);
      // A word that is not in the text, such as a number read out, has no place to point at.
      if (found < 0 || !/[\p{L}\p{N}]/u.test(text)) return;
      searchFrom = found + text.length;
      held.push({ type: 'word', text, startMs: at, textOffset: piece.offset + found });
    },
    take(untilMs) {
      // Words and shapes come in rows of their own, each in order.
      held.sort((a, b) => a.startMs - b.startMs);
      const ready = held.filter((mark) => mark.startMs < untilMs);
      held = held.slice(ready.length);
      return ready.map(inOrder);
    },
    finish(endMs) {
      const rest = held.sort((a, b) => a.startMs - b.startMs);
      held = [];
      return rest.map((mark) => inOrder({ ...mark, startMs: Math.min(mark.startMs, endMs) }));
    },
  };
}
