import { isEchoOf, isSaidIn } from '../language/echoed-words.ts';
import { judgeInterjection } from '../language/interjection.ts';

/** What became of a sound: `words` are answered, the others are not. */
export type UtteranceKind = 'words' | 'backchannel' | 'echo' | 'nothing';

export interface OverlapOfWords {
  /** What the server was saying meanwhile; null when it was silent. */
  readonly said: string | null;
  /** True when what was being said came to its end just then: a "네" answers it. */
  readonly isAnswer: boolean;
  /** True when part of the sound was the loudspeaker's. */
  readonly mayBeEcho: boolean;
  /** True when so little of it was near that it would not have been taken for speech but for its words. */
  readonly isShort: boolean;
}

/** Tells words that want an answer from those that do not. */
export function kindOf(
  text: string,
  language: string,
  { said, isAnswer, mayBeEcho, isShort }: OverlapOfWords,
): UtteranceKind {
  if (text === '') return 'nothing';
  if (said === null) return 'words';
  if (mayBeEcho && isEchoOf(text, said, language)) return 'echo';
  const interjection = judgeInterjection(text, language);
  if (isShort && interjection === 'words' && isSaidIn(text, said)) return 'echo';
  return interjection === 'backchannel' && !isAnswer ? 'backchannel' : 'words';
}
