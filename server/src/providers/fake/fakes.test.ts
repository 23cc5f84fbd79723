import { describe, expect, it } from 'vitest';

import { embedderSuite } from '../contract/embed.suite.ts';
import { imageGeneratorSuite } from '../contract/image.suite.ts';
import { hearingStreamSuite } from '../contract/hearing-stream.suite.ts';
import { languageModelSuite } from '../contract/llm.suite.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import { collectSpeech, textToSpeechSuite } from '../contract/tts.suite.ts';
import { voiceActivitySuite } from '../contract/vad.suite.ts';
import type { Provider } from '../spec/provider.ts';
import { LetterVectors } from './letter-vectors.ts';
import { LevelDetector } from './level-detector.ts';
import { createManualClock } from './manual-clock.ts';
import { PlainPictures } from './plain-pictures.ts';
import { ScriptedEars } from './scripted-ears.ts';
import { ScriptedStreamingEars } from './scripted-streaming-ears.ts';
import { ScriptedMind } from './scripted-mind.ts';
import { ToneVoice } from './tone-voice.ts';

const noise = async () => Float32Array.from({ length: 16_000 }, (_, index) => 0.3 * Math.sin(index * index));
const subject =
  <P extends Provider>(provider: P) =>
  async () => ({ provider, end: async () => {} });
const fresh =
  <P extends Provider>(make: () => P) =>
  () =>
    subject(make())();

speechToTextSuite('fake_ears', {
  make: fresh(() => new ScriptedEars()),
  speech: noise,
  language: 'ko',
  hears: '불고기버거 두 개 주세요',
});
hearingStreamSuite('fake_ears', {
  make: fresh(() => new ScriptedStreamingEars()),
  speech: noise,
  language: 'ko',
  hears: '불고기버거 두 개 주세요',
  isDeterministic: true,
  breakIt: async (provider) => (provider as ScriptedStreamingEars).breakStreams(),
});
textToSpeechSuite('fake_voice', {
  make: fresh(() => new ToneVoice()),
  language: 'ko',
  text: '두 개 맞으세요?',
  givesTimes: true,
});
languageModelSuite('fake_mind', { make: fresh(() => new ScriptedMind()) });
imageGeneratorSuite('fake_pictures', { make: fresh(() => new PlainPictures()) });
embedderSuite('fake_vectors', { make: fresh(() => new LetterVectors()) });
voiceActivitySuite('fake_vad', { make: fresh(() => new LevelDetector()), speech: noise });

describe('a fake', () => {
  it('follows its script and then its habit', async () => {
    const samples = await noise();
    const ears = new ScriptedEars({
      hears: ['하나', '둘'],
      script: [{ do: 'fail', kind: 'rate_limited', retryAfterMs: 900 }, { do: 'answer' }],
    });
    const hear = () => ears.transcribe({ samples, language: 'ko' }, quiet());
    expect(await providerErrorOf(hear())).toMatchObject({
      kind: 'rate_limited',
      provider: 'fake_ears',
      retryAfterMs: 900,
    });
    expect((await hear()).text).toBe('하나');
    expect((await hear()).text).toBe('둘');
    ears.behave({ do: 'fail', kind: 'failed' });
    expect((await providerErrorOf(hear())).kind).toBe('failed');
    expect(ears.calls).toBe(4);
    expect(ears.running).toBe(0);
  });

  it('is slow on its clock only', async () => {
    const clock = createManualClock();
    const voice = new ToneVoice({ clock, otherwise: { do: 'answer-after', ms: 500 } });
    let isDone = false;
    const speaking = collectSpeech(voice, { text: '네', language: 'ko' }).then(() => (isDone = true));
    await new Promise(setImmediate);
    clock.advance(499);
    await new Promise(setImmediate);
    expect(isDone).toBe(false);
    clock.advance(1);
    await speaking;
    expect(clock.sleepers).toBe(0);
  });

  it('dies after a chunk', async () => {
    const voice = new ToneVoice({ otherwise: { do: 'die-after', chunks: 3 } });
    const types: string[] = [];
    const speaking = (async () => {
      for await (const chunk of voice.synthesize({ text: '하나 둘', language: 'ko' }, quiet()))
        types.push(chunk.type);
    })();
    expect((await providerErrorOf(speaking)).kind).toBe('failed');
    expect(types).toEqual(['word', 'phoneme', 'audio']);
  });

  it('is a stand-in and says so', () => {
    expect(new ScriptedMind().info).toMatchObject({ id: 'fake_mind', standIn: true });
  });
});
