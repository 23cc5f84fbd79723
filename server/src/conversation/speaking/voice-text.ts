import { toSpokenText } from '../../language/spoken-text.ts';
import { alignTexts } from './align-texts.ts';

/** A sentence as a voice gets it. */
export interface VoiceText {
  /** Without what nobody says; empty when nothing of it is said. */
  readonly text: string;
  /** The place in the sentence as it is written for a place in {@link VoiceText.text}, both in UTF-16 units. */
  placeOf(offset: number): number;
}

/** Turns the sentences of one reply, in order, into what is said of them: no marks of a layout, no addresses, pictures, programs. */
export interface VoiceTexts {
  next(sentence: string): VoiceText;
}

const FENCE = /^\s*(?:```|~~~)/;
/** Pictures, and all that changes how they look; `#`, `*` and digits are none, and signs such as © are read as text. */
const PICTURES =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[\u2190-\u21FF\u2600-\u27BF]|\p{Regional_Indicator}|\p{Emoji_Modifier}|\uFE0F|\u200D|\u20E3/gu;
const ADDRESS = /(?:https?:\/\/|www\.)[^\s)\]>}"'”’]+/gi;
/** Letters that laugh, weep or wonder without a syllable. */
const LONE_LETTERS = /[ㄱ-ㅎㅏ-ㅣ]{2,}|\^\^+|~+(?=\s|$|[.!?])/g;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

export function createVoiceTexts(language: string): VoiceTexts {
  const isKorean = /^ko\b/i.test(language);
  let isProgram = false;

  return {
    next(sentence) {
      const isFence = FENCE.test(sentence);
      // A fence that opens and closes in one sentence leaves things as they were.
      const fences = sentence.match(/```|~~~/g)?.length ?? 0;
      const isUnsaid = isProgram || isFence;
      if (fences % 2 === 1) isProgram = !isProgram;
      if (isUnsaid) return UNSAID;
      const plain = withoutLayout(sentence);
      const said = isKorean && /\p{Script=Hangul}/u.test(plain) ? toSpokenText(plain) : plain;
      if (!SAYS_SOMETHING.test(said)) return UNSAID;
      if (said === sentence) return { text: said, placeOf: (offset) => offset };
      let places: Uint16Array | undefined;
      return {
        text: said,
        placeOf(offset) {
          places ??= alignTexts(said, sentence);
          return places[offset] ?? sentence.length;
        },
      };
    },
  };
}

const UNSAID: VoiceText = { text: '', placeOf: () => 0 };

function withoutLayout(sentence: string): string {
  return sentence
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(ADDRESS, ' ')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, ' ')
    .replaceAll(/^\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+)+/gm, '')
    .replaceAll(/^\s*(?:[-*_=]\s*){3,}$/gm, ' ')
    .replaceAll(/(\*\*|__|~~|`+)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replaceAll(/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\*)/gu, '$1')
    .replaceAll(/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1')
    .replaceAll(/\*\*|__|~~|`|\|/g, ' ')
    .replaceAll(PICTURES, ' ')
    .replaceAll(LONE_LETTERS, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,!?…])/g, '')
    .trim();
}
