import { gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav } from '../src/audio/wav.ts';
import { spokenWav } from '../src/speech/testing.ts';
import { multipart, multipartType, type Part } from './kiosk-kit.ts';
import { openSpeechHouse, type SpeechHouse } from './speech-house.ts';

let house: SpeechHouse;
beforeAll(async () => void (house = await openSpeechHouse({ RATE_LIMIT: 'off' })));
afterAll(() => house.close());

const post = (path: string, body: BodyInit, headers: Record<string, string>) =>
  fetch(house.url + path, { method: 'POST', body, headers });
const speak = (body: unknown, headers: Record<string, string> = {}) =>
  post('/api/tts/synthesize', JSON.stringify(body), { 'content-type': 'application/json', ...headers });
const upload = (path: string, parts: readonly Part[], headers: Record<string, string> = {}) =>
  post(path, Uint8Array.from(multipart(parts)), { ...multipartType, ...headers });
const problemOf = async (answer: Response) => (await answer.json()) as { code: string; detail: string };

describe('a text is spoken, or refused with a reason', () => {
  it.each<[string, string, number]>([
    ['emoji among words', '안녕 👩‍👩‍👧‍👦🎉 hello', 200],
    ['emoji alone', '👩‍👩‍👧‍👦🎉', 422],
    ['right to left', 'مرحبا שלום', 200],
    ['overrides of direction', '\u202Eabc 안녕\u202C', 200],
    ['zero widths within', '안\u200B녕\u200D하\uFEFF세요', 200],
    ['zero widths alone', '\u200B\u200D\uFEFF', 422],
    ['a lone high surrogate', '안녕 \uD83D 하세요', 200],
    ['a lone low surrogate', '\uDC00안녕', 200],
    ['NUL', '안\u0000녕', 200],
    ['control characters', 'a\u0001\u0007\u001B[31mb', 200],
    ['SSML', '<speak><voice name="x">안녕 <break time="99s"/>하세요</voice></speak>', 200],
    ['XML with an entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>안녕 &e;</x>', 200],
    ['espeak’s own commands', '[[h@l@U]] 안녕 ]]><mark name="x"/>', 200],
    ['markdown', '# 제목\n\n- **굵게** `code`\n\n[링크](https://example.com)', 200],
    ['digits only', '0'.repeat(300), 200],
    ['one letter after 4,990 spaces', `${' '.repeat(4_990)}가`, 200],
    ['10,000 spaces', ' '.repeat(10_000), 422],
    ['signs only', '?!…—·「」', 422],
    ['combining marks', `가${'\u0301'.repeat(500)}`, 200],
    ['one word of 1,000 letters', '가'.repeat(1_000), 200],
    ['line ends of all kinds', '하나\r\n둘\r셋\u2028넷\u2029다섯\u0085여섯', 200],
  ])(
    '%s',
    async (_, text, status) => {
      const answer = await speak({ text, stream: false });
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([answer.status, status === 200 ? '' : bytes.toString()]).toEqual([
        status,
        status === 200 ? '' : expect.stringMatching(/body\.text: /),
      ]);
      if (status !== 200) return;
      const { durationMs } = decodeWav(bytes);
      expect(durationMs).toBeGreaterThan(0);
      expect(durationMs).toBeLessThan(20 * 60_000);
    },
    60_000,
  );
});

const sound = spokenWav(4);
const file = (content: Uint8Array | string = sound): Part => ({
  name: 'file',
  filename: '소리.wav',
  content,
});
const consent: Readonly<Record<string, string>> = {
  text: '안녕하세요.',
  name: '민지',
  language: 'ko',
  consent: 'true',
  consent_by: '김민지',
};
const voice = (changed: Readonly<Record<string, string>>): Part[] => [
  ...Object.entries({ ...consent, ...changed }).map(([name, content]) => ({ name, content })),
  file(),
];

describe.each(['ko', 'en'])('an upload says what is wrong with it, for who reads %s', (language) => {
  it.each<[string, string, readonly Part[], number, RegExp]>([
    ['no file', '/api/voice/stt', [{ name: 'language', content: 'ko' }], 400, /in the field `file`/],
    ['an empty file', '/api/voice/stt', [file('')], 422, /empty/],
    ['text for sound', '/api/voice/stt', [file('안녕하세요')], 415, /Accepted: WAV/],
    ['a WAV cut off', '/api/voice/stt', [file(sound.subarray(0, 999))], 422, /truncated/],
    ['no language', '/api/voice/stt', [file(), { name: 'language', content: '한국어' }], 422, /such as `ko`/],
    [
      'no consent',
      '/api/tts/voices',
      voice({ consent: 'false' }),
      422,
      /consent: "false" was given; allowed: true/,
    ],
    ['nobody who agreed', '/api/tts/voices', voice({ consent_by: '' }), 422, /consent_by: .*at least 1/],
    ['a long name', '/api/tts/voices', voice({ name: '가'.repeat(81) }), 422, /name: .*at most 80/],
    ['NUL in a name', '/api/tts/voices', voice({ name: '민\u0000지' }), 422, /name: .*control/],
    ['NUL in the words', '/api/tts/voices', voice({ text: 'a\u0000b' }), 422, /text: .*control/],
    ['an odd language', '/api/tts/voices', voice({ language: '한국어' }), 422, /language: .*such as ko/],
    ['a field unknown', '/api/tts/voices', voice({ owner: 'usr_x' }), 422, /owner/],
  ])('%s', async (_, path, parts, status, says) => {
    const answer = await upload(path, parts, { 'accept-language': language });
    const { detail } = await problemOf(answer);
    expect([answer.status, detail]).toEqual([status, expect.stringMatching(says)]);
  });
});

describe('what is sent to take the server down', () => {
  it.each(['/api/voice/stt', '/api/tts/voices'])('a form that unfolds without end at %s', async (path) => {
    const body = gzipSync(multipart([file(new Uint8Array(64 * 1024 * 1024))]));
    expect(body.length).toBeLessThan(100_000);
    const answer = await post(path, Uint8Array.from(body), { ...multipartType, 'content-encoding': 'gzip' });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('a text that unfolds without end', async () => {
    const body = gzipSync(JSON.stringify({ text: '가'.repeat(30_000_000) }));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await post('/api/tts/synthesize', Uint8Array.from(body), headers);
    expect([answer.status, (await problemOf(answer)).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('clients that are gone at every stage', async () => {
    const body = multipart([file()]);
    const head = `POST /api/voice/stt HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${multipartType['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const whole = Buffer.concat([Buffer.from(head), body]);
    for (const share of [0.001, 0.01, 0.3, 0.9, 1]) {
      await new Promise<void>((resolve) => {
        const socket = connect({ port: house.port, host: '127.0.0.1' }, () => {
          socket.write(whole.subarray(0, Math.ceil(whole.length * share)), () => socket.destroy());
        });
        socket.on('close', () => resolve());
        socket.on('error', () => {});
      });
    }
    expect((await upload('/api/voice/stt', [file()])).status).toBe(200);
    expect(house.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('200 at once: each is spoken, or told when to come again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const answer = await speak({ text: `${index % 20}번 손님.`, format: 'pcm' });
        await answer.arrayBuffer();
        return answer;
      }),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...new Set(statuses)].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(40);
    for (const answer of answers) {
      if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
  }, 60_000);
});
