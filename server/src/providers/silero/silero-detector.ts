import { AbortedError, isAbort } from '../../lib/abort.ts';
import type { ChildHost } from '../../lib/child-host.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { systemTimers, within, type Timers } from '../../lib/timers.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { toProviderError } from '../spec/provider-scope.ts';
import { ProviderError } from '../spec/provider.ts';
import type { VoiceActivityDetector } from '../spec/vad.ts';
import { createLevelJudge } from './level-judge.ts';
import { createMicrophone, type Asked, type Microphone } from './microphone.ts';
import { shippedModel } from './shipped-model.ts';
import { createHostedSilero } from './silero-model.ts';
import {
  FRAME_SAMPLES,
  type SileroModel,
  type VadHostPart,
  type VadHostRequest,
} from './vad-host-protocol.ts';

export interface SileroOptions {
  /** Where the model runs: a process of its own, because the ears hold theirs up. Whoever made it closes it. */
  readonly host: ChildHost<VadHostRequest, VadHostPart>;
  /** The shipped one when left out. */
  readonly model?: SileroModel;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly logger?: Logger;
  /** Time from one batch to the next, in which frames gather; the first after a rest does not wait. 8 ms. */
  readonly gatherMs?: number;
  /** How long frames wait for the model, or for its start, before they are judged by their level; 600 ms. */
  readonly patienceMs?: number;
  /** Time for a batch, after which the host counts as hanging and is ended; 5 s. */
  readonly batchLimitMs?: number;
}

/** What health says of the detector; counts of frames since the start. */
export interface SileroStatus {
  readonly state: 'ready' | 'starting' | 'away';
  readonly microphones: number;
  readonly judgedByModel: number;
  /** Judged by their level, because the model was away or late. */
  readonly judgedByLevel: number;
  /** Of those, the ones that a microphone had too many of. */
  readonly dropped: number;
  readonly batches: number;
}

export interface SileroDetector extends VoiceActivityDetector {
  status(): SileroStatus;
}

/** Frames of one microphone in one batch. A microphone that is behind must not hold up the others. */
const MOST_OF_ONE = 8;
/** A quarter of a megabyte; from thirty-two on, more make none of them cheaper. */
const MOST_IN_BATCH = 128;
const PRELOAD_LIMIT_MS = 30_000;

/**
 * Silero, of all microphones together: what came since the last batch goes to the model in one message. While the model is away
 * or hangs, frames are judged by their level, and nobody waits.
 */
export function createSileroDetector({
  host,
  model = shippedModel(),
  clock = systemClock,
  timers = systemTimers,
  logger,
  gatherMs = 8,
  patienceMs = 600,
  batchLimitMs = 5_000,
}: SileroOptions): SileroDetector {
  const id = 'silero';
  const silero = createHostedSilero({
    host,
    model,
    clock,
    batchLimitMs,
    ...(logger === undefined ? {} : { logger }),
  });
  const microphones = new Set<Microphone>();
  /** Those with frames that wait, in the order of their turns. */
  const behind = new Set<Microphone>();
  const forgotten: number[] = [];
  let nextId = 1;
  let sentAtMs = -Infinity;
  let callOffGathering: (() => void) | undefined;
  let isBusy = false;
  /** The model was waited for in vain: until it answers, nobody waits. */
  let isImpatient = false;
  let isClosed = false;
  let judgedByModel = 0;
  let judgedByLevel = 0;
  let dropped = 0;
  let batches = 0;

  const unavailable = (what: string) => new ProviderError('unavailable', id, what);

  function judgeByLevel(asked: Asked): void {
    if (asked.settle(asked.byLevel)) judgedByLevel += 1;
  }

  function judgeAllByLevel(): void {
    for (const microphone of behind) for (const asked of microphone.take(Infinity)) judgeByLevel(asked);
    behind.clear();
  }

  function accept(microphone: Microphone, asked: Asked): void {
    if (isImpatient) {
      silero.wake();
      judgeByLevel(asked);
      return;
    }
    const oldest = microphone.push(asked);
    if (oldest !== undefined) {
      dropped += 1;
      judgeByLevel(oldest);
    }
    behind.add(microphone);
    gather();
  }

  function gather(): void {
    if (isClosed || isBusy || callOffGathering !== undefined || behind.size === 0) return;
    const send = () => {
      callOffGathering = undefined;
      void sendBatch();
    };
    const waitMs = sentAtMs + gatherMs - clock.monotonicMs();
    if (waitMs > 0) {
      callOffGathering = timers.after(waitMs, send);
    } else {
      // What others push in this round of the event loop goes along.
      const immediate = setImmediate(send);
      callOffGathering = () => clearImmediate(immediate);
    }
  }

  async function sendBatch(): Promise<void> {
    const batch = silero.state === 'ready' ? takeBatch() : undefined;
    if (batch?.length === 0) return;
    if (silero.state === 'away') {
      silero.wake();
      judgeAllByLevel();
      return;
    }
    isBusy = true;
    const callOff = timers.after(patienceMs, () => {
      isImpatient = true;
      for (const asked of batch ?? []) judgeByLevel(asked);
      judgeAllByLevel();
    });
    try {
      if (batch === undefined) await silero.load();
      else await judge(batch);
    } catch {
      for (const asked of batch ?? []) judgeByLevel(asked);
    } finally {
      callOff();
      isBusy = false;
      isImpatient = false;
      gather();
    }
  }

  function takeBatch(): readonly Asked[] {
    const batch: Asked[] = [];
    for (const microphone of Array.from(behind)) {
      if (batch.length >= MOST_IN_BATCH) break;
      batch.push(...microphone.take(MOST_OF_ONE));
      // Who still has some goes to the end of the line.
      behind.delete(microphone);
      if (microphone.waiting > 0) behind.add(microphone);
    }
    return batch;
  }

  async function judge(batch: readonly Asked[]): Promise<void> {
    sentAtMs = clock.monotonicMs();
    batches += 1;
    const samples = new Float32Array(batch.length * FRAME_SAMPLES);
    for (const [place, { frame }] of batch.entries()) samples.set(frame, place * FRAME_SAMPLES);
    const probabilities = await silero.judge({
      operation: 'judge',
      microphones: Uint32Array.from(batch, ({ microphone }) => microphone),
      samples,
      closed: Uint32Array.from(forgotten.splice(0)),
    });
    for (const [place, asked] of batch.entries()) {
      if (asked.settle(Math.max(0, Math.min(1, probabilities[place]!)))) judgedByModel += 1;
    }
  }

  return {
    kind: 'vad',
    info: {
      id,
      name: 'Silero',
      cost: 'free',
      local: true,
      standIn: false,
      languages: [],
      needs: '',
      speed: 'very_fast',
    },
    frameSamples: FRAME_SAMPLES,
    availability: silero.availability,
    async preload(signal) {
      if (isClosed) throw unavailable('Silero is closed.');
      try {
        await within(silero.load(), { limitMs: PRELOAD_LIMIT_MS, timers, signal });
      } catch (error) {
        throw isAbort(error) && signal.aborted ? error : toProviderError(error, id);
      }
    },
    open() {
      const microphone = createMicrophone(nextId++);
      const levelOf = createLevelJudge();
      let isOpen = true;
      microphones.add(microphone);
      return {
        accept(frame, signal) {
          if (signal.aborted) return Promise.reject(new AbortedError(signal.reason));
          if (!isOpen || isClosed) return Promise.reject(unavailable('The microphone is closed.'));
          if (frame.length !== FRAME_SAMPLES) {
            const message = `The frame has ${frame.length} samples; it has to have ${FRAME_SAMPLES}.`;
            return Promise.reject(new ProviderError('invalid_input', id, message));
          }
          return microphone.ask(frame, levelOf(frame), signal, (asked) => accept(microphone, asked));
        },
        close() {
          if (!isOpen) return;
          isOpen = false;
          forgotten.push(microphone.id);
          microphones.delete(microphone);
          behind.delete(microphone);
          microphone.close(unavailable('The microphone was closed.'));
        },
      };
    },
    status: () => ({
      state: silero.state,
      microphones: microphones.size,
      judgedByModel,
      judgedByLevel,
      dropped,
      batches,
    }),
    close() {
      if (isClosed) return Promise.resolve();
      isClosed = true;
      callOffGathering?.();
      behind.clear();
      for (const microphone of microphones) microphone.close(unavailable('Silero was closed.'));
      microphones.clear();
      silero.close();
      return Promise.resolve();
    },
  };
}
