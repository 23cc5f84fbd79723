import type { KioskState, Talk } from '../kiosk-state.ts';
import { lineOf, span, wrapLine, type Line, type Look } from '../styled-line.ts';
import { widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';
import type { Words } from '../words.ts';
import { spinnerOf } from './spinner.ts';

/** What was said both ways, the newest at the end, in exactly `height` rows. */
export function talkLines(
  state: KioskState,
  { width, height }: { readonly width: number; readonly height: number },
): readonly Line[] {
  const words = wordsOf(state.language);
  const greeting = wrapLine(nameOf(words.kiosk, 'strong', words), words.greeting, width);
  const said = state.talk.length === 0 ? [greeting] : state.talk.map((talk) => linesOf(talk, width, words));
  const all = state.waiting > 0 ? [...said, [thinkingLine(state, words)]] : said;
  const shown = lastWhole(all, height);
  return [...shown, ...Array.from({ length: Math.max(0, height - shown.length) }, () => lineOf())];
}

/** The last things said that fit whole; of the very last, its end at least. */
function lastWhole(said: readonly (readonly Line[])[], height: number): readonly Line[] {
  let shown: readonly Line[] = [];
  for (const lines of said.toReversed()) {
    if (shown.length > 0 && shown.length + lines.length > height) break;
    shown = [...lines, ...shown];
  }
  return height <= 0 ? [] : shown.slice(-height);
}

/** Rows that the last thing said to the customer, and what it answers, take. */
export function talkHeight(state: KioskState, width: number): number {
  const words = wordsOf(state.language);
  if (state.talk.length === 0)
    return wrapLine(nameOf(words.kiosk, 'strong', words), words.greeting, width).length;
  const last = state.talk.slice(-2).flatMap((talk) => linesOf(talk, width, words));
  return last.length + (state.waiting > 0 ? 1 : 0);
}

function linesOf(talk: Talk, width: number, words: Words): readonly Line[] {
  switch (talk.from) {
    case 'customer': {
      const wait = talk.delivery === 'kept' ? ` (${words.waitingForNetwork})` : '';
      return wrapLine(nameOf(words.you, 'customer', words), talk.text + wait, width, 'customer');
    }
    case 'kiosk':
      return wrapLine(nameOf(words.kiosk, 'strong', words), talk.text, width);
    case 'notice':
      return wrapLine(nameOf('', 'faint', words), talk.text, width, 'good');
    case 'problem':
      return wrapLine(nameOf('!', 'problem', words), talk.text, width, 'problem');
  }
}

/** Who speaks, in as much room for everybody. */
function nameOf(name: string, look: Look, words: Words): Line {
  const room = Math.max(widthOf(words.you), widthOf(words.kiosk));
  return lineOf(' ', span(name, look), `${' '.repeat(room - widthOf(name))} `, span('› ', 'frame'));
}

function thinkingLine({ nowMs }: KioskState, words: Words): Line {
  return [
    ...nameOf(words.kiosk, 'strong', words),
    span(`${spinnerOf(nowMs)} `, 'number'),
    span(words.thinking, 'faint'),
  ];
}
