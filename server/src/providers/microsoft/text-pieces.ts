import { escapeXml } from './ssml.ts';

/** A stretch of a longer text. */
export interface TextPiece {
  readonly text: string;
  /** Where it starts in the whole, in UTF-16 units. */
  readonly offset: number;
}

const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s+|\n+/g;
const WORD_END = /\s+/g;

/**
 * Cuts text into pieces that each take at most `mostBytes` of XML in UTF-8, and together are the whole: after a sentence where
 * there is one, else after a word, else anywhere but inside a character.
 */
export function cutIntoPieces(text: string, mostBytes: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let offset = 0;
  while (offset < text.length) {
    const rest = text.slice(offset);
    const fits = unitsThatFit(rest, mostBytes);
    const start = rest.slice(0, fits);
    const end =
      fits === rest.length ? fits : lastEnd(start, SENTENCE_END) || lastEnd(start, WORD_END) || fits;
    pieces.push({ text: rest.slice(0, end), offset });
    offset += end;
  }
  return pieces;
}

/** How many UTF-16 units of `text` fit, whole characters and at least one of them. */
function unitsThatFit(text: string, mostBytes: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(escapeXml(character));
    if (bytes > mostBytes && units > 0) break;
    units += character.length;
  }
  return units;
}

function lastEnd(text: string, pattern: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
