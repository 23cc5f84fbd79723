import type { SpeechRequest, TextToSpeech } from '../../spec/tts.ts';

/** One request, as who asked for it sees it. */
export interface VoiceMeasure {
  /** From the request to the first sound. */
  readonly firstSoundMs: number;
  /** From the request to the last sound. */
  readonly wholeMs: number;
  /** How long the sound lasts. */
  readonly soundMs: number;
  /** `wholeMs` for each millisecond of sound: below 1 it speaks faster than one listens. */
  readonly realTimeFactor: number;
}

/** Speaks `request` once and says how long it took. Load the model before, with `preload`, unless that is to count too. */
export async function measureVoice(voice: TextToSpeech, request: SpeechRequest): Promise<VoiceMeasure> {
  const startedAt = performance.now();
  let firstSoundMs = Number.NaN;
  let soundMs = 0;
  for await (const chunk of voice.synthesize(request, new AbortController().signal)) {
    if (chunk.type !== 'audio') continue;
    if (Number.isNaN(firstSoundMs)) firstSoundMs = performance.now() - startedAt;
    soundMs += (chunk.samples.length * 1000) / chunk.sampleRate;
  }
  const wholeMs = performance.now() - startedAt;
  return { firstSoundMs, wholeMs, soundMs, realTimeFactor: wholeMs / soundMs };
}
