import { createChildHost } from '../../server/src/lib/child-host.ts';
import { createEspeakVoice } from '../../server/src/providers/espeak/espeak-voice.ts';
import { openEspeakHost } from '../../server/src/providers/espeak/open-espeak-host.ts';
import { createSherpaVoice } from '../../server/src/providers/sherpa/sherpa-voice.ts';
import type { VoiceManifest } from '../../server/src/providers/sherpa/speech-host-protocol.ts';
import { createSupertonicVoice } from '../../server/src/providers/sherpa/supertonic-voice.ts';
import { measureVoice, type VoiceMeasure } from '../../server/src/providers/sherpa/testing/measure-voice.ts';
import type { TextToSpeech, VoiceReference } from '../../server/src/providers/spec/tts.ts';
import { builtSpeechHost } from '../lib/built-speech-host.ts';
import { memoryOf, memoryWhenIdle } from '../lib/child-memory.ts';
import { longSpeech } from '../lib/demo-sounds.ts';
import { timed, type PartMeasure } from '../lib/part-measure.ts';
import { watchLoop } from '../lib/watch-loop.ts';

export interface VoiceTask {
  /** Null for the built-in voice. */
  readonly model: VoiceManifest | null;
  readonly language: string;
  readonly texts: readonly string[];
}

/** Time without use after which a model is unloaded here. */
const IDLE_MS = 700;

/** Speaks one text after the other. The first one only warms up. */
export async function voice({ model, language, texts }: VoiceTask): Promise<PartMeasure> {
  const { voice: part, host } = model === null ? builtIn() : withModel(model, language);
  const { signal } = new AbortController();
  try {
    const startMs = await timed(() => host.start(signal));
    const before = await memoryOf(host);
    const loadMs = await timed(() => part.preload!(signal));
    const [first, ...others] = texts;
    await measureVoice(part, { text: first!, language });
    const { result, loop } = await watchLoop(async () => {
      const measures: VoiceMeasure[] = [];
      for (const text of others) measures.push(await measureVoice(part, { text, language }));
      return measures;
    });
    const used = await memoryOf(host);
    return {
      startMs,
      loadMs,
      answersMs: result.map(({ firstSoundMs }) => firstSoundMs),
      realTimeFactors: result.map(({ realTimeFactor }) => realTimeFactor),
      loop,
      memory: { before, used, idle: model === null ? used : await memoryWhenIdle(host) },
    };
  } finally {
    await part.close?.();
    await host.close();
  }
}

function builtIn() {
  const host = createChildHost({ name: 'espeak-host', open: openEspeakHost() });
  return { host, voice: createEspeakVoice({ host }) };
}

function withModel(model: VoiceManifest, language: string) {
  const host = builtSpeechHost();
  const common = { host, idleMs: IDLE_MS, loadLimitMs: 60_000 };
  const made: TextToSpeech =
    model.family === 'supertonic'
      ? createSupertonicVoice({ ...common, model })
      : createSherpaVoice({ ...common, model, languages: [language], ...referenceFor(model) });
  return { host, voice: made };
}

/** ZipVoice speaks like a recording. */
function referenceFor({ family }: VoiceManifest): { readonly reference?: VoiceReference } {
  if (family !== 'zipvoice') return {};
  const sampleRate = 16_000;
  // What the first of the demo ear's orders says.
  const text = '좋아요 블루베리머핀 한 잔 하나 더 주세요';
  return { reference: { id: 'bench', samples: longSpeech(4, sampleRate), sampleRate, text } };
}
