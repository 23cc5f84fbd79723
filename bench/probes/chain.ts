import { createSpeechToTextChain } from '../../server/src/providers/chain/speech-to-text-chain.ts';
import { createTextToSpeechChain } from '../../server/src/providers/chain/text-to-speech-chain.ts';
import { ScriptedEars } from '../../server/src/providers/fake/scripted-ears.ts';
import { ToneVoice } from '../../server/src/providers/fake/tone-voice.ts';
import type { SpeechToText } from '../../server/src/providers/spec/stt.ts';
import type { TextToSpeech } from '../../server/src/providers/spec/tts.ts';

/** Milliseconds of each call, without a chain and through one. */
export interface Compared {
  readonly alone: readonly number[];
  readonly chained: readonly number[];
}

export interface ChainMeasure {
  /** To the first sound. */
  readonly voice: Compared;
  /** To the text. */
  readonly ears: Compared;
}

/** Fakes that answer at once, asked by turns directly and through a chain of three. */
export async function chain({ count }: { readonly count: number }): Promise<ChainMeasure> {
  const { signal } = new AbortController();
  const voices = createTextToSpeechChain(
    ['fake_a', 'fake_b', 'fake_c'].map((id) => new ToneVoice({ id: id as 'fake_a' })),
  );
  const ears = createSpeechToTextChain(
    ['fake_a', 'fake_b', 'fake_c'].map((id) => new ScriptedEars({ id: id as 'fake_a' })),
  );
  const aloneVoice = new ToneVoice();
  const aloneEars = new ScriptedEars();
  const samples = new Float32Array(16_000).fill(0.1);
  const measure = { voice: emptied(), ears: emptied() };
  try {
    for (let turn = -WARM_UP; turn < count; turn++) {
      const direct = await firstSoundMs(aloneVoice, signal);
      const through = await firstSoundMs(voices, signal);
      const directText = await textMs(aloneEars, samples, signal);
      const throughText = await textMs(ears, samples, signal);
      if (turn < 0) continue;
      measure.voice.alone.push(direct);
      measure.voice.chained.push(through);
      measure.ears.alone.push(directText);
      measure.ears.chained.push(throughText);
    }
    return measure;
  } finally {
    await Promise.all([voices.close?.(), ears.close?.()]);
  }
}

const WARM_UP = 200;
const emptied = () => ({ alone: [] as number[], chained: [] as number[] });

async function firstSoundMs(voice: TextToSpeech, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  for await (const part of voice.synthesize({ text: '네', language: 'ko' }, signal)) {
    if (part.type === 'audio') return performance.now() - startedAt;
  }
  throw new Error('The fake voice gave no sound.');
}

async function textMs(ears: SpeechToText, samples: Float32Array, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  await ears.transcribe({ samples, language: 'ko' }, signal);
  return performance.now() - startedAt;
}
