/** A stretch of a longer text. */
export interface TextPiece {
  readonly text: string;
  /** Where it starts in the whole, in UTF-16 units. */
  readonly offset: number;
  /** True when a sentence ends here and a pause belongs between this piece and the next. */
  readonly endsSentence: boolean;
}

const SENTENCE_END = /[.!?…。！？\n]["'”’)\]]*\s+/g;
const WORD_END = /\s+/g;

/**
 * Cuts text into pieces of at most `limit` UTF-16 units that together are the whole: after a sentence where there is one, else
 * after a word, else anywhere but inside a character. Short text stays one piece, so that its melody is the voice's own.
 */
export function cutText(text: string, limit: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let offset = 0;
  while (offset < text.length) {
    const rest = text.slice(offset, offset + limit);
    const isLast = offset + limit >= text.length;
    const sentence = isLast ? 0 : lastEnd(rest, SENTENCE_END);
    const end = isLast ? rest.length : sentence || lastEnd(rest, WORD_END) || characterEnd(rest);
    pieces.push({ text: rest.slice(0, end), offset, endsSentence: sentence > 0 });
    offset += end;
  }
  return pieces;
}

function lastEnd(text: string, pattern: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}

function characterEnd(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff && text.length > 1;
  return splitsPair ? text.length - 1 : text.length;
}
