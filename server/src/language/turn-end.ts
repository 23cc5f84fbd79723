import { judgeEnglishEnd } from './turn-end-english.ts';
import type { TurnEnd } from './turn-end-judgement.ts';
import { judgeKoreanEnd } from './turn-end-korean.ts';

export type { TurnEnd };

const CLOSING = /["'”’)\]}*\s]+$/;

/**
 * Judges the end of what was heard so far. What the words say counts more than the marks that ears put: a full stop after "…는데"
 * ends nothing. The last words decide, whatever language the session has; `language` (BCP 47) tells whether Latin letters are
 * English.
 */
export function judgeTurnEnd(text: string, language: string): TurnEnd {
  const trimmed = text.normalize('NFC').trim().replace(CLOSING, '');
  const mark = /(?:\.{2,}|…|[.,!?;:~。！？、，—–-])+$/.exec(trimmed)?.[0] ?? '';
  const said = trimmed.slice(0, trimmed.length - mark.length).trimEnd();
  if (said === '') return 'unclear';
  if (/[?？]/.test(mark)) return 'complete';
  const judged = judgeWords(said, language, mark);
  if (/…|\.{2,}|[,;:、，—–-]/.test(mark))
    return judged === 'complete' && !/[,、，—–-]/.test(mark) ? 'unclear' : 'open';
  return judged === 'unclear' && /[.!。！]/.test(mark) ? 'complete' : judged;
}

function judgeWords(said: string, language: string, mark: string): TurnEnd {
  const last = [...said.matchAll(/\p{L}/gu)].at(-1)?.[0] ?? '';
  const endsInDigits = /\p{N}$/u.test(said);
  if (/\p{Script=Hangul}/u.test(last) || (endsInDigits && /^ko\b/i.test(language)))
    return judgeKoreanEnd(said);
  if (/\p{Script=Latin}/u.test(last) && /^(?:en|ko)\b/i.test(language))
    return judgeEnglishEnd(said, mark !== '');
  return 'unclear';
}
