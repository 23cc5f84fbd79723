import { createAudioDecoder } from '../../server/src/audio/decode/audio-decoder.ts';
import { toPcm16 } from '../../server/src/audio/pcm.ts';
import { decodeUtterance, MAX_UTTERANCE_MS, prepareUtterance } from '../../server/src/audio/utterance.ts';
import { encodeWav } from '../../server/src/audio/wav.ts';
import { longSpeech } from '../lib/demo-sounds.ts';
import { watchLoop, type LoopDelay } from '../lib/watch-loop.ts';

export interface LongSoundMeasure {
  /** Decoded and resampled in one go, as code that nobody else waits for may do. */
  readonly inOneGo: LoopDelay;
  /** As the server does: in slices. */
  readonly inSlices: LoopDelay;
  /** A process that does nothing, for comparison. */
  readonly nothing: LoopDelay;
}

const RATE = 48_000;

/** How long the longest WAV that is taken, at a microphone's rate, holds up the event loop. */
export async function longSound({ times }: { readonly times: number }): Promise<LongSoundMeasure> {
  const wav = encodeWav(toPcm16(longSpeech(MAX_UTTERANCE_MS / 1000, RATE)), RATE);
  const decoder = createAudioDecoder();
  const { signal } = new AbortController();
  const prepare = async () => {
    const { samples, sampleRate } = await decoder.decode(wav, { maxDurationMs: MAX_UTTERANCE_MS, signal });
    await prepareUtterance(samples, sampleRate, signal);
  };
  try {
    decodeUtterance(wav);
    await prepare();
    const { loop: nothing } = await watchLoop(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
    const { loop: inOneGo } = await watchLoop(async () => {
      for (let time = 0; time < times; time++) {
        decodeUtterance(wav);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const { loop: inSlices } = await watchLoop(async () => {
      for (let time = 0; time < times; time++) await prepare();
    });
    return { inOneGo, inSlices, nothing };
  } finally {
    await decoder.close();
  }
}
