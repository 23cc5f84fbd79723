import type { Worker } from 'node:worker_threads';
import { AppError } from '../../errors/app-error.ts';
import { AbortedError, TimeoutError, withTimeout } from '../../lib/abort.ts';
import { deferred } from '../../lib/deferred.ts';
import { openThread } from '../../lib/open-thread.ts';
import type { Decompressed } from './decode-compressed.ts';
import type { DecodeAnswer, DecodeRequest } from './decode-worker.ts';
import { damagedAudio } from './decoded-audio.ts';

/** A thread that decodes one file at a time. */
export interface DecodeThread {
  /**
   * Decodes within `limitMs`, from when the thread is loaded. The thread is at its end afterwards when `isOpen` says so: after an
   * abort in mid-work, the time limit, or a file that took all of its memory.
   *
   * @throws {AppError} AUDIO_UNREADABLE, UNSUPPORTED_MEDIA_TYPE; AbortedError when `signal` aborts.
   */
  decode(request: DecodeRequest, limitMs: number, signal: AbortSignal): Promise<Decompressed>;
  readonly isOpen: boolean;
  close(): Promise<void>;
}

/** Loading the decoders takes a tenth of a second, and much longer on a machine that has no time. */
const START_LIMIT_MS = 30_000;
/** Plenty for a minute of sound; a file whose tables ask for more is none. */
const MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96 } as const;

export function openDecodeThread(): DecodeThread {
  // What it still works on keeps the requests alive, not the process.
  const worker: Worker = openThread(import.meta.url, 'decode-worker', { resourceLimits: MEMORY });
  worker.unref();
  let isOpen = true;
  /** Its first message, when everything is loaded. */
  const loaded = deferred<void>();
  loaded.promise.catch(() => {});
  worker.once('message', () => loaded.resolve());
  const gone = (error: Error) => {
    isOpen = false;
    loaded.reject(error);
  };
  worker.on('error', gone);
  worker.on('exit', () => gone(hasEnded()));
  const end = () => {
    isOpen = false;
    return worker.terminate();
  };

  /** A thread that is ended while it loads keeps the files open that it reads: so whoever leaves meanwhile leaves it to others. */
  const load = async (signal: AbortSignal): Promise<void> => {
    try {
      await withTimeout(START_LIMIT_MS, signal, () => loaded.promise);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      void end();
      throw new Error('The thread that decodes sound did not start.', { cause: error });
    }
  };

  const work = (request: DecodeRequest, limitMs: number, signal: AbortSignal): Promise<Decompressed> =>
    new Promise<Decompressed>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        finish();
      };
      const giveUp = (error: Error) => {
        void end();
        settle(() => reject(error));
      };
      const onAbort = () => giveUp(new AbortedError(signal.reason));
      const onMessage = (answer: DecodeAnswer) => {
        if (answer.type === 'ready') return;
        settle(() => {
          if (answer.type === 'decoded') resolve(answer.decoded);
          else reject(toError(answer));
        });
      };
      const onError = (error: Error) => {
        const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        settle(() =>
          reject(isFull ? damagedAudio('The file asks for more memory than sound needs.') : error),
        );
      };
      const onExit = () => settle(() => reject(hasEnded()));
      const timer = setTimeout(
        () => giveUp(damagedAudio(`The file could not be decoded within ${limitMs} ms.`)),
        limitMs,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage(request, [request.bytes.buffer]);
    });

  return {
    get isOpen() {
      return isOpen;
    },
    async close() {
      await end();
    },
    async decode(request, limitMs, signal) {
      await load(signal);
      return work(request, limitMs, signal);
    },
  };
}

function hasEnded(): Error {
  return new Error('The thread that decodes sound has ended.');
}

function toError(answer: Exclude<DecodeAnswer, { type: 'decoded' | 'ready' }>): Error {
  if (answer.type === 'refused') {
    return new AppError(answer.code, { detail: answer.detail, fields: answer.fields });
  }
  // A decoder that stumbles over a file has found it broken in a way that nobody named.
  return damagedAudio('The file is damaged in a way that no decoder can follow.', { reason: 'damaged' });
}
