import { createSentenceCutter } from '../../language/sentences.ts';

/** What a voice speaks in one go. */
export interface SentencePiece {
  readonly text: string;
  /** True when a sentence ends here, and a pause belongs after it. */
  readonly endsSentence: boolean;
  /** False for signs alone, which have no sound. */
  readonly isSpeakable: boolean;
}

const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/;
/** Best place first: after a sentence that no space follows, after a clause, between words. */
const BREAKS = [/[。！？…]["'”’)\]]*/g, /[,，、;:]\s*/g, /\s+/g];

/**
 * Cuts text into sentences, and sentences of more than `limit` UTF-16 units into pieces at the best place there is. Nothing is
 * lost but white space around the cuts.
 */
export function cutSentences(text: string, limit: number): SentencePiece[] {
  const cutter = createSentenceCutter({ early: false });
  const sentences = [...cutter.push(text), ...cutter.flush()];
  return sentences.flatMap((sentence) => cutLong(sentence, limit)).map(describe);
}

function cutLong(sentence: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > limit) {
    const end = breakBefore(rest, limit);
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

function breakBefore(text: string, limit: number): number {
  const head = text.slice(0, limit);
  for (const pattern of BREAKS) {
    let end = 0;
    for (const match of head.matchAll(pattern)) end = match.index + match[0].length;
    if (end > 0) return end;
  }
  const last = text.charCodeAt(limit - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff && limit > 1;
  return splitsPair ? limit - 1 : limit;
}

function describe(text: string): SentencePiece {
  return { text, endsSentence: SENTENCE_END.test(text), isSpeakable: /[\p{L}\p{N}]/u.test(text) };
}
