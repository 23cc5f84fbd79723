import { parentPort } from 'node:worker_threads';
import { finishSound, type SoundPiece } from './finish-sound.ts';

/** A request to this thread, and its answer. */
export interface FinishRequest {
  readonly id: number;
  readonly pieces: readonly SoundPiece[];
  readonly volume: number;
}

export type FinishAnswer =
  | { readonly id: number; readonly wav: Uint8Array }
  | { readonly id: number; readonly error: string };

parentPort!.on('message', ({ id, pieces, volume }: FinishRequest) => {
  try {
    const wav = Uint8Array.from(finishSound(pieces, volume));
    parentPort!.postMessage({ id, wav } satisfies FinishAnswer, [wav.buffer]);
  } catch (error) {
    parentPort!.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies FinishAnswer);
  }
});
