const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** The number that English `words` are as a whole: `forty two`, `1,200`, `3.5`; null when they are none. */
export function parseEnglishNumber(words: string): number | null {
  const text = words.trim().toLowerCase();
  if (/^-?\d[\d,]*(?:\.\d+)?$/.test(text)) return Number(text.replaceAll(',', ''));
  const parts = text.split(/[\s-]+/).filter((word) => word !== 'and' && word !== 'a');
  if (parts.length === 0 || (parts.length === 1 && parts[0] === '')) return null;
  let total = 0;
  let group = 0;
  for (const word of parts) {
    const one = ONES.indexOf(word);
    const ten = TENS.indexOf(word);
    if (one !== -1) group += one;
    else if (ten !== -1) group += (ten + 2) * 10;
    else if (word === 'hundred') group = Math.max(1, group) * 100;
    else if (word === 'thousand') [total, group] = [total + Math.max(1, group) * 1_000, 0];
    else return null;
  }
  return total + group;
}

/** A whole number from 0 to 100 in English words. */
export function englishNumber(value: number): string {
  if (value < 20) return ONES[value]!;
  if (value === 100) return 'one hundred';
  const ten = TENS[Math.floor(value / 10) - 2]!;
  return value % 10 === 0 ? ten : `${ten}-${ONES[value % 10]!}`;
}
