/** An utterance with its spaces taken out, because hearing loses and invents them. */
export interface NormalisedText {
  /** Lower case, no spaces, no punctuation. */
  readonly compact: string;
  /** `breaks[i]`: a space or a punctuation mark stood before character `i`; true at both ends. Length `compact.length + 1`. */
  readonly breaks: readonly boolean[];
}

/**
 * Text ready for matching: NFC, lower case, without jamo that belong to no syllable (recognisers leave them), without
 * punctuation, digits without thousands separators.
 */
export function normaliseUtterance(text: string): NormalisedText {
  const clean = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u1100-\u11ff\u3131-\u318e]/g, '')
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    // x2, 2x: so many of it
    .replaceAll(/\bx(?=\d)|(?<=\d)x\b/g, ' ')
    .replaceAll(/(?<=[a-z])['’](?=[a-z])/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  let compact = '';
  const breaks: boolean[] = [true];
  for (let at = 0; at < clean.length; at++) {
    if (clean[at] === ' ') {
      breaks[compact.length] = true;
      continue;
    }
    compact += clean[at];
    breaks[compact.length] = false;
  }
  breaks[compact.length] = true;
  return { compact, breaks };
}
