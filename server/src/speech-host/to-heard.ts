import type { RecognizerResult } from 'sherpa-onnx-node';

import type { Heard } from '../providers/sherpa/speech-host-protocol.ts';
import { spellTokens } from './spell-tokens.ts';

/** What the library answers, in our form. `timestampScale` is 1 where the library's times are right. */
export function toHeard(result: RecognizerResult, timestampScale = 1): Heard {
  const language = /^(?:<\|)?([a-z]{2,3})(?:\|>)?$/.exec(result.lang ?? '')?.[1];
  return {
    text: spellTokens(result.text, result.tokens),
    tokens: result.tokens.map((text, index) => ({
      text,
      startMs: Math.round((result.timestamps[index] ?? 0) * 1000 * timestampScale),
    })),
    ...(language === undefined ? {} : { language }),
  };
}
