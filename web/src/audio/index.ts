export { AudioError, type AudioErrorKind } from './audio-error.ts';
export { createPlayer, type Player } from './player.ts';
export { createRecorder, type Recorder, type RecorderState } from './recorder.ts';
