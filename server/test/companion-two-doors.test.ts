import type { NewSession } from '@malbeot/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createConversation } from '../src/conversation/create-conversation.ts';
import { createSimulatedDetector } from '../src/conversation/testing/simulated-vad.ts';
import { newId, systemRandom } from '../src/lib/ids.ts';
import { systemClock } from '../src/lib/clock.ts';
import { systemTimers } from '../src/lib/timers.ts';
import { ScriptedMind } from '../src/providers/fake/scripted-mind.ts';
import type { OpenConversation } from '../src/ws/live-talk.ts';
import { TestClient } from '../src/ws/testing/talk-house.ts';
import { openCompanionKit, type CompanionKit, type CompanionKitOptions } from './companion-kit.ts';

/** A real conversation in which words are typed and read. */
const openConversation: OpenConversation = ({ talk, sessionId, language, state, history }, output) =>
  createConversation({
    sessionId,
    language,
    talk,
    output,
    state,
    history,
    ports: {
      ears: null,
      voice: null,
      vad: createSimulatedDetector(() => 0),
      clock: systemClock,
      timers: systemTimers,
      newTurnId: () => newId('trn', systemRandom),
    },
  });
const providersOf = () => ({ ears: null, mind: 'rules', voice: null, vad: 'fake' });

let kit: CompanionKit;
const clients: TestClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await kit.close();
});

async function enter(options: CompanionKitOptions = {}) {
  kit = await openCompanionKit({ talk: { openConversation, providersOf }, ...options });
  const { port } = await kit.app.listen({ port: 0, host: '127.0.0.1' });
  const session = await kit.begin({ language: 'ko' });
  const connect = () => {
    const { user_id, session_id, token } = session;
    const protocols = ['malbeot', `malbeot.token.${token}`];
    const client = new TestClient(`ws://127.0.0.1:${port}/ws/${user_id}/${session_id}`, protocols, {});
    clients.push(client);
    return client;
  };
  const client = connect();
  await client.next('ready');
  return { session, client, connect };
}

/** Says it over the socket; gives the reply. */
async function type(client: TestClient, message: string): Promise<string> {
  // Within what a client may say in a second.
  kit.clock.advance(1_000);
  client.send('text', { message });
  return (await client.next('reply_done')).data.text;
}

const kept = async (session: NewSession, turns: number) => {
  while ((await kit.stats(session)).turns < turns) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** What the session holds for whoever opens it next. */
const opened = ({ user_id, session_id }: NewSession) =>
  kit.companion.experience.talks.open(user_id, session_id, new AbortController().signal);

const things = ['생일', '취미', '고향', '나이', '별명', '전공', '혈액형', '키'] as const;

describe('a session that is talked in over the socket and over HTTP at once', () => {
  it('loses nothing that either was told', async () => {
    const { session, client } = await enter();
    const overHttp = things.slice(0, 4).map((what) => kit.say(`내 ${what}은 ${what}값이야`, session));
    for (const what of things.slice(4)) await type(client, `내 ${what}은 ${what}값이야`);
    await Promise.all(overHttp);
    await kept(session, things.length);
    const { state, history } = await opened(session);
    expect(state).toMatchObject({
      turns: things.length,
      facts: Object.fromEntries(things.map((what) => [what, `${what}값`])),
    });
    const said = history.filter(({ role }) => role === 'user').map(({ text }) => text);
    expect([...said].sort()).toEqual(things.map((what) => `내 ${what}은 ${what}값이야`).sort());
    expect((await kit.stats(session)).turns).toBe(things.length);
  });

  it('knows on each side what the other was told', async () => {
    const { session, client } = await enter();
    await kit.say('내 이름은 민지야', session);
    expect(await type(client, '내 이름이 뭐야?')).toContain('민지');
    await type(client, '내 취미는 수영이야');
    await kept(session, 3);
    expect((await kit.say('내 취미가 뭐야?', session)).reply).toContain('수영');
    // The later word counts, whoever it came to.
    await type(client, '나를 대장이라고 불러 줘');
    expect(await type(client, '내 이름이 뭐야?')).toContain('대장');
    await kept(session, 6);
    expect((await opened(session)).state).toMatchObject({ name: '대장', facts: { 취미: '수영' }, turns: 6 });
  });

  it('gives a model and a socket that comes back all that was said, in order', async () => {
    const llm = new ScriptedMind({ says: ['하나예요.', '둘이에요.', '셋이에요.', '넷이에요.'] });
    const { session, client, connect } = await enter({ llm });
    await type(client, '양자역학이 뭐야?');
    await kept(session, 1);
    await kit.say('상대성 이론은 뭐야?', session);
    await type(client, '끈 이론은 뭐야?');
    await kept(session, 3);
    const expected = [
      ['user', '양자역학이 뭐야?'],
      ['assistant', '하나예요.'],
      ['user', '상대성 이론은 뭐야?'],
      ['assistant', '둘이에요.'],
    ];
    const heard = [...expected, ['user', '끈 이론은 뭐야?'], ['assistant', '셋이에요.']];
    expect(
      llm.asked
        .at(-1)!
        .messages.slice(-5, -1)
        .map(({ role, content }) => [role, content]),
    ).toEqual(expected);
    client.socket.terminate();
    const back = connect();
    await back.opened();
    back.send('resume', { last_seq: 0 });
    const { data } = await back.next('resync');
    expect(data.history.map(({ role, text }) => [role, text])).toEqual(heard);
  });
});
