import { randomUUID } from 'node:crypto';

import { AbortedError, childOf } from '../../lib/abort.ts';
import type { ChildHost } from '../../lib/child-host.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import { createLatest } from '../../lib/latest.ts';
import type { ProviderScope } from '../spec/provider-scope.ts';
import { ProviderError, type ProviderInfo } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE, type HearingStream, type Transcription } from '../spec/stt.ts';
import { MAX_SECONDS, notFinite, tooLong, transcription } from './host-ear.ts';
import type { HostedModel } from './hosted-model.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { EarManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';

export interface SherpaStreamOptions {
  readonly info: ProviderInfo;
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  readonly hosted: HostedModel;
  readonly scope: ProviderScope;
  readonly model: EarManifest;
  /** Shared by all streams of a model, so that each has its turn after every other one. */
  readonly oneAtATime: OneAtATime;
  readonly language: string | null;
  /** Time for one request to the host, and beside it for each second of sound. */
  readonly limitMs: number;
  readonly limitPerSecondMs: number;
}

/** Sound that is sent at once: no stream holds the host longer than it takes to hear this. */
const PIECE_SAMPLES = UTTERANCE_SAMPLE_RATE;
const CLOSE_LIMIT_MS = 5_000;

/** One utterance, heard by the speech host while it is being said. */
export function openSherpaStream(options: SherpaStreamOptions, signal: AbortSignal): HearingStream {
  const { info, host, hosted, scope, model, oneAtATime, language, limitMs, limitPerSecondMs } = options;
  const call = scope.enter(signal);
  /** Ends with the call, and when the stream is closed. */
  const life = childOf(call.signal);
  const streamId = randomUUID();
  const partials = createLatest<string>();
  let pending: Float32Array[] = [];
  let samplesTaken = 0;
  let isFinished = false;
  let isClosed = false;
  /** What went wrong, once something has. */
  let failure: AbortedError | ProviderError | undefined;
  let more: Deferred<void> | undefined;

  const wake = () => {
    more?.resolve();
    more = undefined;
  };
  life.signal.addEventListener('abort', wake, { once: true });

  const ask = (request: SpeechHostRequest, seconds = 0) =>
    oneAtATime(() => host.call(request, { limitMs: limitMs + seconds * limitPerSecondMs }, life.signal));

  /** Up to a second of what waits; undefined when nothing does. */
  function nextPiece(): Float32Array | undefined {
    if (pending.length === 0) return undefined;
    const all = joined(pending);
    pending = all.length > PIECE_SAMPLES ? [all.subarray(PIECE_SAMPLES)] : [];
    return all.slice(0, PIECE_SAMPLES);
  }

  async function hearAll(): Promise<Transcription> {
    const release = await hosted.hold(life.signal);
    let isOpen = true;
    try {
      await ask({ operation: 'stream-open', model, streamId });
      for (;;) {
        if (life.signal.aborted) throw new AbortedError(life.signal.reason);
        const samples = nextPiece();
        if (samples !== undefined) await pushPiece(samples);
        else if (isFinished) break;
        else await (more ??= deferred()).promise;
      }
      const part = await ask({ operation: 'stream-finish', streamId }, 1);
      isOpen = false;
      if (part.type !== 'transcription')
        throw new ProviderError('failed', info.id, `The speech host answered with "${part.type}".`);
      return transcription([part], language, info, (text) => text);
    } finally {
      if (isOpen) await giveBack(host, streamId);
      release();
    }
  }

  async function pushPiece(samples: Float32Array): Promise<void> {
    const part = await ask(
      { operation: 'stream-push', streamId, samples, sampleRate: UTTERANCE_SAMPLE_RATE },
      samples.length / UTTERANCE_SAMPLE_RATE,
    );
    if (part.type === 'partial' && part.text !== '') partials.put(part.text.normalize('NFC'));
  }

  function leave(): void {
    pending = [];
    partials.end();
    life.signal.removeEventListener('abort', wake);
    life.unlink();
    call.leave();
  }

  const hearing = hearAll().then(
    (heard) => {
      if (heard.text !== '') partials.put(heard.text);
      leave();
      return heard;
    },
    (error: unknown) => {
      failure = isClosed ? over(info.id) : call.errorFor(error);
      leave();
      throw failure;
    },
  );
  // Who does not finish never asks how it went.
  hearing.catch(() => {});

  /** @throws what went wrong before, or that nothing more can be done with the stream. */
  function check(): void {
    if (failure !== undefined) throw failure;
    if (signal.aborted) throw new AbortedError(signal.reason);
    if (isClosed) throw over(info.id);
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    life.abort();
    leave();
  }

  return {
    partials,
    close,
    push(samples) {
      check();
      if (isFinished) throw over(info.id);
      const seconds = (samplesTaken + samples.length) / UTTERANCE_SAMPLE_RATE;
      if (seconds > MAX_SECONDS) throw tooLong(info.id, seconds);
      if (!samples.every(Number.isFinite)) throw notFinite(info.id);
      samplesTaken += samples.length;
      if (samples.length > 0) pending.push(samples.slice());
      wake();
    },
    async finish(finishSignal) {
      if (finishSignal.aborted) {
        close();
        throw new AbortedError(finishSignal.reason);
      }
      check();
      isFinished = true;
      wake();
      const aborted = deferred<never>();
      aborted.promise.catch(() => {});
      const onAbort = () => {
        aborted.reject(new AbortedError(finishSignal.reason));
        close();
      };
      finishSignal.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([hearing, aborted.promise]);
      } finally {
        finishSignal.removeEventListener('abort', onAbort);
      }
    },
  };
}

/** Lets the host forget a stream that was given up. Where the host has died meanwhile there is nothing to forget. */
async function giveBack(host: SherpaStreamOptions['host'], streamId: string): Promise<void> {
  if (host.status().state !== 'ready') return;
  const request = { operation: 'stream-close', streamId } as const;
  await host.call(request, { limitMs: CLOSE_LIMIT_MS }, new AbortController().signal).catch(() => {});
}

function over(id: string): ProviderError {
  return new ProviderError('invalid_input', id, 'The stream is over: it was finished or closed.');
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
