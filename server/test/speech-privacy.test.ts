import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spokenWav } from '../src/speech/testing.ts';
import { openSpeechHouse, type SpeechHouse } from './speech-house.ts';

const SPOKEN = '두꺼비집열쇠';
const PERSON = '남궁비밀';
const FILE = '비밀파일이름';
const HEARD = '네 가져갈게요';
const KEY = 'sk-secret-marker-0123456789';

let house: SpeechHouse;
let token: string;

beforeAll(async () => {
  house = await openSpeechHouse({
    LOG_LEVEL: 'debug',
    OPENAI_TTS_URL: 'http://127.0.0.1:9/v1',
    OPENAI_TTS_KEY: KEY,
  });
  const link = await house.house.accounts.openAdminLink();
  token = (await house.house.accounts.signInWithLink(link!.code)).access_token;
});
afterAll(() => house.close());

const form = (fields: Readonly<Record<string, string>>, bytes: Uint8Array, name: string) => {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  data.set('file', new Blob([Uint8Array.from(bytes)]), `${name}.wav`);
  return data;
};
const post = (path: string, body: object | FormData) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    body: body instanceof FormData ? body : JSON.stringify(body),
    headers: body instanceof FormData ? {} : { 'content-type': 'application/json' },
  });

it('logs and measures no word that was said, no name and no key', async () => {
  const speech = readFileSync(new URL('../models/demo-ear/samples/05.wav', import.meta.url));
  const answers: Response[] = [];
  const ask = async (path: string, body: object | FormData) => {
    const answer = await post(path, body);
    answers.push(answer);
    return Buffer.from(await answer.arrayBuffer());
  };
  // Spoken, refused, not found, of a wrong shape, with a voice that is asked first and can not be reached.
  await ask('/api/tts/synthesize', { text: SPOKEN });
  await ask('/api/tts/synthesize', { text: SPOKEN, stream: false, provider: 'openai_tts' });
  await ask('/api/tts/synthesize', { text: SPOKEN, language: 'xx' });
  await ask('/api/tts/synthesize', { text: SPOKEN, voice: PERSON });
  await ask('/api/tts/synthesize', { text: [SPOKEN] });
  await ask('/api/tts/test', { provider_id: PERSON, voice: SPOKEN });
  // Heard, damaged, none.
  const heard = await ask('/api/voice/stt', form({}, speech, FILE));
  expect(heard.toString()).toContain(HEARD);
  await ask('/api/voice/stt', form({}, speech.subarray(0, 5_000), FILE));
  await ask('/api/voice/stt', form({ language: PERSON }, Buffer.from(SPOKEN), FILE));
  // A voice with consent, one without, one that is no sound.
  const person = { text: SPOKEN, name: PERSON, language: 'ko', consent: 'true', consent_by: PERSON };
  const added = await ask('/api/tts/voices', form(person, spokenWav(4), FILE));
  const { id } = JSON.parse(added.toString()) as { id: string };
  await ask('/api/tts/voices', form({ ...person, consent: 'no' }, spokenWav(4), FILE));
  await ask('/api/tts/voices', form(person, Buffer.from(SPOKEN), FILE));
  await ask('/api/tts/synthesize', { text: SPOKEN, voice: id });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201, 415, 422, 503]));

  const measured = await fetch(`${house.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(measured.status).toBe(200);
  const told = [
    JSON.stringify(house.lines, (_, value: unknown) => (value instanceof Error ? describe(value) : value)),
    await measured.text(),
    ...answers.flatMap(({ headers }) => [...headers].map((header) => header.join(': '))),
  ].join('\n');
  for (const secret of [SPOKEN, PERSON, FILE, HEARD, KEY, ...HEARD.split(' ')]) {
    const at = told.indexOf(secret);
    expect(at < 0 ? '' : told.slice(Math.max(0, at - 200), at + 50)).toBe('');
  }
  // What lies in files of its own has names that tell nothing.
  const names = (await readdir(house.data, { recursive: true })).concat(await readdir(tmpdir()));
  for (const secret of [PERSON, FILE, SPOKEN])
    expect(names.filter((name) => name.includes(secret))).toEqual([]);
});

/** All of an error, as far as its causes go. */
function describe(error: Error): unknown {
  return { ...error, message: error.message, stack: error.stack, cause: error.cause };
}
