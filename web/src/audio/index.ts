export { AudioError, type AudioErrorKind } from './audio-error.ts';
export {
  createBrowserEars,
  hasBrowserEars,
  type BrowserEars,
  type BrowserEarsState,
} from './browser-ears.ts';
export { createPlayer, type Player } from './player.ts';
export { openStreamPlayer } from './stream-player.ts';
export { createRecorder, type Recorder, type RecorderState } from './recorder.ts';
export { wavHeader } from './wav.ts';
export { createQueuePlayer, type QueuePlayer } from './queue-player.ts';
export { createUplink, type Uplink, type UplinkFormat } from './uplink.ts';
