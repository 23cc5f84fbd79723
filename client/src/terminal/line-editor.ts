import { graphemesOf, printable } from './text-width.ts';

const LONGEST_LINE = 500;
const HISTORY_LIMIT = 50;

/** The line that is being typed. */
export interface Editor {
  /** What is seen as letters, one each: Hangul syllables and pictures are never cut in two. */
  readonly letters: readonly string[];
  /** Letters before the cursor. */
  readonly cursor: number;
  /** Lines entered before, newest last. */
  readonly history: readonly string[];
  /** Position in `history` while looking through it; its length while not. */
  readonly at: number;
}

/** One press of a key, as Node's `readline` tells it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

export const emptyEditor: Editor = { letters: [], cursor: 0, history: [], at: 0 };

/** What is typed so far. */
export function editedText(editor: Editor): string {
  return editor.letters.join('');
}

/** The editor after a press; Enter and the keys that leave are not for it. */
export function pressKey(editor: Editor, text: string | undefined, key: Key): Editor {
  const { letters, cursor } = editor;
  if (key.ctrl === true) return pressControl(editor, key.name);
  switch (key.name) {
    case 'left':
      return { ...editor, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { ...editor, cursor: Math.min(letters.length, cursor + 1) };
    case 'home':
      return { ...editor, cursor: 0 };
    case 'end':
      return { ...editor, cursor: letters.length };
    case 'backspace':
      return cursor === 0 ? editor : without(editor, cursor - 1, cursor);
    case 'delete':
      return without(editor, cursor, cursor + 1);
    case 'up':
      return recall(editor, editor.at - 1);
    case 'down':
      return recall(editor, editor.at + 1);
    default:
      return text === undefined || key.meta === true ? editor : insertText(editor, text);
  }
}

function pressControl(editor: Editor, name: string | undefined): Editor {
  const { letters, cursor } = editor;
  switch (name) {
    case 'a':
      return { ...editor, cursor: 0 };
    case 'e':
      return { ...editor, cursor: letters.length };
    case 'u':
      return without(editor, 0, cursor);
    case 'k':
      return without(editor, cursor, letters.length);
    case 'w':
      return without(editor, wordStart(letters, cursor), cursor);
    case 'h':
      return cursor === 0 ? editor : without(editor, cursor - 1, cursor);
    default:
      return editor;
  }
}

/** Text at the cursor, as one line: what is pasted never presses Enter. */
export function insertText(editor: Editor, text: string): Editor {
  const clean = text.replaceAll(/[\r\n\t]+/g, ' ');
  const added =
    clean === ' ' ? clean : printable(clean) + (clean.length > 1 && clean.endsWith(' ') ? ' ' : '');
  const before = editor.letters.slice(0, editor.cursor).join('');
  const after = editor.letters.slice(editor.cursor).join('');
  // Letters typed one after the other may be one letter together, as pieces of a Hangul syllable are.
  const letters = graphemesOf(before + added + after).slice(0, LONGEST_LINE);
  const cursor = letters.length - graphemesOf(after).length;
  return { ...editor, letters, cursor: Math.max(0, cursor), at: editor.history.length };
}

/** The line as it was entered, and the editor for the next one. */
export function takeLine(editor: Editor): { readonly text: string; readonly editor: Editor } {
  const text = editedText(editor).trim();
  const isNew = text !== '' && editor.history.at(-1) !== text;
  const history = isNew ? [...editor.history, text].slice(-HISTORY_LIMIT) : editor.history;
  return { text, editor: { letters: [], cursor: 0, history, at: history.length } };
}

function without(editor: Editor, from: number, to: number): Editor {
  return {
    ...editor,
    letters: [...editor.letters.slice(0, from), ...editor.letters.slice(to)],
    cursor: from,
    at: editor.history.length,
  };
}

function recall(editor: Editor, at: number): Editor {
  if (at < 0 || at > editor.history.length) return editor;
  const letters = graphemesOf(editor.history[at] ?? '');
  return { ...editor, letters, cursor: letters.length, at };
}

function wordStart(letters: readonly string[], cursor: number): number {
  let start = cursor;
  while (start > 0 && letters[start - 1] === ' ') start -= 1;
  while (start > 0 && letters[start - 1] !== ' ') start -= 1;
  return start;
}
