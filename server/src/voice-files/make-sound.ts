import { speak } from '../conversation/speak.ts';
import { AbortedError } from '../lib/abort.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { SoundPiece } from './finish-sound.ts';
import type { SoundFinisher } from './sound-finisher.ts';
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
 * Speaks `request`, sentence by sentence, to its end and brings it to -16 LUFS.
 *
 * @throws {ProviderError} as the voice does; `failed` when it gave no sound, or sound without end. AbortedError when `signal`
 * aborts.
 */
export async function makeSound(
  voice: TextToSpeech,
  finisher: SoundFinisher,
  request: VoiceRequest,
  signal: AbortSignal,
): Promise<MadeSound> {
  const sources: SoundSource[] = [];
  const pieces: SoundPiece[] = [];
  let seconds = 0;
  const { text, ...style } = request;
  // Nobody hears a file before it is whole, so its first sentence needs no early cut.
  for await (const chunk of speak([text], voice, { ...style, early: false }, signal)) {
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (chunk.type === 'source') sources.push({ provider: chunk.provider, revision: chunk.revision });
    if (chunk.type !== 'audio' || chunk.samples.length === 0) continue;
    const { sampleRate } = chunk;
    // A copy: the memory is the voice's, and goes on to another thread.
    pieces.push({ samples: chunk.samples.slice(), sampleRate });
    seconds += chunk.samples.length / sampleRate;
    if (seconds > MAX_SOUND_SECONDS) {
      const message = `The voice did not end within ${MAX_SOUND_SECONDS} seconds.`;
      throw new ProviderError('failed', voice.info.id, message);
    }
  }
  if (pieces.length === 0) throw new ProviderError('failed', voice.info.id, 'The voice gave no sound.');
  return {
    wav: await finisher.finish(pieces, signal),
    sources: sources.length > 0 ? sources : [{ provider: voice.info.id, revision: voice.revision }],
  };
}
