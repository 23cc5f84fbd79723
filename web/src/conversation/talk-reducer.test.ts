import type { ServerMessage, TurnTimings } from '@malbeot/protocol';
import { describe, expect, it } from 'vitest';

import { talkReducer, withHistory, type TalkEvent } from './talk-reducer.ts';
import {
  heardLength,
  lastReply,
  phaseOf,
  startTalkState,
  type ReplyCaption,
  type TalkState,
} from './talk-state.ts';
import { stepsOf } from './turn-timings.tsx';

const timings: TurnTimings = {
  endpoint_ms: 300,
  final_ms: 380,
  first_token_ms: 420,
  first_audio_ms: 500,
  done_ms: 900,
  speculative: false,
};
const providers = { ears: 'fake', mind: 'fake', voice: 'fake' };
const ready: ServerMessage = {
  type: 'ready',
  data: {
    session_id: 'ses_1',
    user_id: 'usr_1',
    experience: 'companion',
    language: 'ko',
    providers: { ...providers, vad: 'fake' },
    resume_ms: 60_000,
  },
};

function run(...events: (TalkEvent | ServerMessage)[]): TalkState {
  return from(startTalkState('hands-free'), ...events);
}

function from(state: TalkState, ...events: (TalkEvent | ServerMessage)[]): TalkState {
  return events.reduce(
    (before, event) =>
      talkReducer(before, 'data' in event ? { type: 'server', message: event, seq: 1 } : event),
    state,
  );
}

const partial = (text: string, stable: string): ServerMessage => ({
  type: 'transcript_partial',
  data: { text, stable },
});
const final = (
  text: string,
  kind: 'words' | 'backchannel' | 'echo' | 'nothing' = 'words',
): ServerMessage => ({ type: 'transcript_final', data: { turn_id: 't1', text, kind, confidence: null } });
const delta = (text: string, turnId = 't1'): ServerMessage => ({
  type: 'reply_delta',
  data: { turn_id: turnId, text },
});
const audioStart = (audioId: number, text: string, turnId = 't1'): ServerMessage => ({
  type: 'audio_start',
  data: { turn_id: turnId, audio_id: audioId, sample_rate: 24_000, text },
});
const audioEnd = (audioId: number, ms: number): ServerMessage => ({
  type: 'audio_end',
  data: { audio_id: audioId, duration_ms: ms },
});
const done = (text: string, turnId = 't1'): ServerMessage => ({
  type: 'reply_done',
  data: { turn_id: turnId, text, timings, providers },
});
const stopped = (heardText: string, turnId = 't1'): ServerMessage => ({
  type: 'interrupted',
  data: { turn_id: turnId, heard_text: heardText },
});
const played = (audioId: number, ms: number): TalkEvent => ({ type: 'played', audioId, ms, atMs: 0 });
const sending: TalkEvent = { type: 'microphone', state: 'sending' };
const heard = (state: TalkState) => {
  const reply = lastReply(state.captions)!;
  return reply.text.slice(0, heardLength(reply) ?? reply.text.length);
};
const texts = (state: TalkState) => state.captions.map(({ text }) => text);

describe('talkReducer', () => {
  it('goes from the connection to the answer, one phase after the other', () => {
    let state = run();
    expect(phaseOf(state)).toBe('connecting');
    state = from(state, ready);
    expect(phaseOf(state)).toBe('resting');
    state = from(state, sending);
    expect(phaseOf(state)).toBe('listening');
    state = from(state, { type: 'speech_started', data: { at_ms: 0 } });
    expect(phaseOf(state)).toBe('hearing');
    state = from(state, { type: 'speech_stopped', data: { at_ms: 900, duration_ms: 900 } }, final('안녕'));
    expect(phaseOf(state)).toBe('thinking');
    state = from(state, delta('네. '), audioStart(1, '네.'));
    expect(phaseOf(state)).toBe('speaking');
    state = from(state, { type: 'duck', data: { decibels: 20 } });
    expect(phaseOf(state)).toBe('ducked');
    state = from(state, { type: 'restore', data: {} });
    expect(phaseOf(state)).toBe('speaking');
    state = from(state, done('네.'));
    expect(phaseOf(state)).toBe('listening');
  });

  it('keeps speaking between two sentences and while the last one sounds', () => {
    const state = run(ready, delta('하나. 둘.'), audioStart(1, '하나.'), {
      type: 'loudspeaker',
      state: 'playing',
    });
    const between = from(state, audioEnd(1, 100), played(1, 100), { type: 'loudspeaker', state: 'idle' });
    expect(phaseOf(between)).toBe('speaking');
    const sounding = from(
      between,
      audioStart(2, '둘.'),
      { type: 'loudspeaker', state: 'playing' },
      done('하나. 둘.'),
    );
    expect(phaseOf(sounding)).toBe('speaking');
    expect(phaseOf(from(sounding, { type: 'loudspeaker', state: 'idle' }))).toBe('resting');
  });

  it('shows words as they are heard, and turns the same line into what was said', () => {
    let state = run(ready, partial('오늘 비', '오늘 '), partial('오늘 비가 오', '오늘 비가 '));
    expect(state.captions).toMatchObject([{ text: '오늘 비가 오', stable: 6, isFinal: false }]);
    const { id } = state.captions[0]!;
    state = from(state, final('오늘 비가 오네.'));
    expect(state.captions).toMatchObject([{ id, text: '오늘 비가 오네.', stable: 9, isFinal: true }]);
  });

  it('takes back what turned out to be an echo, a cough or nothing', () => {
    for (const kind of ['echo', 'nothing'] as const) {
      const state = run(ready, partial('음', ''), final('음', kind));
      expect(state.captions).toEqual([]);
      expect(state.isWaiting).toBe(false);
    }
  });

  it('shows a backchannel without waiting for an answer', () => {
    const state = run(
      ready,
      delta('길게 말하는 중'),
      audioStart(1, '길게 말하는 중'),
      final('네', 'backchannel'),
    );
    expect(state.captions.at(-1)).toMatchObject({ text: '네', kind: 'backchannel' });
    expect(state.isWaiting).toBe(false);
    expect(phaseOf(state)).toBe('speaking');
  });

  it('shows typed words at once and once only', () => {
    const typed: TalkEvent = { type: 'typed', text: '안녕' };
    expect(texts(run(ready, typed))).toEqual(['안녕']);
    expect(texts(run(ready, typed, final('안녕')))).toEqual(['안녕']);
    // Said again, it is another turn.
    expect(texts(run(ready, typed, final('안녕'), done('네.'), final('안녕')))).toEqual([
      '안녕',
      '네.',
      '안녕',
    ]);
  });

  it('marks what was heard by how far the loudspeaker got, at the ends of words', () => {
    let state = run(
      ready,
      delta('비가 오네요. 국물이 좋겠어요.'),
      audioStart(1, '비가 오네요.'),
      audioStart(2, '국물이 좋겠어요.'),
    );
    expect(heard(state)).toBe('');
    state = from(state, audioEnd(1, 1000), played(1, 600));
    expect(heard(state)).toBe('비가');
    state = from(state, played(1, 1000));
    expect(heard(state)).toBe('비가 오네요.');
    state = from(state, audioEnd(2, 1000), played(2, 600));
    expect(heard(state)).toBe('비가 오네요. 국물이');
    state = from(state, played(2, 1000), done('비가 오네요. 국물이 좋겠어요.'));
    expect(heard(state)).toBe('비가 오네요. 국물이 좋겠어요.');
  });

  it('never takes back what was heard', () => {
    const state = run(
      ready,
      delta('비가 오네요.'),
      audioStart(1, '비가 오네요.'),
      audioEnd(1, 1000),
      played(1, 1000),
      played(1, 300),
    );
    expect(heard(state)).toBe('비가 오네요.');
  });

  it('leaves a reply without sound unmarked', () => {
    const state = run(ready, delta('글로만 답해요.'), done('글로만 답해요.'));
    expect(heardLength(lastReply(state.captions)!)).toBeNull();
  });

  it('keeps of a stopped reply what the server says was heard', () => {
    let state = run(
      ready,
      final('뭐 먹지'),
      delta('하나를 말하고 둘을 말해요.'),
      audioStart(1, '하나를 말하고 둘을 말해요.'),
      stopped('하나를 말하고'),
    );
    expect(heard(state)).toBe('하나를 말하고');
    expect(phaseOf(state)).toBe('resting');
    state = from(state, done('하나를 말하고 둘을 말해요.'));
    expect(heard(state)).toBe('하나를 말하고');
    expect(heard(from(run(ready, delta('안 들린 말'), audioStart(1, '안 들린 말')), stopped('')))).toBe('');
  });

  it('still waits for the answer to what was typed over a reply', () => {
    const speaking = run(ready, final('하나'), delta('길게 말해요.'), audioStart(1, '길게 말해요.'));
    const typed = from(speaking, { type: 'typed', text: '둘' }, stopped('길게'));
    expect(typed.isWaiting).toBe(true);
    expect(from(speaking, stopped('길게')).isWaiting).toBe(false);
  });

  it('keeps the turn’s timings and who made it', () => {
    const reply = lastReply(run(ready, delta('네.'), done('네.')).captions);
    expect(reply).toMatchObject({ timings, providers, isWhole: true });
  });

  it('goes quiet when the connection is lost, and says how it came back', () => {
    const waiting = run(ready, { type: 'speech_started', data: { at_ms: 0 } }, final('안녕'));
    const lost = from(waiting, { type: 'connection', connection: 'lost' });
    expect(phaseOf(lost)).toBe('lost');
    expect(lost).toMatchObject({ isHearing: false, isWaiting: false });
    expect(texts(lost)).toEqual(['안녕']);
    const back = from(lost, { type: 'resumed', data: { from_seq: 4 } });
    expect(back).toMatchObject({ connection: 'open', comeback: 'resumed' });
    const again = from(lost, {
      type: 'resync',
      data: { history: [{ role: 'assistant', text: '어서 와요' }] },
    });
    expect(again).toMatchObject({ connection: 'open', comeback: 'resync' });
    expect(from(lost, ready, { type: 'resync', data: { history: [] } }).comeback).toBe('resync');
    expect(texts(again)).toEqual(['어서 와요']);
  });

  it('tells trouble and forgets it with the next words', () => {
    const error: ServerMessage = {
      type: 'error',
      data: { code: 'EARS_UNAVAILABLE', message: 'no', fatal: false },
    };
    const state = run(ready, final('하나'), error);
    expect(state.trouble).toMatchObject({ from: 'server', code: 'EARS_UNAVAILABLE' });
    expect(state.isWaiting).toBe(false);
    expect(from(state, final('둘')).trouble).toBeNull();
  });

  it('keeps the last hundred lines', () => {
    const many = Array.from({ length: 120 }, (_, index) => final(`${index}`));
    const state = run(ready, ...many);
    expect(state.captions).toHaveLength(100);
    expect(texts(state).at(-1)).toBe('119');
    expect(new Set(state.captions.map(({ id }) => id)).size).toBe(100);
  });

  it('changes nothing it was given', () => {
    const state = Object.freeze(withHistory(startTalkState('hands-free'), [{ role: 'user', text: '안녕' }]));
    Object.freeze(state.captions);
    expect(() => from(state, delta('네'), audioStart(1, '네'), played(1, 10), stopped(''))).not.toThrow();
  });
});

describe('heardLength', () => {
  it('reckons by the words while the length of a sound is not known', () => {
    const reply: ReplyCaption = {
      by: 'reply',
      id: 1,
      turnId: 't1',
      text: '하나 둘 셋 넷 다섯',
      sounds: [
        { audioId: 1, from: 0, to: 11, receivedMs: 200, durationMs: null, playedMs: 800, visemes: [] },
      ],
      isWhole: false,
      stoppedAt: null,
      timings: null,
      providers: null,
    };
    expect(reply.text.slice(0, heardLength(reply)!)).toBe('하나 둘');
  });
});

describe('stepsOf', () => {
  it('lays one step after the other', () => {
    expect(stepsOf(timings).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 300],
      [300, 380],
      [380, 420],
      [420, 500],
      [500, 900],
    ]);
  });

  it('leaves out what there was none of, and lets an early start be early', () => {
    expect(stepsOf({ ...timings, endpoint_ms: null, first_audio_ms: null })).toHaveLength(3);
    const early = stepsOf({ ...timings, first_token_ms: 200 });
    expect(early[2]).toMatchObject({ fromMs: 200, toMs: 200 });
    expect(early[3]).toMatchObject({ fromMs: 380, toMs: 500 });
  });
});
