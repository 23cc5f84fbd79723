import { normaliseLoudness } from '../audio/loudness.ts';
import { fromPcm16, joinPcm16, toPcm16 } from '../audio/pcm.ts';
import { resample } from '../audio/resample.ts';
import { encodeWav } from '../audio/wav.ts';
import { AbortedError } from '../lib/abort.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { SoundSource } from './sound-key.ts';
import type { VoiceRequest } from './voice-files.ts';

export interface MadeSound {
  /** A whole WAV file at the loudness of every voice. */
  readonly wav: Buffer;
  /** Who spoke, in order; more than one when another took over between two clauses. */
  readonly sources: readonly SoundSource[];
}

/** 5,000 characters, the most a request may have, are about 15 minutes read slowly. */
const MAX_SOUND_SECONDS = 1_200;

/**
 * Speaks `request` to its end and brings it to -16 LUFS.
 *
 * @throws {ProviderError} as the voice does; `failed` when it gave no sound, or sound without end. AbortedError when `signal`
 * aborts.
 */
export async function makeSound(
  voice: TextToSpeech,
  request: VoiceRequest,
  signal: AbortSignal,
): Promise<MadeSound> {
  const sources: SoundSource[] = [];
  const pieces: Int16Array[] = [];
  let sampleRate = 0;
  let length = 0;
  for await (const chunk of voice.synthesize(request, signal)) {
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (chunk.type === 'source') sources.push({ provider: chunk.provider, revision: chunk.revision });
    if (chunk.type !== 'audio' || chunk.samples.length === 0) continue;
    if (sampleRate === 0) ({ sampleRate } = chunk);
    const piece = chunk.sampleRate === sampleRate ? chunk.samples.slice() : inRate(chunk, sampleRate);
    pieces.push(piece);
    length += piece.length;
    if (length > sampleRate * MAX_SOUND_SECONDS) {
      throw new ProviderError(
        'failed',
        voice.info.id,
        `The voice did not end within ${MAX_SOUND_SECONDS} seconds.`,
      );
    }
  }
  if (length === 0) throw new ProviderError('failed', voice.info.id, 'The voice gave no sound.');
  const loud = normaliseLoudness(fromPcm16(joinPcm16(pieces)), sampleRate);
  return {
    wav: encodeWav(toPcm16(loud), sampleRate),
    sources: sources.length > 0 ? sources : [{ provider: voice.info.id, revision: voice.revision }],
  };
}

/** A voice that takes over may speak at another rate; the file has one. */
function inRate(
  { samples, sampleRate }: { samples: Int16Array; sampleRate: number },
  rate: number,
): Int16Array {
  return toPcm16(resample(fromPcm16(samples), sampleRate, rate));
}
