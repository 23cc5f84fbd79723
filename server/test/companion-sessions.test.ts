import type { NewSession, PersonStats } from '@malbeot/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../src/lib/ids.ts';
import { IDLE_MS, KEEP_MS, openCompanionKit, people, START, type CompanionKit } from './companion-kit.ts';

let kit: CompanionKit;
beforeEach(async () => void (kit = await openCompanionKit()));
afterEach(() => kit.close());

const { signal } = new AbortController();
const problem = (answer: { json(): unknown; statusCode: number }) => {
  const { code, errors, detail } = answer.json() as {
    code: string;
    detail: string;
    errors?: { path: string; message: string }[];
  };
  return { status: answer.statusCode, code, errors: errors ?? [], detail };
};

describe('POST /api/sessions/new', () => {
  it('takes no body at all, and begins a session for a new person', async () => {
    const session = await kit.begin();
    expect(session).toEqual({
      session_id: expect.stringMatching(/^ses_[0-9a-z]{26}$/) as string,
      user_id: expect.stringMatching(/^usr_[0-9a-z]{26}$/) as string,
      token: expect.stringMatching(/^eyJ/) as string,
      created_at: new Date(START).toISOString(),
    });
    expect((await kit.begin({})).user_id).not.toBe(session.user_id);
    expect(
      (await kit.begin({ user_id: null, external_id: null, language: null, character: null })).session_id,
    ).not.toBe(session.session_id);
  });

  it('knows a person again by user_id, and by a name of the caller’s own', async () => {
    const first = await kit.begin({ external_id: '  손님 7 ' });
    const again = await kit.begin({ external_id: '손님 7' });
    expect(again.user_id).toBe(first.user_id);
    expect(again.session_id).not.toBe(first.session_id);
    expect((await kit.begin({ user_id: first.user_id })).user_id).toBe(first.user_id);
    expect((await kit.begin({ external_id: '손님 8' })).user_id).not.toBe(first.user_id);
    // Both at once begin one person.
    const both = await Promise.all([kit.begin({ external_id: 'x' }), kit.begin({ external_id: 'x' })]);
    expect(both[0]!.user_id).toBe(both[1]!.user_id);
  });

  it('gives a person without one the name, and takes no second one', async () => {
    const { user_id } = await kit.begin();
    expect((await kit.begin({ user_id, external_id: 'a' })).user_id).toBe(user_id);
    expect((await kit.begin({ external_id: 'a' })).user_id).toBe(user_id);
    const clash = await kit.call('POST', '/api/sessions/new', { body: { user_id, external_id: 'b' } });
    expect(problem(clash)).toMatchObject({ status: 409, code: 'CONFLICT' });
    const other = await kit.begin();
    const taken = await kit.call('POST', '/api/sessions/new', {
      body: { user_id: other.user_id, external_id: 'a' },
    });
    expect(problem(taken)).toMatchObject({ status: 409, code: 'CONFLICT' });
  });

  it('speaks the language asked for, else the person’s, else the browser’s', async () => {
    const languageOf = async (body: object, headers = {}) => {
      const session = await kit.begin(body, { headers });
      return { language: (await kit.stats(session)).language, user_id: session.user_id };
    };
    expect((await languageOf({ language: 'en-GB' })).language).toBe('en');
    expect((await languageOf({}, { 'accept-language': 'en' })).language).toBe('en');
    const korean = await languageOf({});
    expect(korean.language).toBe('ko');
    expect((await languageOf({ user_id: korean.user_id }, { 'accept-language': 'en' })).language).toBe('ko');
    expect((await kit.stats(await kit.begin({ character: '할머니' }))).character).toBe('할머니');
  });

  it.each<[string, unknown, string, string]>([
    ['a user_id of the caller’s own', { user_id: 'minji' }, 'body.user_id', 'external_id'],
    ['a user_id that is cut', { user_id: 'usr_1' }, 'body.user_id', 'usr_ and 26 characters'],
    ['a session for a person', { user_id: newId('ses') }, 'body.user_id', 'external_id'],
    ['a number', { user_id: 7 }, 'body.user_id', '7 was given; text is allowed'],
    ['an empty name', { external_id: ' ' }, 'body.external_id', 'needs 1 to 120 characters'],
    ['a long name', { external_id: 'x'.repeat(121) }, 'body.external_id', 'needs 1 to 120 characters'],
    ['a name with control characters', { external_id: 'a\u0000b' }, 'body.external_id', 'control characters'],
    ['a language we do not speak', { language: 'fr' }, 'body.language', 'ko, en'],
    ['a language that is none', { language: ['ko'] }, 'body.language', 'a list of 1 was given'],
    ['an empty character', { character: '' }, 'body.character', 'needs 1 to 80 characters'],
    ['a field that is not known', { name: '민지' }, 'body', 'fields that are not known'],
    ['a list', [], 'body', 'a list of 0 was given'],
    ['null', 'null', 'body', 'null was given'],
  ])('refuses %s', async (_, body, path, message) => {
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await kit.call('POST', '/api/sessions/new', {
      body: raw,
      headers: { 'content-type': 'application/json' },
    });
    const { status, code, errors } = problem(answer);
    expect([status, code, errors[0]?.path]).toEqual([422, 'INVALID_INPUT', path]);
    expect(errors[0]!.message).toContain(message);
  });

  it('knows no person that it has not met', async () => {
    const answer = await kit.call('POST', '/api/sessions/new', { body: { user_id: newId('usr') } });
    expect(problem(answer)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('does what comes again with its Idempotency-Key once', async () => {
    const headers = { 'idempotency-key': 'one' };
    const first = await kit.begin({}, { headers });
    expect(await kit.begin({}, { headers })).toEqual(first);
  });
});

describe('who gets in', () => {
  const status = async (method: 'GET' | 'POST', path: string, as?: string, body?: unknown) =>
    (
      await kit.call(method, path, {
        away: true,
        ...(as === undefined ? {} : { as }),
        ...(body === undefined ? {} : { body }),
      })
    ).statusCode;

  it('to a new session: people and programs, from elsewhere nobody else', async () => {
    const { token } = await kit.begin();
    const path = '/api/sessions/new';
    expect([
      await status('POST', path),
      await status('POST', path, 'minji'),
      await status('POST', path, 'program'),
      await status('POST', path, 'device'),
      await status('POST', path, token),
    ]).toEqual([401, 200, 200, 403, 403]);
  });

  it('a person only as themself', async () => {
    const path = '/api/sessions/new';
    const mine = await kit.begin({}, { as: 'minji', away: true });
    expect(mine.user_id).toBe(people.minji.userId);
    expect(await status('POST', path, 'minji', { user_id: people.minji.userId })).toBe(200);
    expect(await status('POST', path, 'minji', { user_id: people.junho.userId })).toBe(403);
    expect(await status('POST', path, 'minji', { external_id: 'x' })).toBe(403);
  });

  it('to a session and its person', async () => {
    const { session_id, user_id, token } = await kit.begin({}, { as: 'minji', away: true });
    const other = await kit.begin({}, { as: 'junho', away: true });
    const callers = [undefined, 'minji', 'junho', 'program', 'device', token, other.token];
    const all = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
      const answers: number[] = [];
      for (const as of callers) answers.push(await status(method, path, as, body));
      return answers;
    };
    expect(await all('GET', `/api/sessions/${session_id}/stats`)).toEqual([
      401, 200, 403, 200, 403, 200, 403,
    ]);
    expect(await all('GET', `/api/sessions/${user_id}/stats`)).toEqual([401, 200, 403, 200, 403, 403, 403]);
    expect(await all('POST', '/api/voice-chat', { text: '안녕', session_id })).toEqual([
      401, 200, 403, 200, 403, 200, 403,
    ]);
    expect(await all('POST', `/api/sessions/${session_id}/end`)).toEqual([401, 200, 403, 200, 403, 200, 403]);
  });

  it('at home everybody without a name, to everything', async () => {
    const session = await kit.begin({}, { as: 'minji' });
    expect((await kit.stats(session)).turns).toBe(0);
    expect((await kit.call('GET', `/api/sessions/${session.user_id}/stats`)).statusCode).toBe(200);
    // Who shows a token is only who it says.
    const foreign = await kit.call('GET', `/api/sessions/${session.session_id}/stats`, { as: 'junho' });
    expect(foreign.statusCode).toBe(403);
  });

  it('not here either, where the profile is not local', async () => {
    const production = await openCompanionKit({ settings: { profile: 'production' } });
    expect((await production.call('POST', '/api/sessions/new')).statusCode).toBe(401);
    expect((await production.call('POST', '/api/voice-chat', { body: { text: '안녕' } })).statusCode).toBe(
      401,
    );
    await production.close();
  });

  it('learns nothing about who is known', async () => {
    const known = (await kit.begin({}, { as: 'junho', away: true })).user_id;
    for (const id of [known, newId('usr')]) {
      expect(await status('GET', `/api/sessions/${id}/stats`, 'minji')).toBe(403);
    }
    expect(await status('GET', `/api/sessions/${newId('usr')}/stats`, 'program')).toBe(404);
    expect(await status('GET', `/api/sessions/${newId('ses')}/stats`, 'program')).toBe(404);
  });

  it.each(['minji', 'ses_1', 'ord_00000000000000000000000000', '%00'])('takes %s for no id', async (id) => {
    const stats = problem(await kit.call('GET', `/api/sessions/${id}/stats`));
    expect(stats).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ path: 'params.id' }] });
    const end = problem(await kit.call('POST', `/api/sessions/${id}/end`));
    expect(end).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ path: 'params.id' }] });
  });
});

describe('a session', () => {
  it('is counted turn by turn, and ends with a summary', async () => {
    const session = await kit.begin({ external_id: '단골' });
    await kit.say('영화를 봤어', session);
    kit.clock.advance(30_000);
    await kit.say('그 영화는 정말 길었어', session);
    kit.clock.advance(10 * 60_000);
    await kit.say('고마워', session);
    expect(await kit.stats(session)).toMatchObject({
      turns: 3,
      voice_turns: 0,
      text_turns: 3,
      interruptions: 0,
      ended_at: null,
      last_turn_at: new Date(START + 630_000).toISOString(),
      durations: { session_ms: 630_000, talk_ms: 150_000, speech_ms: 0 },
      latencies: { final_ms: { p50: 0, p95: 0 }, first_audio_ms: null, done_ms: { p50: 0, p95: 0 } },
      providers: { ears: {}, mind: { rules: 3 }, voice: {} },
    });
    const ended = await kit.end(session);
    expect(ended).toEqual({
      session_id: session.session_id,
      ended_at: new Date(START + 630_000).toISOString(),
      turns: 3,
      minutes: 2.5,
      summary:
        '2.5분 동안 3번 이야기를 주고받았어요. 자주 나온 이야기: 영화. 처음에 하신 말씀: ‘영화를 봤어’. 마지막에 하신 말씀: ‘고마워’.',
      topics: [{ topic: '영화', turns: 2 }],
    });
    expect(kit.ended).toEqual([session.session_id]);
    kit.clock.advance(1_000);
    expect(await kit.end(session)).toEqual(ended);
    expect(kit.ended).toHaveLength(1);
    const person = await kit.call('GET', `/api/sessions/${session.user_id}/stats`);
    expect(person.json<PersonStats>()).toEqual({
      user_id: session.user_id,
      external_id: '단골',
      sessions: 1,
      turns: 3,
      minutes: 2.5,
      favourite_topics: [{ topic: '영화', turns: 2 }],
      first_seen: new Date(START).toISOString(),
      last_seen: new Date(START + 630_000).toISOString(),
    });
  });

  it('that is over takes no turn', async () => {
    const talk = async ({ session_id }: NewSession) =>
      problem(await kit.call('POST', '/api/voice-chat', { body: { text: '안녕', session_id } }));
    const ended = await kit.begin();
    await kit.end(ended);
    expect(await talk(ended)).toMatchObject({ status: 404, code: 'SESSION_EXPIRED' });
    const idle = await kit.begin();
    kit.clock.advance(IDLE_MS - 1);
    await kit.say('안녕', idle);
    kit.clock.advance(IDLE_MS);
    const { status, code, detail } = await talk(idle);
    expect([status, code]).toEqual([404, 'SESSION_EXPIRED']);
    expect(detail).toContain('nobody talked for 60 minutes');
    await expect(
      kit.companion.experience.talks.open(idle.user_id, idle.session_id, signal),
    ).rejects.toMatchObject({
      code: 'SESSION_EXPIRED',
    });
  });

  it('is swept with its turns when its time is over, and people nobody could find again', async () => {
    const gone = await kit.begin();
    await kit.say('안녕', gone);
    const named = await kit.begin({ external_id: 'a' });
    await kit.end(gone);
    await kit.end(named);
    expect(await kit.companion.sweep(signal)).toEqual({ sessions: 0, people: 0 });
    kit.clock.advance(KEEP_MS + 1);
    const young = await kit.begin();
    expect(await kit.companion.sweep(signal)).toEqual({ sessions: 2, people: 1 });
    expect((await kit.call('GET', `/api/sessions/${gone.session_id}/stats`)).statusCode).toBe(404);
    expect((await kit.begin({ external_id: 'a' })).user_id).toBe(named.user_id);
    expect((await kit.stats(young)).turns).toBe(0);
  });
});

describe('a live talk', () => {
  it('is opened with what was heard, and keeps its turns', async () => {
    const { session_id, user_id } = await kit.begin({ language: 'en' });
    const { talks } = kit.companion.experience;
    expect([talks.owns(user_id), talks.owns('chat'), talks.owns(session_id)]).toEqual([true, false, false]);
    const { talk, ...open } = await talks.open(user_id, session_id, signal);
    expect(open).toMatchObject({
      userId: user_id,
      sessionId: session_id,
      language: 'en',
      state: null,
      history: [],
      owner: { kind: 'conversation', userId: user_id, sessionId: session_id },
    });
    const turn = (turnId: string, text: string, replyHeard: string) => ({
      turnId,
      at: kit.clock.now(),
      heard: { text, source: 'voice' as const },
      reply: 'It is a long reply.',
      replyHeard,
      interrupted: true,
      state: { version: 1, mind: 'fake_mind', turns: 1 },
      report: {
        turnId,
        experience: 'companion',
        way: 'voice' as const,
        outcome: 'interrupted' as const,
        language: 'en',
        timings: {
          endpoint_ms: 400,
          final_ms: 500,
          first_token_ms: 600,
          first_audio_ms: 700,
          done_ms: 900,
          speculative: true,
        },
        providers: { ears: 'fake_ears', mind: 'rules+fake', voice: 'fake_voice' },
        skipped: [],
        speechMs: 1_200,
        charactersIn: 5,
        charactersOut: 9,
      },
    });
    await talk.keep(turn('trn_1', 'Hello', 'It is'), signal);
    await talk.keep(turn('trn_2', 'Wait', ''), signal);
    const later = await talks.open(user_id, session_id, signal);
    expect(later.history).toEqual([
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: 'It is' },
      { role: 'user', text: 'Wait' },
    ]);
    expect(later.state).toEqual({ version: 1, mind: 'fake_mind', turns: 1 });
    expect(await kit.stats({ session_id })).toMatchObject({
      turns: 2,
      voice_turns: 2,
      interruptions: 2,
      durations: { speech_ms: 2_400 },
      latencies: { first_audio_ms: { p50: 700, p95: 700 }, done_ms: { p50: 900 } },
      providers: { ears: { fake_ears: 2 }, mind: { fake_mind: 2 }, voice: { fake_voice: 2 } },
    });
    // A reply that was on its way when the session was ended is kept, a talk that goes on is not.
    await kit.end({ session_id });
    await talk.keep(turn('trn_3', 'Bye', ''), signal);
    kit.clock.advance(61_000);
    await expect(talk.keep(turn('trn_4', 'More', ''), signal)).rejects.toMatchObject({
      code: 'SESSION_EXPIRED',
    });
    expect((await kit.stats({ session_id })).turns).toBe(3);
  });

  it('is only found by its own person', async () => {
    const [one, other] = [await kit.begin(), await kit.begin()];
    for (const [user, session] of [
      [one.user_id, other.session_id],
      [one.user_id, newId('ses')],
      ['usr_x', 'ses_x'],
    ] as const) {
      await expect(kit.companion.experience.talks.open(user, session, signal)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });
});
