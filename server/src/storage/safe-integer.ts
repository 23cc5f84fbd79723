/**
 * Text of a 64-bit or decimal column as a number.
 *
 * @throws {RangeError} for an integer that a JS number can't hold exactly.
 */
export function numberFromColumn(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) throw unsafe();
  return number;
}

/** @throws {RangeError} when a number in `rows` is an integer beyond what a JS number holds exactly. */
export function assertSafeIntegers(rows: readonly unknown[]): void {
  for (const row of rows) {
    for (const value of Object.values(row as Readonly<Record<string, unknown>>)) {
      if (typeof value !== 'number') continue;
      if ((value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) && Number.isInteger(value))
        throw unsafe();
    }
  }
}

function unsafe(): RangeError {
  return new RangeError('The database holds an integer beyond 2^53 - 1. Store it as text.');
}
