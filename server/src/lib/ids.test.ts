import { describe, expect, it } from 'vitest';
import { isId, newId } from './ids.ts';

describe('newId', () => {
  it('says what it names and is made of the random bytes alone', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 16);
    const id = newId('ses', () => bytes);
    expect(id).toMatch(/^ses_[0-9a-z]{26}$/);
    expect(newId('ses', () => bytes)).toBe(id);
    expect(newId('ses', () => bytes.map((byte, index) => (index === 15 ? byte + 1 : byte)))).not.toBe(id);
  });

  it('does not repeat itself', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId('ord'))).size).toBe(10_000);
  });
});

describe('isId', () => {
  it('knows its own and nothing else', () => {
    const id = newId('vox');
    expect(isId('vox', id)).toBe(true);
    for (const other of [
      id.slice(1),
      `${id}0`,
      id.replace('vox', 'ses'),
      '../vox',
      `vox_${'u'.repeat(26)}`,
      `vox_${'../'.repeat(9)}`.slice(0, 30),
      '',
    ]) {
      expect(isId('vox', other)).toBe(false);
    }
  });
});
