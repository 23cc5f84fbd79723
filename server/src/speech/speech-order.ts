import type { StreamFormat } from '../audio/stream-encoder.ts';
import type { VoiceReference } from '../providers/spec/tts.ts';
import type { VoiceRequest } from '../voice-files/voice-files.ts';

/** What is to be spoken, checked. */
export interface SpeechOrder {
  readonly request: VoiceRequest;
  readonly format: StreamFormat;
  /** Whether it leaves while it is made. */
  readonly stream: boolean;
  /** The recording that the request names. */
  readonly reference: VoiceReference | null;
  /** Whether this provider may be the first to speak, all when absent: who asks for a person's voice wants no other. */
  readonly accepts?: (provider: string) => boolean;
}
