import type { ServerMessage } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';
import { keptOf, readKeptTalk, stateFrom } from './kept-talk.ts';
import { talkReducer, type TalkEvent } from './talk-reducer.ts';
import { heardLength, lastReply, startTalkState, type TalkState } from './talk-state.ts';

const ready: ServerMessage = {
  type: 'ready',
  data: {
    session_id: 'ses_1',
    user_id: 'usr_1',
    experience: 'companion',
    language: 'ko',
    providers: { ears: 'fake', mind: 'fake', voice: 'fake', vad: 'fake' },
    resume_ms: 30_000,
  },
};
const final = (text: string): ServerMessage => ({
  type: 'transcript_final',
  data: { turn_id: 't1', text, kind: 'words', confidence: null },
});
const delta = (text: string): ServerMessage => ({ type: 'reply_delta', data: { turn_id: 't1', text } });
const resumed: ServerMessage = { type: 'resumed', data: { from_seq: 1 } };

function from(state: TalkState, ...events: (TalkEvent | ServerMessage)[]): TalkState {
  let seq = state.lastSeq ?? 0;
  return events.reduce(
    (before, event) =>
      talkReducer(before, 'data' in event ? { type: 'server', message: event, seq: ++seq } : event),
    state,
  );
}
const begun = (...events: (TalkEvent | ServerMessage)[]) =>
  from(startTalkState('hands-free'), ready, ...events);
/** The page is loaded anew. */
const reloaded = (state: TalkState) =>
  stateFrom(readKeptTalk(JSON.parse(JSON.stringify(keptOf(state)))), 'hands-free');
const texts = ({ captions }: TalkState) => captions.map(({ text }) => text);

describe('a talk after its page was loaded anew', () => {
  it('goes on with a reply in the middle of it, in one line', () => {
    const state = begun(final('이야기해 줘'), delta('옛날에 '), {
      type: 'audio_start',
      data: { turn_id: 't1', audio_id: 1, sample_rate: 16_000, text: '옛날에' },
    });
    const next = reloaded(state);
    expect(next).toMatchObject({ connection: 'connecting', server: null, lastSeq: state.lastSeq });
    // What was on its way as sound is there to read.
    expect(heardLength(lastReply(next.captions)!)).toBeNull();
    const after = from(next, resumed, delta('호랑이가 살았어요.'));
    expect(texts(after)).toEqual(['이야기해 줘', '옛날에 호랑이가 살았어요.']);
    expect(after).toMatchObject({ connection: 'open', comeback: null });
    expect(new Set(after.captions.map(({ id }) => id)).size).toBe(2);
  });

  it('shows words once that were typed or being heard', () => {
    const typed = reloaded(begun({ type: 'typed', text: '안녕' }));
    expect(typed.isWaiting).toBe(false);
    expect(texts(from(typed, resumed, final('안녕')))).toEqual(['안녕']);
    const partial: ServerMessage = { type: 'transcript_partial', data: { text: '안녕', stable: '' } };
    const heard = reloaded(begun(partial));
    expect(texts(heard)).toEqual([]);
    expect(texts(from(heard, resumed, final('안녕하세요')))).toEqual(['안녕하세요']);
  });

  it('waits on for an answer that was waited for', () => {
    const next = reloaded(begun(final('뭐 해?')));
    expect(next.isWaiting).toBe(true);
  });

  it('is the server’s own history where nothing else is left', () => {
    const next = reloaded(begun(final('하나'), delta('둘')));
    const history = [{ role: 'user', text: '하나' }] as const;
    const after = from(next, ready, { type: 'resync', data: { history } });
    expect(texts(after)).toEqual(['하나']);
    expect(after.comeback).toBeNull();
  });

  it.each([
    null,
    'x',
    {},
    { captions: 'x' },
    { captions: [{ by: 'reply', id: 1, text: 'x' }] },
    { said: [] },
  ])('begins without what it can not read: %j', (value) => {
    expect(readKeptTalk(value)).toBeNull();
  });

  it('keeps the last forty lines', () => {
    const many = Array.from({ length: 50 }, (_, at) => final(`${at}`));
    expect(keptOf(begun(...many)).captions).toHaveLength(40);
  });
});
