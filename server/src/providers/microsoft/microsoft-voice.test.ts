import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { collectSpeech, soundOf } from '../contract/tts.suite.ts';
import { createManualClock } from '../fake/manual-clock.ts';
import type { SpeechRequest, TextToSpeech } from '../spec/tts.ts';
import { createAzureVoice } from './azure-voice.ts';
import { edgeToken } from './edge-token.ts';
import { createEdgeVoice, type EdgeVoiceOptions } from './edge-voice.ts';
import { MS_A_WORD, startSpeechServer, type SpeechServer } from './testing/speech-server.ts';

const KEY = 'secret-key-4711';
const KOREAN = { text: '콜라 두 잔 주세요', language: 'ko' } as const;

let server: SpeechServer;
const voices: TextToSpeech[] = [];
const edge = (options: Partial<EdgeVoiceOptions> = {}) => {
  const voice = createEdgeVoice({
    enabled: true,
    voice: 'ko-KR-SunHiNeural',
    url: server.url,
    ...options,
  });
  voices.push(voice);
  return voice;
};
const azure = () => {
  const voice = createAzureVoice({
    key: KEY,
    region: 'koreacentral',
    voice: 'ko-KR-SunHiNeural',
    url: server.url,
  });
  voices.push(voice);
  return voice;
};
const ssmlOf = async (voice: TextToSpeech, request: SpeechRequest) => {
  await collectSpeech(voice, request);
  return server.turns.at(-1)!.ssml;
};
const durationMs = (chunks: Parameters<typeof soundOf>[0]) => {
  const { samples, sampleRate } = soundOf(chunks);
  return (samples.length * 1_000) / sampleRate;
};

afterEach(async () => {
  await Promise.all(voices.splice(0).map((voice) => voice.close?.()));
  await server.close();
});

describe('edge_tts', () => {
  beforeEach(async () => {
    server = await startSpeechServer('mp3');
  });

  it('gives every word with its time and place', async () => {
    const chunks = await collectSpeech(edge(), KOREAN);
    const words = chunks.filter((chunk) => chunk.type === 'word');
    expect(words).toEqual(
      KOREAN.text.split(' ').map((text, at) => ({
        type: 'word',
        text,
        startMs: at * MS_A_WORD,
        textOffset: KOREAN.text.indexOf(text),
      })),
    );
    expect(durationMs(chunks)).toBeGreaterThan(words.at(-1)!.startMs);
  });

  it('gives a word before the sound that it is in', async () => {
    let madeMs = 0;
    for (const chunk of await collectSpeech(edge(), KOREAN)) {
      if (chunk.type === 'audio') madeMs += (chunk.samples.length * 1_000) / chunk.sampleRate;
      else if (chunk.type === 'word') expect(chunk.startMs).toBeGreaterThanOrEqual(madeMs - 1);
    }
  });

  it('asks as the browser does', async () => {
    await collectSpeech(edge(), KOREAN);
    const { url, headers } = server.upgrades[0]!;
    const query = new URL(url, 'ws://localhost').searchParams;
    expect(query.get('TrustedClientToken')).toMatch(/^[0-9A-F]{32}$/);
    expect(query.get('Sec-MS-GEC')).toMatch(/^[0-9A-F]{64}$/);
    expect(query.get('Sec-MS-GEC-Version')).toMatch(/^1-\d+\.\d+\.\d+\.\d+$/);
    expect(headers['user-agent']).toContain('Edg/');
    const { paths, settings } = server.turns[0]!;
    expect(paths).toEqual(['speech.config', 'ssml']);
    expect(JSON.stringify(settings)).toContain('audio-24khz-48kbitrate-mono-mp3');
  });

  it('corrects its clock once by that of the server', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    const date = new Date(Date.UTC(2026, 0, 1, 3)).toUTCString();
    const voice = edge({ clock });
    server.behave({ do: 'refuse', status: 403, headers: { date } });
    await collectSpeech(voice, KOREAN);
    const tokens = () =>
      server.upgrades.map(({ url }) => new URL(url, 'ws://localhost').searchParams.get('Sec-MS-GEC'));
    expect(tokens()).toEqual([edgeToken(clock.now()), edgeToken(Date.parse(date))]);
    // It remembers.
    await collectSpeech(voice, KOREAN);
    expect(tokens()[2]).toBe(edgeToken(Date.parse(date)));
    const refusal = { do: 'refuse', status: 403, headers: { date } } as const;
    server.behave(refusal, refusal);
    expect((await providerErrorOf(collectSpeech(voice, KOREAN))).kind).toBe('unauthorized');
    expect(server.upgrades).toHaveLength(5);
  });

  it('sends nothing without an explicit yes, and says what it needs', async () => {
    const voice = edge({ enabled: false });
    expect(voice.availability()).toMatchObject({
      available: false,
      action: expect.stringContaining('EDGE_TTS=on'),
    });
    expect((await providerErrorOf(collectSpeech(voice, KOREAN))).kind).toBe('unavailable');
    expect(server.upgrades).toHaveLength(0);
  });

  it.each([
    ['ko', 'ko-KR-SunHiNeural', 'ko-KR-SunHiNeural', 'ko-KR'],
    ['en', 'ko-KR-SunHiNeural', 'en-US-AvaMultilingualNeural', 'en-US'],
    ['en-GB', 'ko-KR-InJoonNeural', 'en-US-AvaMultilingualNeural', 'en-US'],
    ['ko', 'en-US-AvaMultilingualNeural', 'en-US-AvaMultilingualNeural', 'ko-KR'],
    ['ko', 'en-GB-SoniaNeural', 'ko-KR-SunHiNeural', 'ko-KR'],
    ['ko', 'not a voice', 'ko-KR-SunHiNeural', 'ko-KR'],
  ])('for %s and the default %s takes %s', async (language, configured, taken, locale) => {
    const ssml = await ssmlOf(edge({ voice: configured }), { text: 'A b', language });
    expect(ssml).toContain(`<voice name="${taken}">`);
    expect(ssml).toContain(`xml:lang="${locale}"`);
  });

  it('takes a named voice, and offers the configured one first', async () => {
    const voice = edge({ voice: 'ja-JP-NanamiNeural' });
    expect(voice.voices().map(({ id }) => id)).toEqual([
      'ja-JP-NanamiNeural',
      'ko-KR-SunHiNeural',
      'ko-KR-InJoonNeural',
      'en-US-AvaMultilingualNeural',
    ]);
    expect(voice.info.languages).toContain('ja');
    expect(await ssmlOf(voice, { ...KOREAN, voice: 'ko-KR-InJoonNeural' })).toContain('ko-KR-InJoonNeural');
  });

  it('says speed and pitch as prosody', async () => {
    expect(await ssmlOf(edge(), { ...KOREAN, speed: 1.5, pitch: 0.8 })).toContain(
      '<prosody rate="+50%" pitch="-20%">',
    );
    expect(await ssmlOf(edge(), KOREAN)).toContain('<prosody rate="+0%" pitch="+0%">');
  });

  it('says markup as text, without what XML forbids', async () => {
    const text = '<break/> 하나 & "둘"\u0000\u000b 셋 \ud800 넷';
    const voice = edge();
    const chunks = await collectSpeech(voice, { text, language: 'ko' });
    const { ssml } = server.turns.at(-1)!;
    expect(ssml).toContain('&lt;break/&gt; 하나 &amp; &quot;둘&quot;');
    expect(ssml).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    for (const chunk of chunks) {
      if (chunk.type !== 'word') continue;
      expect(text.slice(chunk.textOffset, chunk.textOffset + chunk.text.length)).toBe(chunk.text);
    }
  });

  it('cuts a long text at sentences, and counts times and places on', async () => {
    const sentence = '안녕하세요 반갑습니다 '.repeat(20).trim();
    const text = Array.from({ length: 12 }, () => `${sentence}. `).join('');
    const voice = edge();
    const chunks = await collectSpeech(voice, { text, language: 'ko', speed: 4 });
    expect(server.turns.length).toBeGreaterThan(1);
    for (const { ssml } of server.turns) {
      expect(Buffer.byteLength(ssml)).toBeLessThan(4_400);
      expect(ssml).toMatch(/\. ?<\/prosody>/);
    }
    const words = chunks.filter((chunk) => chunk.type === 'word');
    expect(words).toHaveLength(12 * 40);
    expect(words.map(({ startMs }) => startMs)).toEqual(
      [...words].map(({ startMs }) => startMs).sort((a, b) => a - b),
    );
    for (const { text: word, textOffset } of words) {
      expect(text.slice(textOffset, textOffset + word.length)).toBe(word);
    }
    // The words of the second piece lie behind the whole sound of the first.
    expect(words.at(-1)!.startMs).toBeGreaterThan(durationMs(chunks) - 500);
    expect(words.at(-1)!.startMs).toBeLessThan(durationMs(chunks));
  });

  it('is silent about what nobody can say', async () => {
    expect(await collectSpeech(edge(), { text: '… 😀 !', language: 'ko' })).toEqual([]);
    expect(server.upgrades).toHaveLength(0);
  });

  it('speaks several texts at once', async () => {
    const voice = edge();
    const all = await Promise.all(Array.from({ length: 8 }, () => collectSpeech(voice, KOREAN)));
    expect(new Set(all.map((chunks) => durationMs(chunks))).size).toBe(1);
    await expect.poll(() => server.open).toBe(0);
  });
});

describe('azure_tts', () => {
  beforeEach(async () => {
    server = await startSpeechServer('pcm');
  });

  it('gives words and shapes of the mouth with their times', async () => {
    const chunks = await collectSpeech(azure(), { text: '콜라 둘', language: 'ko' });
    expect(chunks.filter(({ type }) => type === 'word')).toHaveLength(2);
    // A consonant at 0 takes the vowel of 40; the lips close at 100.
    expect(chunks.filter((chunk) => chunk.type === 'viseme')).toEqual([
      { type: 'viseme', viseme: 'A', startMs: 0 },
      { type: 'viseme', viseme: 'closed', startMs: 100 },
      { type: 'viseme', viseme: 'A', startMs: 250 },
      { type: 'viseme', viseme: 'closed', startMs: 350 },
    ]);
    expect(durationMs(chunks)).toBeCloseTo(500, 0);
  });

  it('shows its key in a header and nowhere else', async () => {
    await collectSpeech(azure(), KOREAN);
    const { url, headers } = server.upgrades[0]!;
    expect(headers['ocp-apim-subscription-key']).toBe(KEY);
    expect(url).not.toContain(KEY);
    expect(JSON.stringify(server.turns)).not.toContain(KEY);
  });

  it('asks for raw sound, words and visemes', async () => {
    const voice = azure();
    await collectSpeech(voice, KOREAN);
    await collectSpeech(voice, KOREAN);
    expect(server.turns.map(({ paths }) => paths)).toEqual([
      ['speech.config', 'synthesis.context', 'ssml'],
      ['synthesis.context', 'ssml'],
    ]);
    expect(server.turns[1]!.settings).toMatchObject([
      {
        synthesis: {
          audio: {
            outputFormat: 'raw-24khz-16bit-mono-pcm',
            metadataOptions: { visemeEnabled: true, wordBoundaryEnabled: true },
          },
        },
      },
    ]);
  });

  it('uses a connection for one turn after the other, and keeps no more than two', async () => {
    const voice = azure();
    for (let turn = 0; turn < 3; turn++) await collectSpeech(voice, KOREAN);
    expect(server.upgrades).toHaveLength(1);
    await Promise.all(Array.from({ length: 6 }, () => collectSpeech(voice, KOREAN)));
    await expect.poll(() => server.open).toBeLessThanOrEqual(2);
    await voice.close!();
    await expect.poll(() => server.open).toBe(0);
  });

  it('connects again where a kept connection has died', async () => {
    const voice = azure();
    await collectSpeech(voice, KOREAN);
    server.cut();
    expect(durationMs(await collectSpeech(voice, KOREAN))).toBeGreaterThan(100);
    server.behave({ do: 'close', code: 1000 });
    expect(durationMs(await collectSpeech(voice, KOREAN))).toBeGreaterThan(100);
    expect(server.upgrades).toHaveLength(3);
  });

  it.each([
    [null, null, 'no key and no region'],
    [KEY, null, 'no region'],
    [null, 'koreacentral', 'no key'],
    [KEY, 'evil.example/x', 'is no region'],
  ])('says what it needs', async (key, region, said) => {
    const voice = createAzureVoice({ key, region, voice: 'ko-KR-SunHiNeural' });
    expect(voice.availability()).toMatchObject({
      available: false,
      reason: expect.stringContaining(said),
      action: expect.stringContaining('AZURE_SPEECH_REGION'),
    });
    const error = await providerErrorOf(collectSpeech(voice, KOREAN, quiet()));
    expect(error.kind).toBe('unavailable');
  });
});
