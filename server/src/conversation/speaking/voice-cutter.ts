import {
  createSentenceCutter,
  type SentenceCutter,
  type SentenceCutterOptions,
} from '../../language/sentences.ts';

/** A sentence that nobody ends would hold the voice and the memory; what is longer is cut at a space. */
const LONGEST_SENTENCE = 240;

/** A sentence cutter that gives nothing longer than a voice should get at once. */
export function createVoiceCutter(options: SentenceCutterOptions): SentenceCutter {
  const cutter = createSentenceCutter(options);
  return {
    push: (text) => cutter.push(text).flatMap(cutLong),
    flush: () => cutter.flush().flatMap(cutLong),
  };
}

function cutLong(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_SENTENCE) {
    const space = rest.lastIndexOf(' ', LONGEST_SENTENCE);
    // Never between the two halves of one character.
    const blind = /[\ud800-\udbff]/.test(rest[LONGEST_SENTENCE - 1]!)
      ? LONGEST_SENTENCE - 1
      : LONGEST_SENTENCE;
    const end = space > 0 ? space : blind;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}
