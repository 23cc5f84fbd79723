import { describe, expect, it } from 'vitest';
import type { Dialogue } from './dialogue.ts';
import { simulate } from './testing/simulation.ts';

/** Answers turn by turn with `replies`, word by word; with what was heard where they run out. */
function saying(...replies: readonly string[]): Dialogue {
  return {
    mind: 'scripted',
    async *respond(heard, { history = [] }) {
      // A reply that was begun early and thrown away is no turn.
      const turn = history.filter(({ role }) => role === 'user').length;
      const reply = replies[turn] ?? `${heard.text}, 알겠어요.`;
      for (const word of reply.split(/(?<= )/)) {
        await Promise.resolve();
        yield { type: 'text-delta', text: word };
      }
    },
  };
}

const STORY =
  '옛날 옛날에 호랑이가 살았어요. 호랑이는 떡을 아주 좋아했어요. 그래서 날마다 고개에서 기다렸답니다. 어느 날 할머니가 지나갔어요.';

describe('a conversation', () => {
  it('hears, answers aloud, and keeps what both said', async () => {
    const talk = simulate({ talk: { dialogue: saying('안녕하세요. 반가워요.') } });
    await talk.pass(500);
    await talk.say('안녕하세요');
    await talk.quiet();
    expect(talk.all('transcript_final').map(({ data }) => [data.kind, data.text])).toEqual([
      ['words', '안녕하세요'],
    ]);
    expect(talk.all('audio_start').map(({ data }) => data.text)).toEqual(['안녕하세요.', '반가워요.']);
    expect(talk.all('reply_done')[0]!.data).toMatchObject({
      text: '안녕하세요. 반가워요.',
      providers: { ears: 'fake_ears', voice: 'fake_voice' },
    });
    expect(talk.kept).toMatchObject([
      { reply: '안녕하세요. 반가워요.', replyHeard: '안녕하세요. 반가워요.', interrupted: false },
    ]);
    expect(talk.conversation.history()).toEqual([
      { role: 'user', text: '안녕하세요' },
      { role: 'assistant', text: '안녕하세요. 반가워요.' },
    ]);
    await talk.end();
    expect(talk.world.clock.sleepers).toBe(0);
  });

  it('is ducked at the first sound, stopped by words, and remembers only what was heard', async () => {
    const talk = simulate({ talk: { dialogue: saying(STORY) } });
    await talk.pass(500);
    await talk.say('이야기 해 줘');
    await talk.pass(2_500);
    const beganMs = talk.nowMs();
    await talk.say('잠깐만 다른 이야기');
    await talk.pass(300);
    expect(talk.all('duck')[0]!.atMs - beganMs).toBeLessThanOrEqual(100);
    const [stop] = talk.all('interrupted');
    expect(stop!.atMs - beganMs).toBeLessThanOrEqual(3 * 130 + 120 + 100);
    const heard = stop!.data.heard_text;
    expect(STORY.startsWith(heard)).toBe(true);
    expect(heard.split(' ').length).toBeGreaterThan(2);
    expect(heard).not.toBe(STORY);
    await talk.quiet();
    expect(talk.kept[0]).toMatchObject({ interrupted: true });
    expect(talk.conversation.history().at(-1)!.text).toBe('잠깐만 다른 이야기, 알겠어요.');
    await talk.end();
  });

  it('goes on through a "네" and a cough, with no word lost', async () => {
    const talk = simulate({ talk: { dialogue: saying(STORY) } });
    await talk.pass(500);
    await talk.say('이야기 해 줘');
    await talk.pass(2_000);
    await talk.say('네');
    const saidMs = talk.nowMs();
    await talk.pass(500);
    expect(talk.all('duck')).toHaveLength(1);
    expect(talk.all('restore')[0]!.atMs - saidMs).toBeLessThanOrEqual(350);
    await talk.pass(1_000);
    await talk.pass(talk.person.cough(120));
    const coughedMs = talk.nowMs();
    await talk.pass(500);
    expect(talk.all('restore')[1]!.atMs - coughedMs).toBeLessThanOrEqual(350);
    await talk.quiet();
    expect(talk.all('interrupted')).toEqual([]);
    expect(talk.all('transcript_final').map(({ data }) => data.kind)).toEqual(['words', 'backchannel']);
    expect(talk.kept).toMatchObject([{ replyHeard: STORY }]);
    await talk.end();
  });

  it('waits in a pause after "…는데" and answers the whole', async () => {
    const talk = simulate({ talk: { dialogue: saying() } });
    await talk.pass(500);
    await talk.say('콜라 하나 주문하려는데 … 얼음은 빼 주세요');
    await talk.quiet();
    expect(talk.all('transcript_final').map(({ data }) => data.text)).toEqual([
      '콜라 하나 주문하려는데 얼음은 빼 주세요',
    ]);
    await talk.end();
  });

  it('begins early and throws it away when the person goes on', async () => {
    const asked: string[] = [];
    const dialogue: Dialogue = {
      mind: 'scripted',
      async *respond(heard) {
        asked.push(heard.text);
        await Promise.resolve();
        yield { type: 'text-delta', text: `${heard.text}!` };
        yield { type: 'state', state: heard.text };
      },
    };
    const talk = simulate({ talk: { dialogue } });
    await talk.pass(500);
    const saidMs = talk.person.say('콜라 주세요');
    await talk.pass(talk.person.say('사이다도 주세요', saidMs + 250));
    await talk.quiet();
    expect(asked[0]).toBe('콜라 주세요');
    expect(talk.all('reply_done').map(({ data }) => data.text)).toEqual(['콜라 주세요 사이다도 주세요!']);
    expect(talk.kept).toMatchObject([{ state: '콜라 주세요 사이다도 주세요' }]);
    expect(talk.all('reply_done')[0]!.data.timings.speculative).toBe(true);
    await talk.end();
  });

  it('answers typed words, and stops for them', async () => {
    const talk = simulate({ talk: { dialogue: saying(STORY, '네, 멈췄어요.') } });
    talk.conversation.type('이야기 해 줘');
    await talk.pass(2_000);
    talk.conversation.type('그만');
    await talk.quiet();
    expect(talk.all('interrupted')).toHaveLength(1);
    expect(talk.kept.map(({ heard }) => heard)).toEqual([
      { text: '이야기 해 줘', source: 'text' },
      { text: '그만', source: 'text' },
    ]);
    await talk.end();
  });

  it('makes no turn of noise', async () => {
    const talk = simulate({ talk: { dialogue: saying() }, room: { noiseDb: -34 } });
    for (let cough = 0; cough < 10; cough++) await talk.pass(talk.person.cough(60 + cough * 12) + 700);
    await talk.quiet();
    expect(talk.all('speech_started')).toEqual([]);
    expect(talk.kept).toEqual([]);
    await talk.end();
  });
});
