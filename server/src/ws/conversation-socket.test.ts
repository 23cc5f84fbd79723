import { encodeAudioFrame } from '@malbeot/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openTalkHouse,
  settle,
  SESSION,
  USER,
  type HouseOptions,
  type TalkHouse,
} from './testing/talk-house.ts';

let house: TalkHouse;
const enter = async (options?: HouseOptions) => (house = await openTalkHouse(options));
afterEach(() => house.close());

const START = { sample_rate: 16_000, codec: 'pcm16' };

const frame = (sequence: number, samples: Int16Array, audioId = 1) =>
  encodeAudioFrame({ audioId, sequence, payload: new Uint8Array(samples.buffer) });

describe('a conversation over the socket', () => {
  it('is greeted, opens the microphone, hears, types and gets words and sound back', async () => {
    await enter();
    const client = house.client();
    const ready = await client.next('ready');
    expect(ready.data).toEqual({
      session_id: SESSION,
      user_id: USER,
      experience: 'companion',
      language: 'ko',
      providers: { ears: 'fake', mind: 'fake', voice: null, vad: 'fake' },
      resume_ms: 30_000,
    });
    expect(client.socket.protocol).toBe('malbeot');

    client.send('start', { ...START, hands_free: false, speech_rate: 1.5 });
    client.socket.send(frame(0, Int16Array.of(0, 16_384, -32_768)));
    client.send('end');
    client.send('text', { message: ' 안녕 ' });
    client.send('played', { audio_id: 3, ms: 120 });
    client.send('interrupt');
    await settle(client);
    const conversation = house.conversation();
    expect([...conversation.heard()]).toEqual([0, 0.5, -1]);
    expect(conversation.asked).toEqual([
      { type: 'open', use: { handsFree: false, speechRate: 1.5 } },
      { type: 'endSpeech' },
      { type: 'type', text: '안녕' },
      { type: 'played', audioId: 3, ms: 120 },
      { type: 'interrupt' },
    ]);

    conversation.output.send({
      type: 'audio_start',
      data: { turn_id: 't', audio_id: 7, sample_rate: 24_000, text: '네.' },
    });
    conversation.output.audio(7, 0, Int16Array.of(1, -2, 300));
    conversation.output.send({ type: 'audio_end', data: { audio_id: 7, duration_ms: 1 } });
    const end = await client.next('audio_end');
    const begin = await client.next('audio_start');
    expect(end.seq).toBeGreaterThan(begin.seq);
    expect(begin.seq).toBeGreaterThan(ready.seq);
    expect(client.frames).toEqual([
      { audioId: 7, sequence: 0, payload: new Uint8Array(Int16Array.of(1, -2, 300).buffer) },
    ]);
  });
});
