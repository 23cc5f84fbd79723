import { describe, expect, it } from 'vitest';
import { createAskedTurns } from './asked-turns.ts';

describe('turns of a talk', () => {
  it('are answered once, aloud', () => {
    const turns = createAskedTurns();
    turns.ask('one');
    expect(turns.answer('one')).toEqual({ wasAsked: true, isUnsaid: false });
    expect(turns.end('one')).toBe(false);
    expect(turns.clear()).toBe(0);
  });

  it('are answered without a word when somebody spoke over them before', () => {
    const turns = createAskedTurns();
    turns.ask('one');
    turns.ask('two');
    turns.cut('one');
    expect(turns.answer('one')).toEqual({ wasAsked: true, isUnsaid: true });
    expect(turns.answer('two')).toEqual({ wasAsked: true, isUnsaid: false });
    // Cut off while it was said: it is on the screen already.
    turns.cut('two');
    expect(turns.clear()).toBe(0);
  });

  it('may be answered after an apology was said in place of the answer', () => {
    const turns = createAskedTurns();
    turns.ask('one');
    expect(turns.end('one')).toBe(true);
    expect(turns.answer('one')).toEqual({ wasAsked: false, isUnsaid: true });
  });

  it('of before the page was loaded are answered too', () => {
    expect(createAskedTurns().answer('one')).toEqual({ wasAsked: false, isUnsaid: false });
  });

  it('that are forgotten are counted', () => {
    const turns = createAskedTurns();
    turns.ask('one');
    turns.ask('two');
    turns.cut('two');
    expect(turns.clear()).toBe(2);
    expect(turns.answer('two')).toEqual({ wasAsked: false, isUnsaid: false });
  });
});
