/** Ranges of code points that take two columns: Hangul, Han, Kana, full-width forms and pictures. In order. */
const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });
/** Takes one column a letter. */
const plainAscii = /^[ -~]*$/;
/** ASCII, frames, blocks and whole Hangul syllables never join: they need no slow look. */
const oneEach = /^[ -~\u2500-\u259F\uAC00-\uD7A3]*$/;
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
// Escape sequences begin with a control character: without those, what came from elsewhere is only text.
const controls = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;

/** What a person sees as letters, one each. */
export function graphemesOf(text: string): readonly string[] {
  if (oneEach.test(text)) return Array.from(text);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns that `text` takes in a terminal: Hangul, Han and Kana take two. */
export function widthOf(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1) {
    const code = grapheme.charCodeAt(0);
    if (code >= 0xac00 && code <= 0xd7a3) return 2;
    if ((code >= 0x20 && code <= 0x7e) || (code >= 0x2500 && code <= 0x259f)) return 1;
  }
  const [first = ''] = grapheme;
  if (noWidth.test(first)) return 0;
  return /\p{Emoji_Presentation}|\uFE0F/u.test(grapheme) || isWide(first.codePointAt(0) ?? 0) ? 2 : 1;
}

function isWide(codePoint: number): boolean {
  return wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** Text from elsewhere as one line without anything a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(controls, ' ').trimEnd();
}

/** The beginning of `text` that takes at most `width` columns, ended by `…` where something is left off. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  let kept = '';
  let taken = 0;
  for (const grapheme of graphemesOf(text)) {
    taken += graphemeWidth(grapheme);
    if (taken > width - 1) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

/**
 * `text` in lines of at most `width` columns, broken at spaces; a word longer than a line is broken where the line ends.
 * Gives at least one line.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const grapheme of graphemesOf(word)) {
    if (piece !== '' && widthOf(piece + grapheme) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += grapheme;
  }
  return [...pieces, piece];
}
