import { createPlayer, createRecorder, type RecorderState } from '../../src/audio/index.ts';
import './globals.ts';

const states: RecorderState[] = [];
const playerStates: string[] = [];
const errors: string[] = [];
const utterances: Blob[] = [];
const maxMs = Number(new URLSearchParams(location.search).get('maxMs') ?? 60_000);

globalThis.audioPage = {
  states,
  playerStates,
  errors,
  utterances,
  loudest: 0,
  recorder: createRecorder({
    maxMs,
    onState: (state) => states.push(state),
    onLevel: (level) => {
      globalThis.audioPage.loudest = Math.max(globalThis.audioPage.loudest, level);
    },
    onUtterance: (wav) => utterances.push(wav),
    onError: (error) => errors.push(error.kind),
  }),
  player: createPlayer({ onState: (state) => playerStates.push(state) }),
  async base64(blob) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  },
};
