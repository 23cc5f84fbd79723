import { standardizePronunciation } from 'es-hangul';

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const ONSETS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const CODAS = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];
/** The sound of ㅇ at the end of a syllable, apart from the silent ㅇ that begins one. */
const NG = 'ŋ';

/** One sound, and the syllable of the text that it belongs to. */
export interface Phoneme {
  readonly symbol: string;
  readonly syllable: number;
}

/**
 * Text as a row of sounds. Silent ㅇ is left out and a consonant is the same symbol wherever it stands, so that `튀김이`
 * and `튀기미` are the same row: hearing does not tell them apart. Other scripts come through as they are, spaces not.
 * The pronunciation rules of standard Korean (tensing excepted) are applied first.
 */
export function toPhonemes(text: string): readonly Phoneme[] {
  const compact = text.replaceAll(/\s+/g, '');
  const spoken = pronounce(compact);
  const phonemes: Phoneme[] = [];
  for (let syllable = 0; syllable < spoken.length; syllable++) {
    const code = spoken.charCodeAt(syllable);
    if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) {
      phonemes.push({ symbol: spoken[syllable]!, syllable });
      continue;
    }
    const index = code - FIRST_SYLLABLE;
    const onset = ONSETS[Math.floor(index / 588)]!;
    const coda = CODAS[index % 28]!;
    if (onset !== 'ㅇ') phonemes.push({ symbol: onset, syllable });
    phonemes.push({ symbol: VOWELS[Math.floor((index % 588) / 28)]!, syllable });
    if (coda !== '') phonemes.push({ symbol: coda === 'ㅇ' ? NG : coda, syllable });
  }
  return phonemes;
}

/** Sounds written as syllables again: `ㅣㅣㄴㅂㅜㄴ` becomes `이인분`. Consonants that no syllable takes up are dropped. */
export function fromPhonemes(symbols: readonly string[]): string {
  let text = '';
  for (let at = 0; at < symbols.length; at++) {
    const symbol = symbols[at]!;
    const startsWithVowel = VOWELS.includes(symbol);
    const onset = startsWithVowel ? 'ㅇ' : symbol;
    const onsetIndex = ONSETS.indexOf(onset);
    if (onsetIndex < 0) {
      if (!isHangulSymbol(symbol)) text += symbol;
      continue;
    }
    if (!startsWithVowel) at++;
    const vowelIndex = at < symbols.length ? VOWELS.indexOf(symbols[at]!) : -1;
    if (vowelIndex < 0) {
      at--;
      continue;
    }
    const next = symbols[at + 1];
    const afterNext = symbols[at + 2];
    const takesCoda =
      next !== undefined &&
      !VOWELS.includes(next) &&
      (next === NG || afterNext === undefined || !VOWELS.includes(afterNext));
    const codaIndex = takesCoda ? CODAS.indexOf(next === NG ? 'ㅇ' : next) : 0;
    if (codaIndex > 0) at++;
    text += String.fromCharCode(FIRST_SYLLABLE + onsetIndex * 588 + vowelIndex * 28 + Math.max(codaIndex, 0));
  }
  return text;
}

function isHangulSymbol(symbol: string): boolean {
  return symbol === NG || VOWELS.includes(symbol) || ONSETS.includes(symbol) || CODAS.includes(symbol);
}

function pronounce(text: string): string {
  const spoken = standardizePronunciation(text, { hardConversion: false });
  return spoken.length === text.length ? spoken : text;
}
