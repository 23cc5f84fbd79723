import type { Choice } from '../choices.ts';
import { lineOf, span, spreadLine, wrapLine, type Line, type Look } from '../styled-line.ts';
import { widthOf } from '../text-width.ts';
import type { Words } from '../words.ts';

/** The numbered things to choose from, each in a line or, where it is long, more. */
export function choiceLines(choices: readonly Choice[], width: number, words: Words): readonly Line[] {
  return choices.flatMap((choice, index) => choiceLine(choice, index + 1, width, words));
}

function choiceLine(choice: Choice, number: number, width: number, words: Words): readonly Line[] {
  const first = lineOf(span(String(number), 'number'), choice.selected ? span(' ✓ ', 'good') : '  ');
  const marks = marksOf(choice, words);
  const note = lineOf(span(choice.note, choice.available ? 'plain' : 'problem'));
  const look: Look = choice.available ? 'plain' : 'faint';
  const room = width - 3 - marks.reduce((sum, { text }) => sum + widthOf(text), 0);
  const fits = widthOf(choice.label) + widthOf(choice.note) + 1 <= room;
  if (fits) return [spreadLine([...first, span(choice.label, look), ...marks], note, width)];
  const label = wrapLine(first, choice.label, width, look);
  return choice.note === '' ? label : [...label, spreadLine(marks, note, width)];
}

/** What stands behind a dish's name: popular, spicy. */
function marksOf({ popular, spicy }: Choice, words: Words): Line {
  return lineOf(
    popular ? span(` ★ ${words.popular}`, 'number') : '',
    spicy ? span(` ▲ ${words.spicy}`, 'problem') : '',
  );
}
