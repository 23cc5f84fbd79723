import { existsSync } from 'node:fs';

import type { ChildHost } from '../../lib/child-host.ts';
import type { Clock } from '../../lib/clock.ts';
import { silentLogger, type Logger } from '../../telemetry/logger.ts';
import type { Availability } from '../spec/provider.ts';
import type { JudgeRequest, SileroModel, VadHostPart, VadHostRequest } from './vad-host-protocol.ts';

export interface HostedSileroOptions {
  /** Where the model runs. Whoever made it closes it. */
  readonly host: ChildHost<VadHostRequest, VadHostPart>;
  readonly model: SileroModel;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Time for a batch; a host that takes longer is ended. */
  readonly batchLimitMs: number;
}

/** The model in its host: loaded at the first need, again in each host that follows, and after a failure again and again. */
export interface HostedSilero {
  /** `starting` while it is loaded and nothing failed; `away` after a failure, until it is loaded again. */
  readonly state: 'ready' | 'starting' | 'away';
  availability(): Availability;
  /** Loads it where it is not. Throws as the host does. */
  load(): Promise<void>;
  /** Loads it in the background; after a failure not sooner than it is worth it. */
  wake(): void;
  /** Probabilities of the frames. Throws as the host does. */
  judge(request: JudgeRequest): Promise<Float32Array>;
  /** Idempotent. The host itself stays. */
  close(): void;
}

/** The file has two megabytes, but the first start of a machine reads the native library from a cold disk. */
const LOAD_LIMIT_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const BY_LEVEL = 'Until then speech is told by its loudness alone.';

export function createHostedSilero({
  host,
  model,
  clock,
  logger = silentLogger,
  batchLimitMs,
}: HostedSileroOptions): HostedSilero {
  const isMissing = !existsSync(model.path);
  const closed = new AbortController();
  /** Which start of the host has loaded the model; 0 for none. */
  let loadedAtStart = 0;
  let loading: Promise<void> | undefined;
  /** Why it is away; null while nothing failed since it was last there. */
  let trouble: string | null = null;
  let failuresInRow = 0;
  let retryAtMs = 0;

  const isLoaded = () => {
    const { state, starts } = host.status();
    return state === 'ready' && loadedAtStart === starts;
  };

  async function loadOnce(): Promise<void> {
    try {
      await host.start(closed.signal);
      const { starts } = host.status();
      if (loadedAtStart !== starts) {
        await host.call({ operation: 'load', model }, { limitMs: LOAD_LIMIT_MS }, closed.signal);
        loadedAtStart = starts;
      }
      trouble = null;
      failuresInRow = 0;
    } catch (error) {
      if (closed.signal.aborted) throw error;
      fail(error);
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failuresInRow);
      failuresInRow += 1;
      retryAtMs = clock.monotonicMs() + pauseMs;
      logger.warn({ provider: 'silero', err: error, pauseMs }, 'voice activity model could not be loaded');
      throw error;
    }
  }

  function fail(error: unknown): void {
    trouble = error instanceof Error ? error.message : String(error);
  }

  function load(): Promise<void> {
    return (loading ??= loadOnce().finally(() => {
      loading = undefined;
    }));
  }

  // A failure is in the log, and shows in what is asked next.
  const inBackground = () => void load().catch(() => {});
  const stopReloading = host.onReady(inBackground);

  return {
    get state() {
      if (isLoaded()) return 'ready';
      return trouble === null && !closed.signal.aborted ? 'starting' : 'away';
    },
    availability() {
      if (closed.signal.aborted || host.status().state === 'closed')
        return { available: false, reason: 'Silero is closed.', action: 'Start the server again.' };
      if (isMissing) {
        const reason = `The model file ${model.path} is missing.`;
        return {
          available: false,
          reason,
          action: 'Restore the folder server/models/silero-vad from the release.',
        };
      }
      if (trouble === null || isLoaded()) return { available: true };
      return { available: false, reason: trouble, action: `It is tried again by itself. ${BY_LEVEL}` };
    },
    load,
    wake() {
      if (closed.signal.aborted || loading !== undefined || clock.monotonicMs() < retryAtMs) return;
      inBackground();
    },
    async judge(request) {
      try {
        const part = await host.call(request, { limitMs: batchLimitMs }, closed.signal);
        if (part.type !== 'judged' || part.probabilities.length !== request.microphones.length)
          throw new TypeError('The host answered another question.');
        return part.probabilities;
      } catch (error) {
        if (!closed.signal.aborted) fail(error);
        throw error;
      }
    },
    close() {
      closed.abort();
      stopReloading();
    },
  };
}
