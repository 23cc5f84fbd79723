import type { VoiceChatReply } from '@malbeot/protocol';
import { messages } from '@malbeot/protocol/messages';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deferred } from '../src/lib/deferred.ts';
import { newId } from '../src/lib/ids.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import { ScriptedMind } from '../src/providers/fake/scripted-mind.ts';
import {
  eventsOf,
  openCompanionKit,
  people,
  type CompanionKit,
  type CompanionKitOptions,
} from './companion-kit.ts';
import { speech, type Part } from './kiosk-kit.ts';
import { stalledEars, wav } from './kiosk-test.ts';

let kit: CompanionKit;
const others: CompanionKit[] = [];
beforeEach(async () => void (kit = await openCompanionKit()));
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await kit.close();
});

async function openOther(options: CompanionKitOptions): Promise<CompanionKit> {
  const other = await openCompanionKit(options);
  others.push(other);
  return other;
}

const sound = (content: Uint8Array = speech, fields: Readonly<Record<string, string>> = {}): Part[] => [
  ...Object.entries(fields).map(([name, value]) => ({ name, content: value })),
  { name: 'audio', filename: 'talk.wav', content },
];
const saidBy = (
  key: 'companion.greeting.evening' | 'companion.not_heard' | 'companion.unknown.question',
  language: 'ko' | 'en' = 'ko',
) => messages[key][language].split(' | ');
const codeOf = (answer: { json(): unknown; statusCode: number }) => [
  answer.statusCode,
  (answer.json() as { code?: string }).code,
];

describe('POST /api/voice-chat', () => {
  it('hears a sound, answers, speaks, and begins a session for who brings none', async () => {
    const answer = await kit.upload(sound());
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const reply = answer.json<VoiceChatReply>();
    expect(saidBy('companion.greeting.evening')).toContain(reply.reply);
    expect(reply).toMatchObject({
      session_id: expect.stringMatching(/^ses_/) as string,
      user_id: expect.stringMatching(/^usr_/) as string,
      token: expect.stringMatching(/^eyJ/) as string,
      turn_id: expect.stringMatching(/^trn_/) as string,
      transcript: '안녕하세요',
      audio_url: expect.stringMatching(/^\/api\/voice\/tts\/vox_/) as string,
      emotions: [{ name: 'joy', intensity: 0.4 }],
      providers: { ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' },
    });
    expect(Object.keys(reply.timing)).toEqual(['decode', 'ears', 'store', 'mind', 'voice', 'total']);
    const voice = await kit.call('GET', reply.audio_url!);
    expect([voice.statusCode, voice.headers['content-type']]).toEqual([200, 'audio/wav']);
    expect(kit.records).toMatchObject([
      {
        sessionId: reply.session_id,
        experience: 'companion',
        way: 'audio',
        outcome: 'ok',
        providers: { ears: 'fake_ears', mind: 'rules', voice: 'fake_voice' },
        charactersIn: 5,
      },
    ]);
    expect(await kit.stats(reply)).toMatchObject({
      turns: 1,
      voice_turns: 1,
      durations: { speech_ms: 1_000 },
    });
  });

  it('goes on in its session, by text too, and knows what was said', async () => {
    const session = await kit.begin();
    const hello = await kit.upload(
      sound(speech, { session_id: session.session_id, user_id: session.user_id }),
    );
    expect(hello.json<VoiceChatReply>()).not.toHaveProperty('token');
    const { reply, transcript, providers } = await kit.say('내가 방금 뭐라고 했지?', session);
    expect([transcript, reply]).toEqual([
      '내가 방금 뭐라고 했지?',
      '조금 전에는 “안녕하세요” 하고 말씀하셨어요.',
    ]);
    expect(providers.ears).toBeNull();
    const form = await kit.upload([
      { name: 'text', content: '고마워' },
      { name: 'session_id', content: session.session_id },
    ]);
    expect(form.json<VoiceChatReply>().transcript).toBe('고마워');
    expect(await kit.stats(session)).toMatchObject({ turns: 3, voice_turns: 1 });
  });

  it('takes a session’s own token for the session', async () => {
    const session = await kit.begin({}, { as: 'minji', away: true });
    const answer = await kit.call('POST', '/api/voice-chat', {
      as: session.token,
      away: true,
      body: { text: '안녕' },
    });
    expect(answer.json<VoiceChatReply>().session_id).toBe(session.session_id);
    expect(answer.json<VoiceChatReply>()).not.toHaveProperty('token');
  });

  it('begins a session for a person, never for a device', async () => {
    const call = (as: string) =>
      kit.call('POST', '/api/voice-chat', { as, away: true, body: { text: '안녕' } });
    expect((await call('minji')).json<VoiceChatReply>().user_id).toBe(people.minji.userId);
    expect(codeOf(await call('device'))).toEqual([403, 'FORBIDDEN']);
  });

  it('says so when it heard no words, and keeps no turn', async () => {
    const session = await kit.begin();
    const silence = wav({ channels: [new Float32Array(16_000)] });
    const answer = await kit.upload(sound(silence, { session_id: session.session_id }));
    const { transcript, reply, audio_url } = answer.json<VoiceChatReply>();
    expect([transcript, reply]).toEqual(['', saidBy('companion.not_heard')[0]]);
    expect(audio_url).toMatch(/^\/api\/voice\/tts\//);
    expect(kit.records.at(-1)).toMatchObject({ outcome: 'not_heard' });
    expect((await kit.stats(session)).turns).toBe(0);
  });

  it('answers without a voice where none can speak', async () => {
    kit.voice.setAvailability({ available: false, reason: 'off', action: 'on' });
    expect(await kit.say('안녕')).toMatchObject({ audio_url: null, providers: { voice: null } });
  });

  it('asks a language model what the rules do not know, and says who answered', async () => {
    const llm = new ScriptedMind({ says: ['좋은 질문이에요. 빛이 **흩어져서** 그래요.'] });
    const other = await openOther({ llm });
    const session = await other.begin();
    await other.say('내 이름은 민지야', session);
    expect(await other.say('하늘은 왜 파래?', session)).toMatchObject({
      reply: '좋은 질문이에요. 빛이 흩어져서 그래요.',
      providers: { mind: 'fake_mind' },
    });
    const [system, ...talk] = llm.asked[0]!.messages;
    expect(system!.content).toContain('민지');
    expect(talk.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect((await other.stats(session)).providers.mind).toEqual({ rules: 1, fake_mind: 1 });
    llm.behave({ do: 'fail', kind: 'failed' });
    const { reply, providers } = await other.say('바다는 왜 짜?', session);
    expect(saidBy('companion.unknown.question')).toContain(reply);
    expect(providers.mind).toBe('rules');
  });

  it('is done once for an Idempotency-Key', async () => {
    const session = await kit.begin();
    const send = () =>
      kit.upload(sound(speech, { session_id: session.session_id }), '/api/voice-chat', {
        headers: { 'idempotency-key': 'turn-1' },
      });
    const [first, again] = [await send(), await send()];
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await kit.stats(session)).turns).toBe(1);
  });

  it('runs turns of one session in order, and refuses the tenth at once', async () => {
    const [gate, listening] = [deferred<void>(), deferred<void>()];
    const ears = new ScriptedEars({ hears: ['하나', '둘'] });
    const slow = await openOther({
      ears: stalledEars(ears, () => {
        listening.resolve();
        return gate.promise;
      }),
    });
    const session = await slow.begin();
    const first = slow.upload(sound(speech, { session_id: session.session_id }));
    // The first stands in line before the others come.
    await listening.promise;
    const others = Array.from({ length: 9 }, (_, index) =>
      slow.call('POST', '/api/voice-chat', { body: { text: `말 ${index}`, session_id: session.session_id } }),
    );
    const refused = await Promise.race(
      others.map(async (answer) =>
        (await answer).statusCode === 503 ? answer : new Promise<never>(() => {}),
      ),
    );
    expect(codeOf(refused)).toEqual([503, 'OVERLOADED']);
    gate.resolve();
    await first;
    const answers = await Promise.all(others);
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(8);
    const { history } = await slow.companion.experience.talks.open(
      session.user_id,
      session.session_id,
      new AbortController().signal,
    );
    expect(history[0]).toEqual({ role: 'user', text: '하나' });
  });

  it.each<[string, readonly Part[], number, string, string | null]>([
    ['nothing', [], 422, 'INVALID_INPUT', 'body.audio'],
    [
      'an empty file',
      [{ name: 'audio', filename: 'a.wav', content: '' }],
      422,
      'INVALID_INPUT',
      'body.audio',
    ],
    ['text beside a sound', sound(speech, { text: '안녕' }), 422, 'INVALID_INPUT', 'body.audio'],
    ['empty text', [{ name: 'text', content: '  ' }], 422, 'INVALID_INPUT', 'body.text'],
    ['long text', [{ name: 'text', content: 'x'.repeat(1_001) }], 422, 'INVALID_INPUT', 'body.text'],
    ['a session that is none', sound(speech, { session_id: 'x' }), 422, 'INVALID_INPUT', 'body.session_id'],
    ['a person that is none', sound(speech, { user_id: '민지' }), 422, 'INVALID_INPUT', 'body.user_id'],
    ['another language', sound(speech, { language: 'fr' }), 422, 'INVALID_INPUT', 'body.language'],
    ['a field that is not known', sound(speech, { mood: 'good' }), 422, 'INVALID_INPUT', 'body'],
    ['no sound', sound(Buffer.from('this is no sound at all')), 415, 'UNSUPPORTED_MEDIA_TYPE', null],
    ['a WAV that is cut', sound(speech.subarray(0, 30)), 422, 'AUDIO_UNREADABLE', null],
    ['a session that is not there', sound(speech, { session_id: newId('ses') }), 404, 'NOT_FOUND', null],
    ['a person that is not there', sound(speech, { user_id: newId('usr') }), 404, 'NOT_FOUND', null],
  ])('refuses %s', async (_, parts, status, code, path) => {
    for (const address of ['/api/voice-chat', '/api/voice-chat?stream=1']) {
      const answer = await kit.upload(parts, address);
      expect(codeOf(answer)).toEqual([status, code]);
      const [issue] = answer.json<{ errors?: { path: string }[] }>().errors ?? [];
      expect(issue?.path ?? null).toBe(path);
    }
  });

  it.each<[string, unknown, string]>([
    ['no text', {}, 'body.text'],
    ['text that is none', { text: 7 }, 'body.text'],
    ['empty text', { text: ' ' }, 'body.text'],
    ['a sound in JSON', { audio: 'UklGRg==' }, 'body.text'],
    ['a person that is none', { text: 'a', user_id: 'me' }, 'body.user_id'],
  ])('refuses JSON with %s', async (_, body, path) => {
    const answer = await kit.call('POST', '/api/voice-chat', { body });
    expect(codeOf(answer)).toEqual([422, 'INVALID_INPUT']);
    expect(answer.json<{ errors: { path: string }[] }>().errors.map((issue) => issue.path)).toContain(path);
  });

  it('refuses a wrong stream, another person’s session, and what is no form', async () => {
    const odd = await kit.call('POST', '/api/voice-chat?stream=yes', { body: { text: '안녕' } });
    expect(codeOf(odd)).toEqual([422, 'INVALID_INPUT']);
    const [one, other] = [await kit.begin(), await kit.begin()];
    const mixed = await kit.call('POST', '/api/voice-chat', {
      body: { text: '안녕', session_id: one.session_id, user_id: other.user_id },
    });
    expect(codeOf(mixed)).toEqual([404, 'NOT_FOUND']);
    const plain = await kit.call('POST', '/api/voice-chat', {
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    expect(codeOf(plain)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('tells when nobody can hear, and leaves no session behind', async () => {
    const deaf = await openOther({
      ears: new ScriptedEars({ otherwise: { do: 'fail', kind: 'unavailable' } }),
    });
    expect(codeOf(await deaf.upload(sound(), '/api/voice-chat', { as: 'minji' }))).toEqual([
      503,
      'PROVIDER_UNAVAILABLE',
    ]);
    expect(deaf.records).toMatchObject([{ outcome: 'error', errorCode: 'PROVIDER_UNAVAILABLE' }]);
    const known = await deaf.call('GET', `/api/sessions/${people.minji.userId}/stats`);
    expect(known.statusCode).toBe(404);
  });

  it('writes nothing that was said into the log', async () => {
    await kit.say('내 이름은 비밀이야');
    expect(JSON.stringify([kit.lines, kit.records])).not.toContain('비밀');
  });
});

describe('as events', () => {
  it('tells everything as it happens, and the voice sentence by sentence', async () => {
    const session = await kit.begin();
    const answer = await kit.call('POST', '/api/voice-chat?stream=1', {
      body: { text: '옛날이야기 해 줘', session_id: session.session_id },
    });
    expect(answer.headers['content-type']).toContain('text/event-stream');
    const events = eventsOf(answer.payload);
    expect(events.slice(0, 2)).toEqual([
      { event: 'session', data: { session_id: session.session_id, user_id: session.user_id } },
      {
        event: 'transcript',
        data: {
          turn_id: expect.stringMatching(/^trn_/) as string,
          text: '옛날이야기 해 줘',
          confidence: null,
        },
      },
    ]);
    const deltas = events.filter(({ event }) => event === 'reply_delta').map(({ data }) => data['text']);
    const voices = events.filter(({ event }) => event === 'audio').map(({ data }) => data);
    const done = events.at(-1)!;
    expect(done.event).toBe('done');
    expect(deltas.join('')).toBe(done.data['reply']);
    expect(deltas.length).toBeGreaterThan(6);
    expect(voices.map(({ index }) => index)).toEqual(voices.map((_, index) => index));
    expect(voices.map(({ text }) => text).join(' ')).toBe(done.data['reply']);
    expect(done.data['audio_url']).toBeNull();
    // The first voice is there before the reply is whole.
    expect(events.findIndex(({ event }) => event === 'audio')).toBeLessThan(
      events.findLastIndex(({ event }) => event === 'reply_delta'),
    );
    const first = await kit.call('GET', voices[0]!['url'] as string);
    expect(first.statusCode).toBe(200);
    expect((await kit.stats(session)).turns).toBe(1);
  });

  it('gives a sound’s session its token, and tells feelings', async () => {
    const other = await openOther({ hears: ['나 오늘 너무 슬퍼'] });
    const events = eventsOf((await other.upload(sound(), '/api/voice-chat?stream=true')).payload);
    expect(events.map(({ event }) => event).slice(0, 3)).toEqual(['session', 'transcript', 'emotion']);
    expect(events[0]!.data['token']).toMatch(/^eyJ/);
    expect(events[2]!.data).toEqual({ name: 'sadness', intensity: 0.7 });
  });

  it('is one answer like the others where the session is over', async () => {
    const session = await kit.begin();
    await kit.end(session);
    const answer = await kit.call('POST', '/api/voice-chat?stream=1', {
      body: { text: '안녕', session_id: session.session_id },
    });
    expect(codeOf(answer)).toEqual([404, 'SESSION_EXPIRED']);
  });
});
