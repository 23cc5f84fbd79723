import { cutText, widthOf, wrapText } from './text-width.ts';

/** What a piece of text is, from which its colour follows. */
export type Look =
  | 'plain'
  | 'title'
  | 'strong'
  | 'faint'
  | 'number'
  | 'fresh'
  | 'good'
  | 'problem'
  | 'customer'
  | 'frame'
  | 'bar';

export interface Span {
  readonly text: string;
  readonly look: Look;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** A line of pieces; a bare text is a plain one. */
export function lineOf(...pieces: readonly (string | Span)[]): Line {
  return pieces
    .map((piece) => (typeof piece === 'string' ? span(piece) : piece))
    .filter(({ text }) => text !== '');
}

export function span(text: string, look: Look = 'plain'): Span {
  return { text, look };
}

/** The words of a line without its looks. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** `line` in at most `width` columns. */
export function cutLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const piece of line) {
    const pieceWidth = widthOf(piece.text);
    if (pieceWidth > left) {
      const text = cutText(piece.text, left);
      return text === '' ? kept : [...kept, { ...piece, text }];
    }
    kept.push(piece);
    left -= pieceWidth;
  }
  return kept;
}

/** `line` in exactly `width` columns. */
export function fitLine(line: Line, width: number, look: Look = 'plain'): Line {
  const cut = cutLine(line, width);
  const missing = width - lineWidth(cut);
  return missing > 0 ? [...cut, span(' '.repeat(missing), look)] : cut;
}

/** `left` at the left end and `right` at the right end of `width` columns; `left` gives way. */
export function spreadLine(left: Line, right: Line, width: number, look: Look = 'plain'): Line {
  const rightCut = cutLine(right, width);
  const rightWidth = lineWidth(rightCut);
  if (rightWidth === 0) return fitLine(left, width, look);
  return [
    ...fitLine(left, Math.max(0, width - rightWidth - 1), look),
    ...fill(width, rightWidth, look),
    ...rightCut,
  ];
}

function fill(width: number, rightWidth: number, look: Look): Line {
  return width > rightWidth ? [span(' ', look)] : [];
}

/** `text` in lines of `width` columns: `first` stands before the first, as much room before the others. */
export function wrapLine(first: Line, text: string, width: number, look: Look = 'plain'): readonly Line[] {
  const indent = lineWidth(first);
  return wrapText(text, Math.max(4, width - indent)).map((part, index) =>
    index === 0 ? [...first, span(part, look)] : lineOf(' '.repeat(indent), span(part, look)),
  );
}

/** Lines in a frame of exactly `width` columns and `height` rows; `⋮` stands at the end where some do not fit. */
export function boxOf(
  { title, note = '' }: { readonly title: string; readonly note?: string },
  lines: readonly Line[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly Line[] {
  const inner = width - 4;
  const room = Math.max(0, height - 2);
  const shown =
    lines.length > room
      ? [...lines.slice(0, Math.max(0, room - 1)), lineOf(span('⋮', 'faint'))].slice(0, room)
      : lines;
  const rows = [...shown, ...Array.from({ length: room - shown.length }, () => lineOf())];
  return [
    topOf(title, note, width),
    ...rows.map((line) => lineOf(span('│ ', 'frame'), ...fitLine(line, inner), span(' │', 'frame'))),
    lineOf(span(`╰${'─'.repeat(width - 2)}╯`, 'frame')),
  ];
}

function topOf(title: string, note: string, width: number): Line {
  const name = cutText(title, width - 6);
  const noteFits = note !== '' && widthOf(name) + widthOf(note) + 10 <= width;
  const tail = noteFits ? [span(` ${note} `, 'faint'), span('─╮', 'frame')] : [span('─╮', 'frame')];
  const used = 4 + widthOf(name) + tail.reduce((sum, { text }) => sum + widthOf(text), 0);
  return lineOf(
    span('╭─ ', 'frame'),
    span(name, 'title'),
    span(` ${'─'.repeat(Math.max(0, width - used))}`, 'frame'),
    ...tail,
  );
}

/** Two columns of as many rows as the longer has. */
export function beside(
  left: readonly Line[],
  leftWidth: number,
  right: readonly Line[],
  rightWidth: number,
  gap = 1,
): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => [
    ...fitLine(left[row] ?? [], leftWidth),
    span(' '.repeat(gap)),
    ...fitLine(right[row] ?? [], rightWidth),
  ]);
}
