let codes: ReadonlyMap<string, string> | undefined;

/** Names that the models give and English dictionaries spell otherwise. */
const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ['mandarin', 'zh'],
  ['castilian', 'es'],
  ['flemish', 'nl'],
  ['myanmar', 'my'],
  ['haitian creole', 'ht'],
  ['moldavian', 'ro'],
  ['punjabi', 'pa'],
  ['panjabi', 'pa'],
  ['sinhala', 'si'],
  ['valencian', 'ca'],
];

/** The code of what a server calls a language: `korean`, `Korean`, `ko` and `ko-KR` are all `ko`; null for anything else. */
export function languageCode(name: string): string | null {
  const lower = name.trim().toLowerCase();
  const primary = lower.split(/[-_]/, 1)[0]!;
  codes ??= englishNames();
  return codes.get(lower) ?? (/^[a-z]{2,3}$/.test(primary) ? primary : null);
}

function englishNames(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  const found = new Map<string, string>();
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  for (const first of letters) {
    for (const second of letters) {
      const code = first + second;
      const name = names.of(code)?.toLowerCase();
      // Codes that were replaced come again under the new one's name.
      if (name !== undefined && Intl.getCanonicalLocales(code)[0] === code) found.set(name, code);
    }
  }
  for (const [name, code] of OTHER_NAMES) found.set(name, code);
  return found;
}
