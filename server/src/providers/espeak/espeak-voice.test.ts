import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { providerErrorOf } from '../contract/provider.suite.ts';
import { collectSpeech, soundOf, textToSpeechSuite } from '../contract/tts.suite.ts';
import type { SpeechChunk } from '../spec/tts.ts';
import type { EspeakPart, EspeakRequest } from './espeak-protocol.ts';
import { createEspeakVoice } from './espeak-voice.ts';
import { openEspeakHost } from './open-espeak-host.ts';

const newHost = () =>
  createChildHost<EspeakRequest, EspeakPart>({ name: 'espeak-host', open: openEspeakHost() });
const ORDER = { text: '불고기버거 두 개랑 콜라 하나 주세요', language: 'ko' };

let host: ChildHost<EspeakRequest, EspeakPart>;
beforeAll(() => {
  host = newHost();
});
afterAll(() => host.close());

for (const [language, text] of [
  ['ko', ORDER.text],
  ['en', 'One cheeseburger and a coke, please.'],
] as const) {
  textToSpeechSuite(`espeak (${language})`, {
    make: async () => ({ provider: createEspeakVoice({ host }), end: async () => {} }),
    language,
    text,
    givesTimes: true,
  });
}

const wordsOf = (chunks: readonly SpeechChunk[]) => chunks.filter((chunk) => chunk.type === 'word');
const millisecondsOf = (chunks: readonly SpeechChunk[]) => {
  const { samples, sampleRate } = soundOf(chunks);
  return (samples.length * 1000) / sampleRate;
};

describe('espeak', () => {
  it('gives each word and its phonemes with their times', async () => {
    const chunks = await collectSpeech(createEspeakVoice({ host }), ORDER);
    expect(wordsOf(chunks).map(({ text }) => text)).toEqual(ORDER.text.split(' '));
    const symbols = chunks.flatMap((chunk) => (chunk.type === 'phoneme' ? [chunk.symbol] : []));
    expect(symbols.length).toBeGreaterThan(25);
    expect(symbols[0]).toBe('p');
    expect(symbols.at(-1)).toBe('');
  });

  it('finds the place of words behind an emoji', async () => {
    const text = '😀 햄버거 😀 두 개';
    const chunks = await collectSpeech(createEspeakVoice({ host }), { text, language: 'ko' });
    expect(wordsOf(chunks).map(({ textOffset }) => textOffset)).toEqual([3, 10, 12]);
  });

  it('reads markup as text', async () => {
    const voice = createEspeakVoice({ host });
    for (const text of [
      '하나 <voice name="en">버거</voice> 콜라',
      '하나 &amp; 콜라',
      '하나\u0000버거 콜라',
      '\ud800 하나 콜라',
    ]) {
      const words = wordsOf(await collectSpeech(voice, { text, language: 'ko' }));
      expect(words.at(0)?.text).toContain('하나');
      expect(words.at(-1)).toMatchObject({ text: '콜라', textOffset: text.indexOf('콜라') });
    }
  });

  it('speaks long text in pieces whose times go on', async () => {
    const sentence = '불고기버거 두 개와 콜라 하나를 담았어요. ';
    const voice = createEspeakVoice({ host });
    const one = millisecondsOf(await collectSpeech(voice, { text: sentence, language: 'ko' }));
    const chunks = await collectSpeech(voice, { text: sentence.repeat(30), language: 'ko' });
    const words = wordsOf(chunks);
    expect(words).toHaveLength(30 * 6);
    expect(words.map(({ startMs }) => startMs)).toEqual(
      words.map(({ startMs }) => startMs).sort((a, b) => a - b),
    );
    expect(words.at(-1)!.textOffset).toBe(sentence.repeat(30).lastIndexOf('담았어요'));
    // A pause of 300 ms belongs after every sentence but the last, whether the text was cut there or not.
    expect(millisecondsOf(chunks) / (30 * one + 29 * 300)).toBeCloseTo(1, 1);
  });

  it('speaks higher and lower', async () => {
    const voice = createEspeakVoice({ host });
    const height = async (pitch: number) => {
      const request = { text: '아 아 아 아', language: 'ko', speed: 0.5, pitch };
      const { samples, sampleRate } = soundOf(await collectSpeech(voice, request));
      return pitchOf(samples, sampleRate);
    };
    const normal = await height(1);
    expect((await height(0.8)) / normal).toBeCloseTo(0.8, 1);
    expect((await height(1.25)) / normal).toBeCloseTo(1.25, 1);
    expect(await height(0.5)).toBeLessThan(normal * 0.75);
    expect(await height(2)).toBeGreaterThan(normal * 1.4);
  });

  it('refuses a language that it does not keep and a voice that is not there', async () => {
    const voice = createEspeakVoice({ host });
    for (const change of [
      { language: 'ru' },
      { voice: 'ru' },
      { voice: 'nope' },
      { pitch: 3 },
      { speed: Number.NaN },
    ]) {
      expect((await providerErrorOf(collectSpeech(voice, { ...ORDER, ...change }))).kind).toBe(
        'invalid_input',
      );
    }
    expect(host.status().starts).toBe(1);
  });

  it('says that its program is missing', () => {
    const voice = createEspeakVoice({ host, program: '/nowhere/main.mjs' });
    expect(voice.availability()).toMatchObject({
      available: false,
      reason: 'The program espeak-host is missing.',
    });
  });
});

describe('the espeak host as a child', () => {
  it.each([
    ['is killed', 'SIGKILL', 'unavailable'],
    ['hangs', 'SIGSTOP', 'timeout'],
  ] as const)('loses one turn when it %s', async (_, signal, kind) => {
    const own = newHost();
    try {
      const voice = createEspeakVoice({ host: own, pieceLimitMs: 1_500 });
      await collectSpeech(voice, ORDER);
      const pid = own.status().pid!;
      process.kill(pid, 'SIGSTOP');
      const lost = providerErrorOf(collectSpeech(voice, ORDER));
      if (signal === 'SIGKILL') {
        await new Promise((resolve) => setTimeout(resolve, 20));
        process.kill(pid, signal);
      }
      expect((await lost).kind).toBe(kind);
      expect(millisecondsOf(await collectSpeech(voice, ORDER))).toBeGreaterThan(2_000);
      expect(own.status().pid).not.toBe(pid);
    } finally {
      await own.close();
    }
  });
});

/** The median fundamental frequency of the loud parts, in hertz, by autocorrelation between 50 and 250 Hz. */
function pitchOf(samples: Int16Array, sampleRate: number): number {
  const length = Math.round(sampleRate / 5);
  const found: number[] = [];
  for (let start = 0; start + length <= samples.length; start += length / 2) {
    const window = samples.subarray(start, start + length);
    let best = 0;
    let bestLag = 0;
    for (let lag = Math.round(sampleRate / 250); lag < sampleRate / 50; lag++) {
      let [sum, here, there] = [0, 1, 1];
      for (let index = lag; index < window.length; index++) {
        sum += window[index]! * window[index - lag]!;
        here += window[index]! ** 2;
        there += window[index - lag]! ** 2;
      }
      const likeness = sum / Math.sqrt(here * there);
      if (likeness > best + 0.02) [best, bestLag] = [likeness, lag];
    }
    if (best > 0.4) found.push(sampleRate / bestLag);
  }
  return found.sort((a, b) => a - b)[Math.floor(found.length / 2)]!;
}
