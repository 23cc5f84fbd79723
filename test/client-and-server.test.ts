import { SpeechClient, VoiceClient, type ShowReceiptData, type ServerResponse } from '@malbeot/client';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startMalbeot, type Malbeot } from '../web/test/harness/malbeot.ts';

let malbeot: Malbeot;
beforeAll(async () => {
  malbeot = await startMalbeot();
});
afterAll(() => malbeot?.close());

/** A network that loses the first two answers of every turn: the server has done the work, the client hears nothing. */
function losing(): { readonly fetch: typeof globalThis.fetch; sent(): number } {
  let sent = 0;
  const lost = new Map<string, number>();
  return {
    sent: () => sent,
    async fetch(input, init) {
      const response = await globalThis.fetch(input, init);
      const key = new Headers(init?.headers).get('idempotency-key');
      if (key === null) return response;
      sent += 1;
      const times = lost.get(key) ?? 0;
      if (times === 2) return response;
      lost.set(key, times + 1);
      await response.arrayBuffer();
      throw new TypeError('The answer was lost.');
    },
  };
}

/** Has the order read back, and agrees to just that. */
async function agree(voice: VoiceClient): Promise<ServerResponse> {
  const { ui_actions } = await voice.sendAction({ type: 'confirm' });
  const asked = ui_actions.find(({ action_type }) => action_type === 'show_confirmation');
  const readBack = asked?.action_type === 'show_confirmation' ? asked.data.read_back : null;
  if (readBack === null) throw new Error('The order was not read back.');
  return voice.sendAction({ type: 'confirm', read_back: readBack });
}

function receiptOf({ ui_actions }: ServerResponse): ShowReceiptData {
  const action = ui_actions.find(({ action_type }) => action_type === 'show_receipt');
  if (action?.action_type !== 'show_receipt') throw new Error('There is no receipt.');
  return action.data;
}

describe('the client with the real server', () => {
  it('sends a WAV, gets the order and fetches the voice', async () => {
    // Compressed, as it goes to a server elsewhere.
    const voice = new VoiceClient({ baseUrl: malbeot.url, kioskId: 'k1', compress: true });
    const answer = await voice.sendAudio(
      await readFile(new URL('../web/test/fixtures/order-ko.wav', import.meta.url)),
    );
    expect(answer.transcript).toBe('불고기버거 두 개랑 콜라 하나 주세요');
    expect(answer.order_data?.items.map(({ item_id, quantity }) => [item_id, quantity])).toEqual([
      ['bulgogi_burger', 2],
      ['cola', 1],
    ]);
    expect(answer.order_data?.total_amount).toBe(10_900);
    expect(answer.tts_audio_url).toMatch(/^\/api\/voice\/tts\//);
    const sound = Buffer.from(await voice.fetchVoice(answer.tts_audio_url ?? ''));
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect((await voice.session())?.order_data.total_amount).toBe(10_900);
    await voice.reset();
    expect(voice.sessionId).toBeNull();
  });

  it('orders once and confirms once though answers are lost', async () => {
    const { fetch, sent } = losing();
    const sleep = () => Promise.resolve();
    const voice = new VoiceClient({ baseUrl: malbeot.url, kioskId: 'k2', fetch, sleep });
    const answer = await voice.sendText('콜라 하나 주세요');
    expect(sent()).toBe(3);
    expect(answer.order_data?.items.map(({ quantity }) => quantity)).toEqual([1]);
    const mine = receiptOf(await agree(voice)).order_number;
    expect(sent()).toBe(9);

    const other = new VoiceClient({ baseUrl: malbeot.url, kioskId: 'k3' });
    await other.sendText('사이다 하나 주세요');
    expect(receiptOf(await agree(other)).order_number).toBe(mine + 1);
  });

  it('speaks while the sound is made, and hears it again', async () => {
    const speech = new SpeechClient({ baseUrl: malbeot.url });
    const spoken = await speech.synthesize({ text: '콜라 두 개 주세요', format: 'wav' });
    expect(spoken).toMatchObject({ provider: 'espeak', mediaType: 'audio/wav' });
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of spoken.bytes) pieces.push(Uint8Array.from(piece));
    expect(pieces.length).toBeGreaterThan(1);
    const heard = await speech.transcribe(new Blob(pieces), { language: 'ko' });
    expect(heard).toMatchObject({ transcript: '콜라 두 개 주세요', language: 'ko' });
    expect(heard.duration).toBeGreaterThan(0.8);
  });

  it('lists voices and ears, those that are not set up with what they need', async () => {
    const speech = new SpeechClient({ baseUrl: malbeot.url });
    const voices = await speech.voices();
    expect(voices.current).toBe('espeak');
    const azure = voices.providers.find(({ id }) => id === 'azure_tts');
    expect(azure).toMatchObject({ available: false, circuit: null, tried_with: 'replay' });
    expect(azure?.action).toContain('AZURE_SPEECH_KEY');
    const ears = await speech.ears();
    expect(ears).toMatchObject({ current: 'demo_ear', browser_ears: false });
    expect(ears.providers.map(({ id }) => id)).toEqual([
      'sherpa',
      'openai',
      'command',
      'browser',
      'demo_ear',
    ]);
  });
});
