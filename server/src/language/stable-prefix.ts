/** What the ears hear so far, and how much of it will stay. */
export interface StableText {
  /** The ears' latest words, trimmed. */
  readonly text: string;
  /** The part of `text` from its start that has held; it ends at the end of a word. */
  readonly stable: string;
}

export interface StablePrefix {
  push(partial: string): StableText;
}

interface Word {
  /** Where it ends in the text. */
  readonly end: number;
  /** How many letters and digits there are up to its end. */
  readonly letters: number;
}

/**
 * Tells which words of an utterance will stay while the ears still change their mind. One for each utterance.
 *
 * A word has held when the last two partials agree on it and two words follow it, or the last three agree and one follows. Only
 * letters and digits are compared: ears move spaces and punctuation to the end. The stable part grows. Where the ears
 * contradict it, it falls back to what they still agree on, and from that place on nothing is called stable again.
 */
export function createStablePrefix(): StablePrefix {
  let latest: StableText = { text: '', stable: '' };
  let letters = '';
  /** How many letters the last two partials had in common. */
  let agreedBefore = 0;
  let stableLetters = '';
  /** Where the ears contradicted what was stable. */
  let contradictedAt = Number.POSITIVE_INFINITY;

  return {
    push(partial) {
      const text = partial.trim();
      // Saying the same again is no evidence: some ears repeat themselves, others do not.
      if (text === latest.text) return latest;
      const words = wordsOf(text);
      const now = lettersOf(text);
      const agreed = commonLength(letters, now);
      const twice = heldLetters(words, agreed, 2);
      const thrice = heldLetters(words, Math.min(agreed, agreedBefore), 1);
      letters = now;
      agreedBefore = agreed;

      const kept = commonLength(stableLetters, now);
      if (kept < stableLetters.length) contradictedAt = Math.min(contradictedAt, kept);
      const length = Math.min(Math.max(kept, twice, thrice), contradictedAt);
      stableLetters = now.slice(0, length);
      const end = words.findLast((word) => word.letters <= length)?.end ?? 0;
      latest = { text, stable: text.slice(0, end) };
      return latest;
    },
  };
}

/** How many letters of the words have held that `following` others follow, when so many `agreed` letters did. */
function heldLetters(words: readonly Word[], agreed: number, following: number): number {
  // A letter more has to agree, or the word could still go on: 사이 may become 사이다.
  const held = words.findLast((word, index) => word.letters < agreed && index + following < words.length);
  return held?.letters ?? 0;
}

function wordsOf(text: string): Word[] {
  let letters = 0;
  return [...text.matchAll(/\S+/g)].map((match) => {
    letters += lettersOf(match[0]).length;
    return { end: match.index + match[0].length, letters };
  });
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '');
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
