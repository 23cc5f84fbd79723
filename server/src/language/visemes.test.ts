import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createChildHost, type ChildHost } from '../lib/child-host.ts';
import { collectSpeech } from '../providers/contract/tts.suite.ts';
import type { EspeakPart, EspeakRequest } from '../providers/espeak/espeak-protocol.ts';
import { createEspeakVoice } from '../providers/espeak/espeak-voice.ts';
import { openEspeakHost } from '../providers/espeak/open-espeak-host.ts';
import type { SpeechChunk, Viseme } from '../providers/spec/tts.ts';
import { createMouthRow } from './mouth-row.ts';
import { mouthOfPhoneme } from './phoneme-mouths.ts';
import { soundsOfText } from './text-mouths.ts';
import { createVisemeTracker, type TimedViseme } from './visemes.ts';

const RATE = 16_000;

/** All shapes of `chunks`. */
function track(text: string, language: string, chunks: readonly SpeechChunk[]): readonly TimedViseme[] {
  const tracker = createVisemeTracker({ text, language });
  const visemes = chunks.flatMap((chunk) => [...tracker.push(chunk)]);
  return [...visemes, ...tracker.end(durationOf(chunks))];
}

function durationOf(chunks: readonly SpeechChunk[]): number {
  return chunks.reduce(
    (sum, chunk) => sum + (chunk.type === 'audio' ? (chunk.samples.length * 1_000) / chunk.sampleRate : 0),
    0,
  );
}

/** `ms` of a tone; of silence at level 0. */
function tone(ms: number, level = 0.5): SpeechChunk {
  const samples = new Int16Array((RATE * ms) / 1_000).map(
    (_, at) => 32_767 * level * Math.sin((2 * Math.PI * 200 * at) / RATE),
  );
  return { type: 'audio', samples, sampleRate: RATE };
}

const shapesOf = (visemes: readonly TimedViseme[]) => visemes.map(({ viseme }) => viseme);
const phoneme = (symbol: string, startMs: number): SpeechChunk => ({ type: 'phoneme', symbol, startMs });
const word = (text: string, startMs: number, textOffset: number): SpeechChunk => ({
  type: 'word',
  text,
  startMs,
  textOffset,
});
const source = (provider: string): SpeechChunk => ({ type: 'source', provider, revision: '1', skipped: [] });

describe('mouthOfPhoneme', () => {
  it.each([
    ['ko', 'ˈɐ', 'A'],
    ['ko', 'ˌʌ', 'O'],
    ['ko', 'ɯ', 'U'],
    ['ko', 'p-', 'closed'],
    ['ko', 'tɕ', 'consonant'],
    ['en', 'ˈʌ', 'A'],
    ['en-US', 'ˌəʊ', 'O'],
    ['en', 'ˈiː', 'I'],
    ['en', 'b', 'closed'],
    ['en', '', 'rest'],
  ])('%s %s is %s', (language, symbol, mouth) => expect(mouthOfPhoneme(symbol, language)).toBe(mouth));
});

describe('createMouthRow', () => {
  it('lets a consonant take the vowel that follows, from its own beginning', () => {
    const row = createMouthRow();
    expect(row.push('consonant', 0)).toEqual([]);
    expect(row.push('consonant', 20)).toEqual([]);
    expect(row.push('I', 50)).toEqual([{ viseme: 'I', startMs: 0 }]);
    expect(row.push('consonant', 90)).toEqual([]);
    expect(row.push('rest', 120)).toEqual([{ viseme: 'rest', startMs: 120 }]);
    expect(row.push('closed', 300)).toEqual([{ viseme: 'closed', startMs: 300 }]);
    expect(row.push('closed', 310)).toEqual([]);
  });
});

describe('soundsOfText', () => {
  const mouths = (text: string) => soundsOfText(text).map(({ mouth }) => mouth[0]);

  it.each([
    ['아이우에오', 'AIUEO'],
    ['밥', 'cAc'],
    ['곱창, 무', 'cOccAcrcU'],
    // Said 궁물: the rule turns ㄱ before ㅁ into ㅇ.
    ['국물', 'cUccUc'],
    ['map', 'cAc'],
    ['the moon', 'cIcUc'],
    ['!?', ''],
    ['😀', ''],
  ])('%s', (text, shapes) => expect(mouths(text).join('')).toBe(shapes));

  it('reads digits out', () => expect(soundsOfText('1').length).toBeGreaterThan(1));
});

describe('createVisemeTracker', () => {
  it('passes on what the voice gives, without what repeats', () => {
    const chunks: SpeechChunk[] = [
      { type: 'viseme', viseme: 'A', startMs: 10 },
      { type: 'viseme', viseme: 'A', startMs: 20 },
      phoneme('i', 25),
      { type: 'viseme', viseme: 'closed', startMs: 30 },
      tone(100),
    ];
    expect(track('아', 'ko', chunks)).toEqual([
      { viseme: 'A', startMs: 10 },
      { viseme: 'closed', startMs: 30 },
      { viseme: 'rest', startMs: 100 },
    ]);
  });

  it('leaves out what no screen can show', () => {
    // A sound so short for its text is laid out at an even pace: 10 ms to each shape.
    const visemes = track('아이우에오', 'ko', [tone(5, 0), tone(45)]);
    expect(visemes.at(-1)).toMatchObject({ viseme: 'rest' });
    expect(visemes.length).toBeGreaterThan(1);
    for (const [at, { startMs, viseme }] of visemes.entries()) {
      const next = visemes[at + 1];
      if (next === undefined) continue;
      expect(next.startMs - startMs).toBeGreaterThanOrEqual(20);
      expect(next.viseme).not.toBe(viseme);
    }
  });

  it('makes them of phonemes, each as soon as it is certain', () => {
    const tracker = createVisemeTracker({ text: '바나나', language: 'ko' });
    expect(tracker.push(phoneme('b', 0))).toEqual([{ viseme: 'closed', startMs: 0 }]);
    expect(tracker.push(phoneme('ˈɐ', 50))).toEqual([{ viseme: 'A', startMs: 50 }]);
    expect(tracker.push(phoneme('n', 90))).toEqual([]);
    expect(tracker.push(phoneme('ɐ', 120))).toEqual([]);
    expect(tracker.push(phoneme('', 200))).toEqual([{ viseme: 'rest', startMs: 200 }]);
    expect(tracker.end(300)).toEqual([]);
  });

  it('lays words out between their times, while the sound comes', () => {
    const tracker = createVisemeTracker({ text: '아이 무우', language: 'ko' });
    expect(tracker.push(word('아이', 0, 0))).toEqual([]);
    expect(tracker.push(word('무우', 400, 3))).toEqual([]);
    expect(tracker.push(tone(200))).toEqual([]);
    const first = tracker.push(tone(300));
    expect(shapesOf(first)).toEqual(['A', 'I']);
    expect(first[1]!.startMs).toBeGreaterThan(50);
    expect(first[1]!.startMs).toBeLessThan(400);
    const rest = [...tracker.push(tone(300)), ...tracker.end(800)];
    expect(shapesOf(rest)).toEqual(['closed', 'U', 'rest']);
    expect(rest[0]!.startMs).toBeGreaterThanOrEqual(400);
  });

  it('lays out what stands before the first word that has a time', () => {
    const visemes = track('아 오', 'ko', [word('오', 500, 2), tone(1_000)]);
    expect(shapesOf(visemes)).toEqual(['A', 'O', 'rest']);
    expect(visemes[0]!.startMs).toBe(0);
    expect(visemes[1]!.startMs).toBe(500);
  });

  it('finds the text in the sound where there are no times at all', () => {
    const chunks = [tone(300, 0), tone(400), tone(400, 0), tone(400), tone(200, 0)];
    const visemes = track('아, 우', 'ko', chunks);
    expect(shapesOf(visemes)).toEqual(['A', 'rest', 'U', 'rest']);
    const expected = [300, 700, 1_100, 1_500];
    for (const [at, { startMs }] of visemes.entries()) {
      expect(Math.abs(startMs - expected[at]!)).toBeLessThan(50);
    }
  });

  it('goes by the words once another voice takes over', () => {
    const visemes = track('아 우', 'ko', [source('a'), word('아', 0, 0), tone(400), source('b'), tone(400)]);
    expect(shapesOf(visemes)).toEqual(['A', 'U', 'rest']);
    expect(visemes[1]!.startMs).toBe(400);
  });

  it('takes phonemes of the voice that takes over', () => {
    const visemes = track('아 우', 'ko', [
      source('a'),
      word('아', 0, 0),
      tone(400),
      source('b'),
      phoneme('u', 420),
      tone(400),
    ]);
    expect(visemes).toEqual([
      { viseme: 'A', startMs: 0 },
      { viseme: 'U', startMs: 420 },
      { viseme: 'rest', startMs: 800 },
    ]);
  });

  it('opens the mouth with the voice in a language that it can not read', () => {
    const visemes = track('これ', 'ja', [tone(400, 0), tone(400), tone(400, 0)]);
    expect(shapesOf(visemes)).toEqual(['A', 'rest']);
  });

  it.each([
    ['no sound', '아무 말', []],
    ['no text', '', [tone(200)]],
    ['a sound too short for its text', '아주 긴 말을 아주 짧게 하기', [tone(30)]],
    ['silence', '아무 말', [tone(500, 0)]],
    ['much text and much sound', '가나다라 '.repeat(400), [tone(40_000)]],
  ] as const)('keeps the order with %s', (_, text, chunks) => {
    const visemes = track(text, 'ko', chunks);
    const starts = visemes.map(({ startMs }) => startMs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const startMs of starts) {
      expect(startMs).toBeGreaterThanOrEqual(0);
      expect(startMs).toBeLessThanOrEqual(durationOf(chunks));
    }
  });
});

describe('from the text alone, against what espeak itself says', () => {
  const SENTENCES = [
    '창밖을 보니 벚꽃이 활짝 피었네요.',
    '바닐라 라떼, 얼음 적게 넣어 주세요.',
    '할머니께서 만들어 주신 떡볶이가 제일 맛있었어요.',
    '엄마와 아빠는 부엌에서 밥을 먹고 있어요.',
    '피곤할 때는 잠깐 눈을 감고 숨을 깊게 쉬어 보세요.',
  ];
  let host: ChildHost<EspeakRequest, EspeakPart>;
  beforeAll(() => {
    host = createChildHost({ name: 'espeak-host', open: openEspeakHost() });
  });
  afterAll(() => host.close());

  it('shows the right shape in most frames', async () => {
    const voice = createEspeakVoice({ host });
    let frames = 0;
    let right = 0;
    let closed = 0;
    let closedRight = 0;
    for (const text of SENTENCES) {
      const chunks = await collectSpeech(voice, { text, language: 'ko' });
      const truth = track(text, 'ko', chunks);
      const guess = track(
        text,
        'ko',
        chunks.filter(({ type }) => type === 'audio'),
      );
      for (let ms = 0; ms < durationOf(chunks); ms += 1_000 / 60) {
        const wanted = shapeAt(truth, ms);
        const shown = shapeAt(guess, ms);
        frames++;
        if (wanted === shown) right++;
        if (wanted !== 'closed') continue;
        closed++;
        if (shown === 'closed') closedRight++;
      }
    }
    // An even pace gets 53 % of these sentences right, and 30 % of the closed lips.
    expect(right / frames).toBeGreaterThan(0.78);
    expect(closedRight / closed).toBeGreaterThan(0.5);
  });
});

function shapeAt(visemes: readonly TimedViseme[], ms: number): Viseme {
  return visemes.findLast(({ startMs }) => startMs <= ms)?.viseme ?? 'rest';
}
