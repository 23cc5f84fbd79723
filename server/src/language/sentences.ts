import { firstClauseEnd } from './sentences-clauses.ts';
import { firstSentenceEnd } from './sentences-ends.ts';

/** A sentence without punctuation is cut at a space once it is this long, in characters. */
const LONGEST = 160;

/**
 * Cuts text that comes piece by piece into sentences, for Korean and English. Every character of the input comes out again,
 * in order, but for white space around the cuts.
 */
export interface SentenceCutter {
  /** Sentences that are complete now that `text` has come. */
  push(text: string): string[];
  /** The rest, when nothing more comes. */
  flush(): string[];
}

export interface SentenceCutterOptions {
  /** Cuts the first sentence at a clause already, for who waits for the first sound; true when absent. */
  readonly early?: boolean;
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How much of the first {@link LONGEST} UTF-16 units of `text` is whole as people see it: no half of an emoji, no lone accent. */
function endOfWholeCharacters(text: string): number {
  const end = characters.segment(text).containing(LONGEST)?.index ?? LONGEST;
  if (end > 0) return end;
  // One endless character. Still no half of a surrogate pair.
  const last = text.codePointAt(LONGEST - 1)!;
  return last > 0xff_ff ? LONGEST - 1 : LONGEST;
}

export function createSentenceCutter({ early = true }: SentenceCutterOptions = {}): SentenceCutter {
  let rest = '';
  let first = early;

  const take = (end: number): string => {
    const sentence = rest.slice(0, end).trim();
    rest = rest.slice(end).trimStart();
    if (sentence !== '') first = false;
    return sentence;
  };

  const nextCut = (): number | undefined => {
    const ends = [firstSentenceEnd(rest), first ? firstClauseEnd(rest) : undefined].filter(
      (end) => end !== undefined,
    );
    if (ends.length > 0) return Math.min(...ends);
    if (rest.length <= LONGEST) return undefined;
    const space = rest.lastIndexOf(' ', LONGEST);
    return space > 0 ? space : endOfWholeCharacters(rest);
  };

  const drain = (): string[] => {
    const sentences: string[] = [];
    for (let end = nextCut(); end !== undefined; end = nextCut()) {
      const sentence = take(end);
      if (sentence !== '') sentences.push(sentence);
    }
    return sentences;
  };

  return {
    push(text) {
      rest += text;
      return drain();
    },
    flush() {
      const sentences = drain();
      const last = take(rest.length);
      first = early;
      return last === '' ? sentences : [...sentences, last];
    },
  };
}
