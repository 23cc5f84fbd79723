import type { Viseme } from '../providers/spec/tts.ts';
import type { Mouth } from './mouth-row.ts';
import { toPhonemes } from './phonemes.ts';

/** How a sound shows in its loudness: enough to find it again without knowing the voice. */
export type SoundClass = 'vowel' | 'sonorant' | 'noise' | 'stop' | 'pause';

/** One sound of a text. */
export interface TextSound {
  readonly mouth: Mouth;
  readonly kind: SoundClass;
}

const VOWELS: Readonly<Record<string, Viseme>> = {
  ...shapes('A', 'ㅏㅑㅘ'),
  ...shapes('I', 'ㅣㅟㅢ'),
  ...shapes('U', 'ㅜㅠㅡ'),
  ...shapes('E', 'ㅐㅒㅔㅖㅙㅚㅞ'),
  ...shapes('O', 'ㅓㅕㅗㅛㅝ'),
};

/** Consonants by how they sound; the sign for ㅇ at the end of a syllable is that of `toPhonemes`. */
const KINDS: Readonly<Record<string, SoundClass>> = {
  ...kinds('sonorant', 'ㄴㄹㅁŋㄵㄶㄻㄼㄽㄾㅀ'),
  ...kinds('noise', 'ㅅㅆㅈㅉㅊㅎ'),
  ...kinds('stop', 'ㄱㄲㄷㄸㅂㅃㅋㅌㅍㄳㄺㄿㅄ'),
};
const CLOSED = 'ㅁㅂㅃㅍㅄㄻㄿ';
/** These vowels begin with a glide, which is a sound of its own. */
const GLIDES = 'ㅑㅒㅕㅖㅘㅙㅛㅝㅞㅟㅠ';

/** Letters of English as they are mostly said, the longest spelling first. */
const ENGLISH: readonly (readonly [RegExp, readonly TextSound[]])[] = [
  [/^(tion|sion)/, [sound('noise'), vowel('A'), sound('sonorant')]],
  [/^igh/, [vowel('A')]],
  [/^(ee|ea|ie|ei)/, [vowel('I')]],
  [/^(oo|ue|ew|ou(?=gh|l))/, [vowel('U')]],
  [/^(ou|ow)/, [vowel('A')]],
  [/^(ai|ay|ey)/, [vowel('E')]],
  [/^(oa|oi|oy|au|aw|or)/, [vowel('O')]],
  [/^(er|ir|ur)/, [vowel('E')]],
  [/^ar/, [vowel('A')]],
  [/^(sh|ch|th|ph|gh|ss|ff|tch)/, [sound('noise')]],
  [/^(ck|tt|dd|gg|cc)/, [sound('stop')]],
  [/^(pp|bb)/, [sound('stop', 'closed')]],
  [/^(ll|nn|rr|ng|wh|wr|kn)/, [sound('sonorant')]],
  [/^mm?/, [sound('sonorant', 'closed')]],
  [/^[pb]/, [sound('stop', 'closed')]],
  [/^e(?![a-z])/, []],
  [/^a/, [vowel('A')]],
  [/^e/, [vowel('E')]],
  [/^i/, [vowel('I')]],
  [/^y(?![aeiou])/, [vowel('I')]],
  [/^o/, [vowel('O')]],
  [/^u/, [vowel('A')]],
  [/^qu/, [sound('stop'), sound('sonorant')]],
  [/^x/, [sound('stop'), sound('noise')]],
  [/^[lnrwy]/, [sound('sonorant')]],
  [/^[cdgktq]/, [sound('stop')]],
  [/^[fhjsvz]/, [sound('noise')]],
];
/** Digits as words of English; Korean ones are words before they come here. */
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;
const PAUSE = /[,.!?;:…、。！？，\n]/u;

/**
 * The sounds of a text in their order, as well as they can be known from its letters: Korean after its pronunciation rules,
 * English by its usual spellings. A pause stands for punctuation; what nobody says is left out.
 */
export function soundsOfText(text: string): readonly TextSound[] {
  const sounds: TextSound[] = [];
  const plain = text.replaceAll(/\d/g, (digit) => ` ${DIGITS[Number(digit)]!} `);
  for (const part of plain.match(/[a-z']+|[^a-z']+/giu) ?? []) {
    if (/^[a-z']+$/i.test(part)) sounds.push(...englishSounds(part.toLowerCase()));
    else for (const { symbol } of toPhonemes(part)) sounds.push(...soundsOfSymbol(symbol));
  }
  return sounds.filter(({ kind }, at) => kind !== 'pause' || (at > 0 && sounds[at - 1]!.kind !== 'pause'));
}

function soundsOfSymbol(symbol: string): readonly TextSound[] {
  const shape = VOWELS[symbol];
  if (shape !== undefined)
    return GLIDES.includes(symbol) ? [sound('sonorant'), vowel(shape)] : [vowel(shape)];
  const kind = KINDS[symbol];
  if (kind !== undefined) return [sound(kind, CLOSED.includes(symbol) ? 'closed' : 'consonant')];
  return PAUSE.test(symbol) ? [sound('pause', 'rest')] : [];
}

function englishSounds(word: string): TextSound[] {
  const sounds: TextSound[] = [];
  for (let rest = word; rest !== '';) {
    const hit = ENGLISH.find(([spelling]) => spelling.test(rest));
    // The last letter of "the" and "be" is said, as no vowel stands before it.
    const isOnlyVowel = hit?.[1].length === 0 && !sounds.some(({ kind }) => kind === 'vowel');
    sounds.push(...(isOnlyVowel ? [vowel('I')] : (hit?.[1] ?? [])));
    rest = rest.slice(hit?.[0].exec(rest)?.[0].length ?? 1);
  }
  return sounds;
}

function sound(kind: SoundClass, mouth: Mouth = 'consonant'): TextSound {
  return { mouth, kind };
}

function vowel(mouth: Viseme): TextSound {
  return { mouth, kind: 'vowel' };
}

function shapes(shape: Viseme, letters: string): Readonly<Record<string, Viseme>> {
  return Object.fromEntries([...letters].map((letter) => [letter, shape]));
}

function kinds(kind: SoundClass, letters: string): Readonly<Record<string, SoundClass>> {
  return Object.fromEntries([...letters].map((letter) => [letter, kind]));
}
