/** One to three clauses; every word ends in its number. */
export function drawText(random: () => number): string {
  const words: string[] = [];
  const clauses = 1 + Math.floor(random() * 3);
  for (let clause = 0; clause < clauses; clause++) {
    const length = 2 + Math.floor(random() * 4);
    for (let word = 0; word < length; word++) {
      const end = word < length - 1 ? '' : clause < clauses - 1 ? ',' : '.';
      words.push(`${'가나다라마'.slice(0, 1 + Math.floor(random() * 4))}${words.length}${end}`);
    }
  }
  return words.join(' ');
}

/** Words of simulated texts end in their number: `단어12`. */
export function wordNumber(word: string): number {
  return Number(/\d+/.exec(word)?.[0] ?? 0);
}
