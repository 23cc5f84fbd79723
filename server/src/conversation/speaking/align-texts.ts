/**
 * Where each UTF-16 unit of `made` stands in `original`, of which it was made by leaving out, replacing and adding: by their
 * longest common subsequence. What has no counterpart stands at the end of what was matched before it. One entry more than
 * `made` is long, for its end.
 */
export function alignTexts(made: string, original: string): Uint16Array {
  const places = new Uint16Array(made.length + 1);
  let from = 0;
  while (from < made.length && made[from] === original[from]) places[from] = from++;
  let madeEnd = made.length;
  let originalEnd = original.length;
  while (madeEnd > from && originalEnd > from && made[madeEnd - 1] === original[originalEnd - 1]) {
    places[--madeEnd] = --originalEnd;
  }
  places[made.length] = original.length;

  const width = originalEnd - from + 1;
  const lengths = new Uint16Array((madeEnd - from + 1) * width);
  for (let row = madeEnd - from - 1; row >= 0; row--) {
    for (let column = width - 2; column >= 0; column--) {
      const at = row * width + column;
      lengths[at] =
        made[from + row] === original[from + column]
          ? lengths[at + width + 1]! + 1
          : Math.max(lengths[at + width]!, lengths[at + 1]!);
    }
  }
  let row = 0;
  let column = 0;
  while (row < madeEnd - from) {
    const at = row * width + column;
    const isMatch = column < width - 1 && made[from + row] === original[from + column];
    if (isMatch || lengths[at + width]! >= (lengths[at + 1] ?? 0) || column === width - 1) {
      places[from + row++] = from + column;
      if (isMatch) column++;
    } else column++;
  }
  return places;
}
