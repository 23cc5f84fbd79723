import { normaliseUtterance } from './normalise.ts';
import { toPhonemes } from './phonemes.ts';
import { encodeSounds, findSound, type SoundRow } from './sound-distance.ts';
import { toSpokenText } from './spoken-text.ts';

/** What of the heard sounds may differ from what was said, as a share: ears make more of an echo than of a person. */
const MOST_MISHEARD = 0.3;
/** Fewer syllables than this are no evidence: people answer with the words they were asked in. */
const LEAST_KOREAN_SYLLABLES = 3;
const LEAST_LETTERS = 8;
const LEAST_OTHER_WORDS = 2;
/** Only so much of the end of what was said is searched, in characters: what is heard now was said a moment ago. */
const MOST_SAID = 600;
const MOST_HEARD = 200;

/**
 * True when what the ears heard is, by its sounds, a part of what the server was just saying: its own voice out of a
 * loudspeaker. Korean is compared as it is pronounced, numbers as they are read; other languages letter by letter.
 *
 * Short words are never judged: "네", "콜라", "yes" are said by people as by the server, and the echo guard has heard where they
 * come from. Korean needs three syllables, other languages two words with eight letters. A person who repeats three syllables of
 * what is just being said ("불고기버거요" into "불고기버거 드릴까요?") can't be told from an echo by words: ask only about sound
 * that the echo guard did not clearly find near.
 *
 * @param said What was sent to be spoken lately; only its last 600 characters count.
 * @param language BCP 47 of both.
 */
export function isEchoOf(heard: string, said: string, language: string): boolean {
  const isKorean = language.toLowerCase().split('-')[0] === 'ko';
  const heardText = heard.slice(-MOST_HEARD);
  if (!isLongEnough(heardText, isKorean)) return false;
  const heardSounds = soundsOf(heardText, isKorean);
  const saidSounds = soundsOf(said.slice(-MOST_SAID), isKorean);
  const found = findSound(heardSounds, saidSounds);
  return found !== null && found.cost <= heardSounds.length * MOST_MISHEARD;
}

/**
 * True when all that was heard are words of what the server was just saying, one after the other, letter for letter: of any
 * length, so ask only about a sound too short for anybody to have said much.
 */
export function isSaidIn(heard: string, said: string): boolean {
  const heardWords = wordsOf(heard.slice(-MOST_HEARD));
  const saidWords = wordsOf(said.slice(-MOST_SAID));
  return heardWords.trim() !== '' && saidWords.includes(heardWords);
}

/** Lower-case words with a space on either side of each. */
function wordsOf(text: string): string {
  return ` ${(
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ')} `;
}

function isLongEnough(text: string, isKorean: boolean): boolean {
  const spoken = isKorean ? toSpokenText(text) : text;
  if (isKorean && /\p{Script=Hangul}/u.test(spoken)) {
    return (spoken.match(/[가-힣]/g)?.length ?? 0) >= LEAST_KOREAN_SYLLABLES;
  }
  const words = spoken.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length >= LEAST_OTHER_WORDS && words.join('').length >= LEAST_LETTERS;
}

function soundsOf(text: string, isKorean: boolean): SoundRow {
  return encodeSounds(toPhonemes(normaliseUtterance(isKorean ? toSpokenText(text) : text).compact));
}
