import { existsSync } from 'node:fs';

import { AbortedError, childOf, delay, isAbort, TimeoutError } from '../../lib/abort.ts';
import type { ChildHost } from '../../lib/child-host.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import type { CheckedFile } from '../../lib/read-checked-file.ts';
import { systemTimers, within, type Timers } from '../../lib/timers.ts';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import { createProviderScope } from '../spec/provider-scope.ts';
import type { Availability } from '../spec/provider.ts';
import type { TurnEndDetector } from '../spec/turn-end.ts';
import { WINDOW_SAMPLES } from './log-mel.ts';
import type { TurnEndHostPart, TurnEndHostRequest } from './turn-end-host-protocol.ts';

export interface SmartTurnOptions {
  /** Where the model runs: a process of its own, for open microphones must not wait for it. Whoever made it closes it. */
  readonly host: ChildHost<TurnEndHostRequest, TurnEndHostPart>;
  readonly model: CheckedFile;
  /** For people. */
  readonly name: string;
  /** Primary subtags of the languages that it was trained on. */
  readonly languages: readonly string[];
  /** What brings a missing or damaged model back, for people: one sentence. */
  readonly restore: string;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly logger?: Logger;
  /** How long an answer is waited for, the wait in line and the start of the model included; 300 ms. */
  readonly patienceMs?: number;
  /** Questions at once, over all conversations; who comes on top gets no answer. 8. */
  readonly mostOpen?: number;
  /** Time for one question, after which the host counts as hanging and is ended; 5 s. */
  readonly questionLimitMs?: number;
  /** Time without a question after which the host is ended, so that its memory comes back; null, which is usual, for never. */
  readonly idleMs?: number | null;
}

/** What became of the questions since the start. */
export interface SmartTurnStatus {
  readonly answered: number;
  /** Refused because too many were open. */
  readonly refused: number;
  /** Not answered in time. */
  readonly late: number;
  /** Not answered because the model was away. */
  readonly failed: number;
}

export interface SmartTurnDetector extends TurnEndDetector {
  status(): SmartTurnStatus;
}

const ID = 'smart_turn';
/** Nine megabytes, but the first start of a machine reads the native library from a cold disk. */
const LOAD_LIMIT_MS = 20_000;
const PRELOAD_LIMIT_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** So many late answers in a row are no accident. */
const TOO_SLOW = 10;

/** Smart Turn, of all conversations together. While it is away or late, the answer is that nobody knows, and nobody waits. */
export function createSmartTurnDetector({
  host,
  model,
  name,
  languages,
  restore,
  clock = systemClock,
  timers = systemTimers,
  logger = silentLogger,
  patienceMs = 300,
  mostOpen = 8,
  questionLimitMs = 5_000,
  idleMs = null,
}: SmartTurnOptions): SmartTurnDetector {
  const isMissing = !existsSync(model.path);
  const scope = createProviderScope(ID);
  const closed = new AbortController();
  /** Why it is away; null while nothing failed since it last answered. */
  let trouble: string | null = null;
  let failuresInRow = 0;
  let retryAtMs = 0;
  let lateInRow = 0;
  let loading: Promise<void> | undefined;
  /** Which start of the host has the model; 0 for none. */
  let loadedAtStart = 0;
  let open = 0;
  /** Aborts the wait until nobody has asked for long enough. */
  let idleWait: AbortController | undefined;
  const counts = { answered: 0, refused: 0, late: 0, failed: 0 };

  const isLoaded = () => {
    const { state, starts } = host.status();
    return state === 'ready' && loadedAtStart === starts;
  };

  function fail(error: unknown): void {
    if (closed.signal.aborted) return;
    trouble = error instanceof Error ? error.message : String(error);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failuresInRow);
    failuresInRow += 1;
    retryAtMs = clock.monotonicMs() + pauseMs;
    logger.warn({ provider: ID, err: error, pauseMs }, 'turn end model failed');
  }

  function recover(): void {
    trouble = null;
    failuresInRow = 0;
  }

  async function loadOnce(): Promise<void> {
    try {
      await host.start(closed.signal);
      const { starts } = host.status();
      await host.call({ operation: 'load', model }, { limitMs: LOAD_LIMIT_MS }, closed.signal);
      loadedAtStart = starts;
      recover();
      restLater();
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  function load(): Promise<void> {
    if (isLoaded()) return Promise.resolve();
    return (loading ??= loadOnce().finally(() => {
      loading = undefined;
    }));
  }

  // A failure is in the log, and shows in what is asked next.
  const stopReloading = host.onReady(() => void load().catch(() => {}));

  function restLater(): void {
    idleWait?.abort();
    if (idleMs === null || closed.signal.aborted) return;
    const waiting = new AbortController();
    idleWait = waiting;
    // One that works then has been asked again, which begins another wait.
    delay(idleMs, waiting.signal)
      .then(() => host.rest())
      .catch(() => {});
  }

  async function ask(samples: Float32Array, signal: AbortSignal): Promise<number> {
    await load();
    if (signal.aborted) throw new AbortedError(signal.reason);
    try {
      const part = await host.call(
        { operation: 'judge', model, samples },
        { limitMs: questionLimitMs },
        signal,
      );
      if (part.type !== 'judged') throw new TypeError('The host answered another question.');
      recover();
      lateInRow = 0;
      return part.probability;
    } catch (error) {
      if (!isAbort(error)) fail(error);
      throw error;
    }
  }

  async function askInTime(samples: Float32Array, signal: AbortSignal): Promise<number> {
    const node = childOf(signal);
    open += 1;
    restLater();
    try {
      return await within(ask(samples, node.signal), { limitMs: patienceMs, timers, signal });
    } finally {
      open -= 1;
      // What still waits in line is not worth its turn any more.
      node.abort();
      node.unlink();
    }
  }

  function availability(): Availability {
    if (closed.signal.aborted || host.status().state === 'closed')
      return { available: false, reason: 'Smart Turn is closed.', action: 'Start the server again.' };
    if (isMissing)
      return { available: false, reason: `The model file ${model.path} is missing.`, action: restore };
    if (trouble !== null)
      return {
        available: false,
        reason: trouble,
        action: `It is tried again by itself. If it stays so: ${restore}`,
      };
    if (lateInRow < TOO_SLOW) return { available: true };
    const reason = `Its last ${lateInRow} answers took longer than ${patienceMs} ms.`;
    return { available: false, reason, action: 'Give the machine less to do, or set TURN_DETECTOR=rules.' };
  }

  return {
    kind: 'turn_end',
    info: {
      id: ID,
      name,
      cost: 'free',
      local: true,
      standIn: false,
      languages,
      needs: 'The model smart-turn-v3.',
      speed: 'very_fast',
      triedWith: 'random_weights',
    },
    availability,
    async preload(signal) {
      const call = scope.enter(signal);
      try {
        await within(load(), { limitMs: PRELOAD_LIMIT_MS, timers, signal: call.signal });
      } catch (error) {
        throw call.errorFor(error);
      } finally {
        call.leave();
      }
    },
    async unload() {
      idleWait?.abort();
      await host.rest();
    },
    async judge(samples, signal) {
      const call = scope.enter(signal);
      try {
        if (open >= mostOpen) {
          counts.refused += 1;
          return null;
        }
        if (trouble !== null && clock.monotonicMs() < retryAtMs) {
          counts.failed += 1;
          return null;
        }
        const probability = await askInTime(samples.subarray(-WINDOW_SAMPLES), call.signal);
        counts.answered += 1;
        return probability;
      } catch (error) {
        if (call.signal.aborted) throw call.errorFor(error);
        if (error instanceof TimeoutError) {
          counts.late += 1;
          lateInRow += 1;
        } else counts.failed += 1;
        return null;
      } finally {
        call.leave();
      }
    },
    status: () => ({ ...counts }),
    close() {
      scope.close();
      closed.abort();
      stopReloading();
      idleWait?.abort();
      return Promise.resolve();
    },
  };
}
