/**
 * The demo ear's letters as text: jamo become syllables, and jamo that no syllable took up (slips such as a doubled
 * final consonant) are dropped.
 */
export function tidyJamo(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u1100-\u11ff]/g, '')
    .replace(/ +/g, ' ')
    .trim();
}
