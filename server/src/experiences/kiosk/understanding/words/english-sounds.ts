/** Spellings that are said alike, longest first. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/ough/g, 'o'],
  [/tch/g, 'j'],
  [/ck/g, 'k'],
  [/ph/g, 'f'],
  [/wh/g, 'w'],
  [/sch|sh/g, 's'],
  [/ch/g, 'j'],
  [/qu/g, 'kw'],
  [/x/g, 'ks'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/z/g, 's'],
  [/(?:er|ar|or|ur)s?$/g, 'a'],
  [/ee|ea|ie/g, 'i'],
  [/oo|ou/g, 'u'],
  [/(.)\1+/g, '$1'],
];

/** English letters as a rough row of sounds: `cheez burgas` and `cheeseburgers` come close to each other. */
export function englishSounds(compact: string): readonly { readonly symbol: string }[] {
  let text = compact;
  for (const [pattern, sound] of ALIKE) text = text.replaceAll(pattern, sound);
  return [...text].map((symbol) => ({ symbol }));
}
