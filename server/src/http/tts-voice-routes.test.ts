import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildKit } from '../../test/edge-kit.ts';
import type { App } from '../app.ts';
import { ToneVoice } from '../providers/fake/tone-voice.ts';
import { openSpeechKit, spokenWav, type SpeechKit } from '../speech/testing.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import { speakingRoutes } from './speaking-routes.ts';
import { ttsVoiceRoutes } from './tts-voice-routes.ts';

let app: App;
let port: number;
let kit: SpeechKit;

async function open(voices: readonly TextToSpeech[], profile: 'local' | 'production' = 'local') {
  kit = await openSpeechKit(voices);
  app = await buildKit({
    settings: { profile },
    deps: { routes: [...speakingRoutes(kit), ...ttsVoiceRoutes(kit)] },
  });
  ({ port } = await app.listen({ port: 0, host: '127.0.0.1' }));
}

afterEach(async () => {
  await app.close(0);
  await kit.close();
});

const LONG = '첫 문장입니다. 둘째 문장도 있습니다. 셋째 문장으로 끝납니다.';
const base = () => `http://127.0.0.1:${port}`;
const speak = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  fetch(`${base()}/api/tts/synthesize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const problemOf = async (response: Response) =>
  (await response.json()) as { detail: string; errors?: { path: string }[] };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('custom voices', () => {
  const clone = () => new ToneVoice({ id: 'fake_clone', takesReference: true });
  const good = {
    text: '안녕하세요. 저는 민지입니다.',
    name: '민지',
    language: 'ko',
    consent: 'true',
    consent_by: '김민지',
  };
  const add = (fields: Record<string, string>, wav: Buffer | null, headers = {}) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (wav !== null) form.set('file', new Blob([new Uint8Array(wav)]), 'voice.wav');
    return fetch(`${base()}/api/tts/voices`, { method: 'POST', body: form, headers });
  };

  it('are kept, listed, spoken with and forgotten', async () => {
    const voice = clone();
    await open([new ToneVoice({ id: 'fake_first' }), voice]);
    const added = await add(good, spokenWav(4));
    expect(added.status).toBe(201);
    const { id, ...rest } = (await added.json()) as { id: string };
    expect(id).toMatch(/^voi_/);
    expect(added.headers.get('location')).toBe(`/api/tts/voices/${id}`);
    expect(rest).toMatchObject({ name: '민지', consent_by: '김민지', duration_ms: 4_000 });
    const spoken = await speak({ text: LONG, voice: id, format: 'pcm' });
    expect(spoken.headers.get('x-malbeot-provider')).toBe('fake_clone');
    await bytesOf(spoken);
    const { reference } = voice.asked[0]!;
    expect(reference).toMatchObject({ id, sampleRate: 24_000, text: good.text });
    expect(reference!.samples).toHaveLength(4 * 24_000);
    const gone = await fetch(`${base()}/api/tts/voices/${id}`, { method: 'DELETE' });
    expect(gone.status).toBe(204);
    expect((await speak({ text: LONG, voice: id })).status).toBe(404);
    expect(await (await fetch(`${base()}/api/tts/voices`)).json()).toEqual({ voices: [] });
  });

  it.each<[string, Record<string, string>, Buffer | null, number, string]>([
    ['nobody’s consent', { ...good, consent: 'false' }, spokenWav(4), 422, 'body.consent'],
    ['no name of who agreed', { ...good, consent_by: ' ' }, spokenWav(4), 422, 'body.consent_by'],
    ['no words', { ...good, text: '' }, spokenWav(4), 422, 'body.text'],
    ['no recording', good, null, 422, 'body.file'],
    ['a short recording', good, spokenWav(2.9), 422, 'body.file'],
    ['a long recording', good, spokenWav(30.5), 422, 'body.file'],
    ['silence', good, spokenWav(4, { peak: 0 }), 422, 'body.file'],
    ['a whisper from afar', good, spokenWav(4, { peak: 0.005 }), 422, 'body.file'],
    ['a clipped recording', good, spokenWav(4, { peak: 3 }), 422, 'body.file'],
    ['an unknown field', { ...good, pitch: '2' }, spokenWav(4), 422, 'body'],
  ])('refuse %s', async (_, fields, wav, status, path) => {
    await open([clone()]);
    const response = await add(fields, wav);
    expect(response.status).toBe(status);
    expect((await problemOf(response)).errors).toMatchObject([{ path }]);
    expect(await kit.customVoices.list({ kind: 'nobody' })).toEqual([]);
  });

  it('take all that was spoken with them along, and no other sound', async () => {
    await open([clone()]);
    const voiceOf = async (name: string) =>
      ((await (await add({ ...good, name }, spokenWav(4))).json()) as { id: string }).id;
    const [gone, kept] = [await voiceOf('민지'), await voiceOf('수현')];
    const tried = async (voice: string) => {
      const response = await fetch(`${base()}/api/tts/test`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider_id: 'fake_clone', voice }),
      });
      return base() + ((await response.json()) as { audio_url: string }).audio_url;
    };
    const addresses = [await tried(gone), await tried(kept)];
    for (const address of addresses) {
      for (const format of ['wav', 'mp3']) {
        expect((await fetch(`${address}?format=${format}`)).status).toBe(200);
      }
    }
    await bytesOf(await speak({ text: LONG, voice: gone, stream: false }));
    const sounds = () => readdir(join(kit.folder, 'voices'));
    expect(await sounds()).toHaveLength(5);
    expect((await fetch(`${base()}/api/tts/voices/${gone}`, { method: 'DELETE' })).status).toBe(204);
    expect(await Promise.all(addresses.map(async (address) => (await fetch(address)).status))).toEqual([
      404, 200,
    ]);
    expect(await sounds()).toHaveLength(2);
  });

  it('keep nothing that was still being spoken when they were deleted', async () => {
    const voice = clone();
    await open([voice]);
    const { id } = (await (await add(good, spokenWav(4))).json()) as { id: string };
    const speaking = await speak({ text: LONG, voice: id });
    expect((await fetch(`${base()}/api/tts/voices/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await bytesOf(speaking)).length).toBeGreaterThan(1_000);
    await kit.voiceFiles.close();
    expect(await readdir(join(kit.folder, 'voices')).catch(() => [])).toEqual([]);
  });

  it('say what to do when nobody can speak with them now', async () => {
    const voice = clone();
    await open([new ToneVoice({ id: 'fake_first' }), voice]);
    const { id } = (await (await add(good, spokenWav(4))).json()) as { id: string };
    expect((await speak({ text: LONG, voice: id, provider: 'fake_first' })).status).toBe(422);
    voice.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const response = await speak({ text: LONG, voice: id });
    expect(response.status).toBe(503);
    expect((await problemOf(response)).detail).toContain('Pull it.');
  });

  it('are seen by their owner, by staff and by an API key only', async () => {
    await open([clone()], 'production');
    const { id } = (await (await add(good, spokenWav(4), bearer('customer'))).json()) as { id: string };
    const get = (token: string) => fetch(`${base()}/api/tts/voices/${id}`, { headers: bearer(token) });
    for (const token of ['customer', 'cook', 'manager', 'api-key'])
      expect((await get(token)).status).toBe(200);
    const other = await add({ ...good, name: '요리사' }, spokenWav(4), bearer('cook'));
    const { id: others } = (await other.json()) as { id: string };
    const mine = await fetch(`${base()}/api/tts/voices`, { headers: bearer('customer') });
    expect(((await mine.json()) as { voices: { id: string }[] }).voices.map((one) => one.id)).toEqual([id]);
    const forbidden = [
      fetch(`${base()}/api/tts/voices/${others}`, { headers: bearer('customer') }),
      fetch(`${base()}/api/tts/voices/${others}`, { method: 'DELETE', headers: bearer('customer') }),
      speak({ text: LONG, voice: others }, bearer('customer')),
    ];
    for (const response of await Promise.all(forbidden)) expect(response.status).toBe(404);
  });
});
