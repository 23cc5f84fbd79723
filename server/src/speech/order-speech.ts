import type { SpokenEmotion } from '@malbeot/protocol';
import type { Who } from '../accounts/access.ts';
import type { StreamFormat } from '../audio/stream-encoder.ts';
import { AppError } from '../errors/app-error.ts';
import type { VoiceReference } from '../providers/spec/tts.ts';
import type { VoiceRequest } from '../voice-files/voice-files.ts';
import type { CustomVoices } from './custom-voices.ts';
import { emotionStyle, type VoiceStyle } from './emotion-style.ts';
import { noVoice } from './speech-errors.ts';
import type { SpeechOrder } from './speech-order.ts';
import type { VoiceCatalogue } from './voice-catalogue.ts';

/** What a caller asks for, in the words of the wire. */
export interface AskedSpeech {
  readonly text: string;
  readonly voice?: string | undefined;
  readonly provider?: string | undefined;
  readonly speed?: number | undefined;
  readonly pitch?: number | undefined;
  readonly emotion: SpokenEmotion;
  readonly language: string;
  readonly format: StreamFormat;
  readonly stream: boolean;
}

export interface OrderingRooms {
  readonly catalogue: VoiceCatalogue;
  readonly customVoices: Pick<CustomVoices, 'get' | 'reference'>;
}

/**
 * What `who` asks for, checked against the voices that there are.
 *
 * @throws {AppError} INVALID_INPUT for a provider or a voice that is none; NOT_FOUND for a custom voice that is not theirs;
 * PROVIDER_UNAVAILABLE when nobody can speak with a custom voice now.
 */
export async function speechOrder(
  { catalogue, customVoices }: OrderingRooms,
  asked: AskedSpeech,
  who: Who,
): Promise<SpeechOrder> {
  const { provider, voice, format, stream } = asked;
  const base = {
    text: asked.text.normalize('NFC').trim(),
    language: asked.language,
    ...besidesNormal(emotionStyle(asked.emotion, asked)),
  };
  if (voice === undefined || !voice.startsWith('voi_')) {
    const request: VoiceRequest = { ...base, ...catalogue.choose({ provider, voice }) };
    return { request, format, stream, reference: null };
  }
  const chosen = catalogue.choose({ provider });
  const reference = await referenceFor(voice, chosen.provider, { catalogue, customVoices }, who);
  const request: VoiceRequest = { ...base, ...chosen, reference: voice };
  return { request, format, stream, reference, accepts: catalogue.takesReference };
}

async function referenceFor(
  voice: string,
  provider: string | undefined,
  { catalogue, customVoices }: OrderingRooms,
  who: Who,
): Promise<VoiceReference> {
  await customVoices.get(voice, who);
  if (provider !== undefined && !catalogue.takesReference(provider)) {
    const message = `${JSON.stringify(provider)} was given; it can not speak like a recording: leave it out`;
    throw new AppError('INVALID_INPUT', {
      detail: `body.provider: ${message}`,
      issues: [{ path: 'body.provider', message }],
    });
  }
  const availability = catalogue.referenceAvailability();
  if (!availability.available) throw noVoice(availability);
  const reference = await customVoices.reference(voice);
  if (reference !== null) return reference;
  throw new AppError('NOT_FOUND', {
    detail: 'The recording of this custom voice is gone. Delete the voice and make it again.',
  });
}

/** Only what differs from normal, so that a plain request is the same sound as one that says so. */
function besidesNormal(style: VoiceStyle): Partial<VoiceStyle> {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== 1));
}
