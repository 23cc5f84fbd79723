import { AbortedError } from '../lib/abort.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { TextToSpeech, VoiceReference } from '../providers/spec/tts.ts';
import { speakAhead, type SpeakAheadOptions, type SpeakingStyle } from '../speech/speak-ahead.ts';
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

export interface SoundMaker {
  readonly voice: TextToSpeech;
  readonly finisher: SoundFinisher;
  readonly turns?: SpeakAheadOptions['turns'];
}

/** 5,000 characters, the most a request may have, are about 15 minutes read slowly. */
const MAX_SOUND_SECONDS = 1_200;

/** What of a request is for the voice; volume is for the finisher. */
export function styleOf(request: VoiceRequest, reference: VoiceReference | null): SpeakingStyle {
  const { text: _text, volume: _volume, reference: _reference, ...style } = request;
  return reference === null ? style : { ...style, reference };
}

/**
 * Speaks `request`, sentence by sentence, to its end and brings it to -16 LUFS times its volume.
 *
 * @throws {ProviderError} as the voice does; `failed` when it gave no sound, or sound without end. AbortedError when `signal`
 * aborts.
 */
export async function makeSound(
  { voice, finisher, turns }: SoundMaker,
  request: VoiceRequest,
  reference: VoiceReference | null,
  signal: AbortSignal,
): Promise<MadeSound> {
  const sources: SoundSource[] = [];
  const pieces: SoundPiece[] = [];
  let seconds = 0;
  // Nobody hears a file before it is whole, so its first sentence needs no early cut.
  const speaking = speakAhead(
    request.text,
    voice,
    styleOf(request, reference),
    { early: false, turns },
    signal,
  );
  for await (const part of speaking) {
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (part.type === 'source') {
      sources.push({ provider: part.provider, revision: part.revision });
      continue;
    }
    const { samples, sampleRate } = part;
    pieces.push({ samples, sampleRate });
    seconds += samples.length / sampleRate;
    if (seconds > MAX_SOUND_SECONDS) {
      const message = `The voice did not end within ${MAX_SOUND_SECONDS} seconds.`;
      throw new ProviderError('failed', voice.info.id, message);
    }
  }
  if (pieces.length === 0) throw new ProviderError('failed', voice.info.id, 'The voice gave no sound.');
  return {
    wav: await finisher.finish(pieces, signal, request.volume),
    sources: sources.length > 0 ? sources : [{ provider: voice.info.id, revision: voice.revision }],
  };
}
