import { choicesOf } from '../choices.ts';
import type { KioskState } from '../kiosk-state.ts';
import type { Editor } from '../line-editor.ts';
import { fitLine, lineOf, span, type Line } from '../styled-line.ts';
import { widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';

const PROMPT = ' › ';
const METER_CELLS = 10;
/** Ordinary speech is far below the loudest that can be: this brings it to the middle of the meter. */
const METER_GAIN = 4;

/** Where one types, and the column of the cursor in it. */
export function inputLine(
  state: KioskState,
  width: number,
): { readonly line: Line; readonly cursor: number } {
  const { recording } = state;
  if (recording !== null) {
    const words = wordsOf(state.language);
    const full = Math.min(METER_CELLS, Math.round(recording.level * METER_GAIN * METER_CELLS));
    const seconds = Math.max(0, Math.floor((state.nowMs - recording.startedAtMs) / 1000));
    const meter = `${'▮'.repeat(full)}${'▯'.repeat(METER_CELLS - full)}`;
    const line = lineOf(span(' ● ', 'problem'), span(words.recording, 'strong'), ` ${meter} ${seconds}s`);
    return { line: fitLine(line, width), cursor: 0 };
  }
  const { text, cursor } = windowOf(state.editor, width - widthOf(PROMPT) - 1);
  const line = lineOf(span(PROMPT, 'number'), text);
  return { line: fitLine(line, width), cursor: widthOf(PROMPT) + cursor };
}

/** The part of the typed line around the cursor that fits. */
function windowOf(
  { letters, cursor }: Editor,
  width: number,
): { readonly text: string; readonly cursor: number } {
  let first = cursor;
  let before = 0;
  while (first > 0 && before + widthOf(letters[first - 1]!) <= width) {
    first -= 1;
    before += widthOf(letters[first]!);
  }
  let last = cursor;
  let taken = before;
  while (last < letters.length && taken + widthOf(letters[last]!) <= width) {
    taken += widthOf(letters[last]!);
    last += 1;
  }
  return { text: letters.slice(first, last).join(''), cursor: before };
}

/** The last line: what can be done now. Hints that do not fit are left off from the end. */
export function hintLine(state: KioskState, width: number): Line {
  const words = wordsOf(state.language);
  const choices = choicesOf(state).length;
  const hints =
    state.recording !== null
      ? words.recordingHow.split(' · ')
      : [
          ...(choices > 0 ? [words.hintChoose(choices)] : []),
          words.hintTyping,
          ...words.hintCommands.split(' · '),
        ];
  let text = '';
  for (const hint of hints) {
    const longer = text === '' ? ` ${hint}` : `${text} · ${hint}`;
    if (widthOf(longer) > width) break;
    text = longer;
  }
  return fitLine(lineOf(span(text, 'faint')), width);
}
