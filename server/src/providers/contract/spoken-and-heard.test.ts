import { afterAll, describe, expect, it } from 'vitest';

import { fromPcm16 } from '../../audio/pcm.ts';
import { resample } from '../../audio/resample.ts';
import { createChildHost } from '../../lib/child-host.ts';
import { openSpeechHost } from '../../speech-host/open-speech-host.ts';
import { createSpeechToTextChain } from '../chain/speech-to-text-chain.ts';
import { createTextToSpeechChain } from '../chain/text-to-speech-chain.ts';
import type { EspeakPart, EspeakRequest } from '../espeak/espeak-protocol.ts';
import { createEspeakVoice } from '../espeak/espeak-voice.ts';
import { openEspeakHost } from '../espeak/open-espeak-host.ts';
import { createDemoEar } from '../sherpa/demo-ear.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../sherpa/speech-host-protocol.ts';
import { UTTERANCE_SAMPLE_RATE } from '../spec/stt.ts';
import { quiet } from './provider.suite.ts';
import { collectSpeech, soundOf } from './tts.suite.ts';

const speechHost = createChildHost<SpeechHostRequest, SpeechHostPart>({
  name: 'speech-host',
  open: openSpeechHost(),
});
const espeakHost = createChildHost<EspeakRequest, EspeakPart>({
  name: 'espeak-host',
  open: openEspeakHost(),
});
const ears = createSpeechToTextChain([createDemoEar({ host: speechHost })]);
const voice = createTextToSpeechChain([createEspeakVoice({ host: espeakHost })]);

afterAll(async () => {
  await Promise.all([speechHost.close(), espeakHost.close()]);
});

/** Sentences that a kiosk is told. */
const ORDERS = [
  '불고기버거 두 개랑 콜라 하나 주세요',
  '감자튀김 하나 추가해 주세요',
  '콜라 두 잔 주세요',
  '치즈버거 세트 하나 주세요',
  '네 맞아요',
  '아이스 아메리카노 한 잔 주세요',
  '새우버거 세 개 주세요',
  '콜라는 빼 주세요',
  '주문 취소할게요',
  '카드로 계산할게요',
];

describe('the built-in voice and the built-in ear', () => {
  it('understand each other', async () => {
    let wrong = 0;
    let characters = 0;
    for (const text of ORDERS) {
      const { samples, sampleRate } = soundOf(await collectSpeech(voice, { text, language: 'ko' }));
      const utterance = resample(fromPcm16(samples), sampleRate, UTTERANCE_SAMPLE_RATE);
      const heard = await ears.transcribe({ samples: utterance, language: 'ko' }, quiet());
      expect(heard.provider).toBe('demo_ear');
      const errors = editDistance(text.replaceAll(' ', ''), heard.text.replaceAll(' ', ''));
      wrong += errors;
      characters += text.replaceAll(' ', '').length;
      expect(errors, `"${text}" was heard as "${heard.text}"`).toBeLessThanOrEqual(2);
    }
    expect(wrong / characters).toBeLessThan(0.06);
  });
});

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
