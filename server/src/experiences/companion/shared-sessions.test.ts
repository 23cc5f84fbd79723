import { describe, expect, it } from 'vitest';
import type { Said } from '../../conversation/dialogue.ts';
import type { FinishedTurn } from '../../conversation/ports.ts';
import { FIRST_STATE, type CompanionState } from './dialogue/state.ts';
import { createSharedSessions, type SessionWay } from './shared-sessions.ts';

const stateWith = (change: Partial<CompanionState>): CompanionState => ({ ...FIRST_STATE, ...change });

/** A turn of `way`, from the words to its being kept. `own`: what it knows of the talk by itself. */
function turn(
  way: SessionWay,
  text: string,
  given: unknown,
  change: Partial<CompanionState>,
  own: Said[] = [],
) {
  const context = way.contextOf({
    sessionId: 'ses_1',
    turnId: text,
    language: 'ko',
    state: given,
    history: own,
  });
  const before = (context.state ?? FIRST_STATE) as CompanionState;
  const state = { ...before, turns: before.turns + 1, ...change };
  way.noteState(state, context);
  const finished = { heard: { text, source: 'text' }, replyHeard: `${text}!`, state };
  return {
    before,
    history: context.history!,
    state,
    keep: () => way.noteKept(finished as unknown as FinishedTurn),
  };
}

const pair = (text: string): Said[] => [
  { role: 'user', text },
  { role: 'assistant', text: `${text}!` },
];

describe('two ways into a session', () => {
  it('know of each other’s turns once these are kept, where they were said', () => {
    const sessions = createSharedSessions();
    const [live, beside] = [sessions.open('ses_1'), sessions.open('ses_1')];
    const leave = live.join();
    const one = turn(live, '하나', null, { name: '민지' });
    one.keep();
    turn(beside, '둘', one.state, { facts: { 취미: '수영' } }).keep();
    const three = turn(live, '셋', one.state, {}, pair('하나'));
    expect(three.before).toMatchObject({ name: '민지', facts: { 취미: '수영' }, turns: 2 });
    expect(three.history).toEqual([...pair('하나'), ...pair('둘')]);
    three.keep();
    // Cut off a moment ago and not kept yet.
    const own = [...pair('하나'), ...pair('셋'), ...pair('넷')];
    expect(live.said(own)).toEqual([...pair('하나'), ...pair('둘'), ...pair('셋'), ...pair('넷')]);
    // It holds that already.
    expect(turn(live, '다섯', three.state, {}, own).before.turns).toBe(3);
    leave();
    turn(sessions.open('ses_1'), '여섯', three.state, { name: '준호' }).keep();
    expect(turn(live, '일곱', three.state, {}).before.name).toBe('민지');
  });

  it('tell again what a turn that came to nothing had been told', () => {
    const sessions = createSharedSessions();
    const live = sessions.open('ses_1');
    live.join();
    const begun = stateWith({ turns: 1 });
    turn(sessions.open('ses_1'), '이름', begun, { name: '민지' }).keep();
    for (const text of ['하나', '둘']) {
      // Neither comes to a state: the conversation stays where it was.
      expect(turn(live, text, begun, {}).before).toMatchObject({ name: '민지', turns: 2 });
    }
  });

  it('tell nothing to other sessions', () => {
    const sessions = createSharedSessions();
    const other = sessions.open('ses_2');
    other.join();
    turn(sessions.open('ses_1'), '하나', null, { name: '민지' }).keep();
    expect(turn(other, '둘', null, {}).before.name).toBeNull();
    expect(other.said([])).toEqual([]);
  });

  it('lose nothing of a hundred turns, and show the last of them', () => {
    const sessions = createSharedSessions();
    const live = sessions.open('ses_1');
    live.join();
    let state: unknown = null;
    for (let at = 0; at < 100; at++) {
      const each = turn(sessions.open('ses_1'), `${at}`, state, { facts: { [`${at % 20}`]: `${at}` } });
      each.keep();
      state = { ...each.state, facts: { ...each.before.facts, ...each.state.facts } };
    }
    const { before, history } = turn(live, '그래서', null, {});
    expect(Object.values(before.facts)).toHaveLength(20);
    expect(before.turns).toBe(100);
    expect(history).toHaveLength(40);
    expect(history.at(-1)).toEqual({ role: 'assistant', text: '99!' });
  });

  it('make one state of two that were made at once', () => {
    const sessions = createSharedSessions();
    const [live, beside] = [sessions.open('ses_1'), sessions.open('ses_1')];
    const begun = stateWith({ turns: 3, name: '민지', facts: { 취미: '수영', 고향: '부산' } });
    const mine = turn(live, '하나', begun, { facts: { 취미: '등산', 고향: '부산' } });
    const theirs = turn(beside, '둘', begun, { name: '대장', facts: { 취미: '수영', 고향: '서울' } });
    expect(live.stateOver(mine.state, theirs.state)).toMatchObject({
      turns: 5,
      name: '대장',
      facts: { 취미: '등산', 고향: '서울' },
    });
    // What another version left can't be gone on from.
    expect(live.stateOver(mine.state, { version: 0 })).toBe(mine.state);
    expect(live.stateOver(mine.state, null)).toBe(mine.state);
  });
});
