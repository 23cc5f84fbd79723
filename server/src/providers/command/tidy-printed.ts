import { isRecord } from '../../lib/is-record.ts';

/** `[00:00:00.000 --> 00:00:02.500]`, as whisper.cpp puts before each line. */
const STAMP = /^\s*\[\s*\d+(?::\d+)+[.,]\d+\s*-->\s*\d+(?::\d+)+[.,]\d+\s*\]\s*/;
/** Colours and cursor moves. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;
/** What programs print for sound that is no speech: `[BLANK_AUDIO]`, `(music)`, `<sil>`, `++NOISE++`. */
const NO_WORDS =
  /[[(*]\s*(?:blank[_ ]?audio|silence|music|noise|inaudible|applause|laughter|no[_ ]speech|음악|침묵|무음)\s*[\])*]|<\/?s(?:il)?>|\+\+[A-Z_]+\+\+/gi;

/** The words in what a program printed: stamps, marks and colours taken off, in one line, NFC. */
export function tidyPrinted(printed: string): string {
  return textIn(printed)
    .replaceAll(ESCAPES, '')
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(STAMP, ''))
    .join(' ')
    .replaceAll(NO_WORDS, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
}

/** The field `text` of a program that prints JSON, as vosk and Whisper's own can. */
function textIn(printed: string): string {
  if (!printed.trimStart().startsWith('{')) return printed;
  try {
    const value: unknown = JSON.parse(printed);
    return isRecord(value) && typeof value['text'] === 'string' ? value['text'] : printed;
  } catch {
    return printed;
  }
}
