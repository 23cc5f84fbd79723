export {
  AUDIO_FRAME,
  AUDIO_FRAME_HEADER_BYTES,
  decodeAudioFrame,
  encodeAudioFrame,
  type AudioFrame,
} from './audio-frame.ts';
export type * from './accounts.ts';
export type * from './companion.ts';
export type * from './conversation.ts';
export type * from './hub.ts';
export type * from './kiosk-payment.ts';
export type * from './kiosk.ts';
export type * from './platform.ts';
export type * from './problem.ts';
export type * from './speech.ts';
