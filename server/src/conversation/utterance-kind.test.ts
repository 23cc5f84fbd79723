import { expect, it } from 'vitest';
import { kindOf, type OverlapOfWords } from './utterance-kind.ts';

const SAID = '아메리카노 두 잔 맞으세요? 네, 바로 준비할게요.';
const overlap: OverlapOfWords = { said: SAID, isAnswer: false, mayBeEcho: false, isShort: false };

it.each<readonly [what: string, text: string, overlap: Partial<OverlapOfWords>, kind: string]>([
  ['no words', '', {}, 'nothing'],
  ['words into silence', '두 잔', { said: null, isShort: true, mayBeEcho: true }, 'words'],
  ['words over the voice', '콜라 하나 주세요', {}, 'words'],
  ['the words of the voice, near', '아메리카노 두 잔', {}, 'words'],
  ['the words of the voice, perhaps from the loudspeaker', '아메리카노 두 잔', { mayBeEcho: true }, 'echo'],
  ['one word of the voice in a sound too short to be speech', '두', { isShort: true }, 'echo'],
  ['the same just before the end', '두', { isShort: true, isAnswer: true }, 'echo'],
  ['another word so short', '콜라', { isShort: true }, 'words'],
  [
    'a short stop word, said by the voice, too',
    '그만',
    { isShort: true, said: '이제 그만 할까요?' },
    'words',
  ],
  ['agreement', '네', {}, 'backchannel'],
  ['agreement as short as it comes', '네', { isShort: true }, 'backchannel'],
  ['agreement that answers', '네', { isAnswer: true, isShort: true }, 'words'],
])('%s: %s', (_what, text, options, kind) => {
  expect(kindOf(text, 'ko', { ...overlap, ...options })).toBe(kind);
});
