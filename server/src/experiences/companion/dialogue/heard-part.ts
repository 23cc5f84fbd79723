/** A rest shorter than this is no story that somebody would want to hear on. */
const SHORTEST_REST = 20;
/** The part of what was heard that has to be found in what was said. */
const ALIKE = 0.8;
const SIGNIFICANT = /[\p{L}\p{N}]/u;

/** Sentences of `text`; joined by a space they are the text again. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["'”’)]*)\s+/).filter((sentence) => sentence !== '');
}

/**
 * What of `said` a person who heard only `heard` has still to hear, from the beginning of the sentence in which they cut in. Null
 * when that is nothing to speak of, or `heard` is of something else.
 */
export function unheardOf(said: string, heard: string): string | null {
  const at = endOfHeard(said, heard);
  if (at === null) return null;
  let end = 0;
  const sentences = sentencesOf(said);
  const cutIn = sentences.findIndex((sentence) => {
    end = said.indexOf(sentence, end) + sentence.length;
    return SIGNIFICANT.test(said.slice(at, end));
  });
  if (cutIn === -1) return null;
  const rest = sentences.slice(cutIn).join(' ');
  return rest.length < SHORTEST_REST ? null : rest;
}

/** How far into `said` the letters of `heard` go; null when they part too early. */
function endOfHeard(said: string, heard: string): number | null {
  const letters = [...heard].filter((letter) => SIGNIFICANT.test(letter));
  let matched = 0;
  let end = 0;
  let at = 0;
  for (const letter of said) {
    at += letter.length;
    if (!SIGNIFICANT.test(letter)) continue;
    if (matched === letters.length || letters[matched] !== letter) break;
    matched += 1;
    end = at;
  }
  return matched >= letters.length * ALIKE ? end : null;
}
