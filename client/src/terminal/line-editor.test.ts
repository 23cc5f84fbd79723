import { describe, expect, it } from 'vitest';

import { editedText, emptyEditor, insertText, pressKey, takeLine, type Editor } from './line-editor.ts';

function type(editor: Editor, ...keys: readonly (string | { name: string; ctrl?: boolean })[]): Editor {
  return keys.reduce<Editor>(
    (now, key) =>
      typeof key === 'string' ? pressKey(now, key, { sequence: key }) : pressKey(now, undefined, key),
    editor,
  );
}

describe('the line that is typed', () => {
  it('takes letters where the cursor is', () => {
    const editor = type(
      emptyEditor,
      '콜',
      '라',
      { name: 'left' },
      '!',
      { name: 'home' },
      '제',
      { name: 'end' },
      '?',
    );
    expect(editedText(editor)).toBe('제콜!라?');
  });

  it('deletes whole letters, Hangul and pictures too', () => {
    const editor = type(emptyEditor, '👨‍👩‍👧', '각');
    expect(editedText(type(editor, { name: 'backspace' }))).toBe('👨‍👩‍👧');
    expect(editedText(type(editor, { name: 'backspace' }, { name: 'backspace' }))).toBe('');
    expect(editedText(type(editor, { name: 'home' }, { name: 'delete' }))).toBe('각');
    expect(editedText(type(emptyEditor, { name: 'backspace' }, { name: 'delete' }))).toBe('');
  });

  it('puts pieces of a Hangul syllable together', () => {
    const editor = type(emptyEditor, '\u1112', '\u1161', '\u11ab');
    expect(editor.letters).toHaveLength(1);
    expect(editor.cursor).toBe(1);
  });

  it('knows the usual control keys', () => {
    const editor = type(emptyEditor, ...'one two');
    expect(editedText(type(editor, { name: 'w', ctrl: true }))).toBe('one ');
    expect(editedText(type(editor, { name: 'u', ctrl: true }))).toBe('');
    expect(editedText(type(editor, { name: 'a', ctrl: true }, { name: 'k', ctrl: true }))).toBe('');
    expect(editedText(type(editor, { name: 'z', ctrl: true }))).toBe('one two');
  });

  it('takes pasted lines as one, and nothing that a terminal would obey', () => {
    expect(editedText(insertText(emptyEditor, '콜라\n사이다\u001B[2J'))).toBe('콜라 사이다 [2J');
    expect(insertText(emptyEditor, 'x'.repeat(2000)).letters).toHaveLength(500);
  });

  it('remembers what was entered', () => {
    const first = takeLine(type(emptyEditor, ...' 콜라 '));
    expect(first.text).toBe('콜라');
    const second = takeLine(type(first.editor, ...'사이다')).editor;
    const up = { name: 'up' };
    const down = { name: 'down' };
    expect(editedText(type(second, up))).toBe('사이다');
    expect(editedText(type(second, up, up, up))).toBe('콜라');
    expect(editedText(type(second, up, up, down))).toBe('사이다');
    expect(editedText(type(second, up, down, down))).toBe('');
    expect(takeLine(type(second, up)).editor.history).toEqual(['콜라', '사이다']);
    expect(takeLine(second).editor.history).toEqual(['콜라', '사이다']);
  });
});
