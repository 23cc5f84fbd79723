import type { KioskState } from '../kiosk-state.ts';
import { boxOf, lineOf, span, wrapLine, type Line } from '../styled-line.ts';
import { widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';

/** What can be typed. */
export function helpPanel(
  { language }: KioskState,
  area: { readonly width: number; readonly height: number },
): readonly Line[] {
  const words = wordsOf(language);
  const room = Math.max(...words.helpLines.map(([command]) => widthOf(command))) + 2;
  const lines = words.helpLines.flatMap(([command, meaning]) =>
    wrapLine(
      lineOf(span(command, 'number'), ' '.repeat(room - widthOf(command))),
      meaning,
      Math.max(room + 8, area.width - 4),
    ),
  );
  return boxOf({ title: words.help }, lines, area);
}
