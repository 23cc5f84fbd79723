import { describe, expect, it } from 'vitest';

import { createOpenUtterances } from './open-utterances.ts';
import type { OpenUtterance } from './recognizer.ts';

const utterance: OpenUtterance = {
  push: () => Promise.resolve(''),
  finish: () => Promise.resolve({ text: '', tokens: [] }),
};

describe('utterances that are being said', () => {
  it('are found until they are closed, and give back what they hold once', () => {
    const open = createOpenUtterances();
    let released = 0;
    open.add('a', utterance, () => released++);
    expect(open.get('a')).toBe(utterance);
    expect(() => open.add('a', utterance, () => {})).toThrow('open already');
    open.close('a');
    open.close('a');
    expect(released).toBe(1);
    expect(open.isOpen('a')).toBe(false);
    expect(() => open.get('a')).toThrow('not open any more');
  });

  it('are 64 at most; forgotten ones make room', () => {
    let now = 0;
    const open = createOpenUtterances(() => now);
    const released: number[] = [];
    for (let id = 0; id < 64; id++) open.add(`${id}`, utterance, () => released.push(id));
    expect(() => open.check('one more')).toThrow('64 streams are open already');
    now = 200_000;
    open.get('7');
    now = 300_001;
    open.add('one more', utterance, () => {});
    expect(released).toHaveLength(63);
    expect(open.isOpen('7')).toBe(true);
  });
});
