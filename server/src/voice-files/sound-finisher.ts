import type { Worker } from 'node:worker_threads';
import { AbortedError } from '../lib/abort.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import { openThread } from '../lib/open-thread.ts';
import type { FinishAnswer, FinishRequest } from './finish-sound-worker.ts';
import type { SoundPiece } from './finish-sound.ts';

/** Makes finished files of sound beside the event loop, which measuring loudness would hold for milliseconds a sentence. */
export interface SoundFinisher {
  /**
   * As `finishSound`. The pieces' memory is handed over and empty afterwards.
   *
   * @throws {AbortedError} when `signal` aborts; Error when the thread ended.
   */
  finish(pieces: readonly SoundPiece[], signal: AbortSignal, volume?: number): Promise<Buffer>;
  /** Ends the thread. Idempotent. */
  close(): Promise<void>;
}

/** One thread, started with the first sound and again after one that ended. It runs no native code, so ending it is safe. */
export function createSoundFinisher(): SoundFinisher {
  const waiting = new Map<number, Deferred<Buffer>>();
  let worker: Worker | undefined;
  let nextId = 1;
  let closed = false;

  function start(): Worker {
    const started = openThread(import.meta.url, 'finish-sound-worker', {
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    // What it still works on keeps the requests alive, not the process.
    started.unref();
    started.on('message', (answer: FinishAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('wav' in answer) asked?.resolve(Buffer.from(answer.wav.buffer));
      else asked?.reject(new Error(answer.error));
    });
    const gone = (error: Error) => {
      if (worker === started) worker = undefined;
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
    };
    started.on('error', gone);
    started.on('exit', () => gone(new Error('The thread that finishes sound has ended.')));
    return started;
  }

  return {
    async finish(pieces, signal, volume = 1) {
      if (signal.aborted || closed) throw new AbortedError(signal.reason);
      worker ??= start();
      const id = nextId++;
      const asked = deferred<Buffer>();
      waiting.set(id, asked);
      const onAbort = () => {
        waiting.delete(id);
        asked.reject(new AbortedError(signal.reason));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        worker.postMessage({ id, pieces, volume } satisfies FinishRequest, [
          ...new Set(pieces.map(({ samples }) => samples.buffer as ArrayBuffer)),
        ]);
        return await asked.promise;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}
