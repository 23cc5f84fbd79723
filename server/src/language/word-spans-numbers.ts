/** Syllables of zero to nineteen in English. */
const UNITS = [2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2];

/** About how many syllables a number in digits has when it is read in English: `10,900` has seven. */
export function englishNumberSyllables(digits: string): number {
  const [whole = '', ...parts] = digits.replaceAll(/,(?=\d{3}(?!\d))/g, '').split(/[.,]/);
  const spelled = parts.reduce((sum, part) => sum + 1 + digitByDigit(part), 0);
  const isSpelled = whole.length > 13 || (whole.length > 1 && whole.startsWith('0'));
  return spelled + (isSpelled ? digitByDigit(whole) : wholeNumber(Number(whole)));
}

function wholeNumber(value: number): number {
  if (value < 1000) return belowThousand(value, value === 0);
  let syllables = belowThousand(value % 1000, false);
  for (let rest = Math.floor(value / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    // thousand, million, billion
    if (rest % 1000 > 0) syllables += belowThousand(rest % 1000, false) + 2;
  }
  return syllables;
}

function belowThousand(value: number, saysZero: boolean): number {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const above = hundreds === 0 ? 0 : UNITS[hundreds]! + 2;
  if (rest === 0) return above + (saysZero ? UNITS[0]! : 0);
  if (rest < UNITS.length) return above + UNITS[rest]!;
  const tens = Math.floor(rest / 10);
  return above + (tens === 7 ? 3 : 2) + (rest % 10 === 0 ? 0 : UNITS[rest % 10]!);
}

function digitByDigit(digits: string): number {
  return [...digits].reduce((sum, digit) => sum + UNITS[Number(digit)]!, 0);
}
