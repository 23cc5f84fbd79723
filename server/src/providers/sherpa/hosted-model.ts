import { existsSync } from 'node:fs';

import { delay } from '../../lib/abort.ts';
import type { ChildHost } from '../../lib/child-host.ts';
import { HostError } from '../../lib/child-host-channel.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import { ProviderError, type Availability } from '../spec/provider.ts';
import {
  modelFiles,
  type ModelManifest,
  type SpeechHostPart,
  type SpeechHostRequest,
} from './speech-host-protocol.ts';

export interface HostedModelOptions {
  /** Id of the provider, for errors. */
  readonly provider: string;
  /** Where native models run. Shared with others; whoever made it closes it. */
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  readonly model: ModelManifest;
  /** What brings a missing or damaged model back, for people: one sentence. */
  readonly restore: string;
  /** Time for loading the model. A host that takes longer is ended. */
  readonly loadLimitMs: number;
  /** Time without use after which the model is unloaded; null for never. */
  readonly idleMs: number | null;
  /** How it waits for that; the system's clock when left out. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What health says of a model. */
export interface HostedModelStatus {
  readonly id: string;
  readonly family: ModelManifest['family'];
  readonly loaded: boolean;
  /** Of the whole process that it runs in, when it was last loaded; null where it never was. */
  readonly residentBytes: number | null;
}

/** One model in the speech host: loaded when it is first needed, again in each host that follows, and given up when idle. */
export interface HostedModel {
  /** Answers from what is known: the files, the host, and how loading went. */
  availability(): Availability;
  /**
   * Loads the model where that has not happened, and keeps it loaded until the answer is called.
   *
   * @throws {ProviderError} `unavailable`; HostError and AbortedError as the host throws them.
   */
  hold(signal: AbortSignal): Promise<() => void>;
  /** Gives the model up once nobody holds it, and the host where it holds no other. Idempotent. Throws as the host does. */
  unload(): Promise<void>;
  status(): HostedModelStatus;
  /** Ends what waits for idleness and for a new host. The host itself stays. */
  close(): void;
}

/** Deaths of the host while it loads the model, after which the model is not handed to it again. */
const MAX_LOAD_DEATHS = 2;
const UNLOAD_LIMIT_MS = 10_000;

export function createHostedModel({
  provider,
  host,
  model,
  restore,
  loadLimitMs,
  idleMs,
  sleep = (ms, signal) => delay(ms, signal),
}: HostedModelOptions): HostedModel {
  const missing = modelFiles(model).find(({ path }) => !existsSync(path))?.path;
  const closed = new AbortController();
  /** Which start of the host has loaded the model; 0 for none. */
  let loadedAtStart = 0;
  let loadDeaths = 0;
  /** Which start of the host died last while it loaded the model. */
  let diedAtStart = 0;
  let residentBytes: number | null = null;
  let stopReloading: (() => void) | undefined;
  let holders = 0;
  let freed: Deferred<void> | undefined;
  let unloading: Promise<void> | undefined;
  let idleWait: AbortController | undefined;

  function availability(): Availability {
    if (missing !== undefined)
      return { available: false, reason: `The model file ${missing} is missing.`, action: restore };
    if (loadDeaths >= MAX_LOAD_DEATHS) {
      const reason = `Loading the model ${model.id} ended the speech host ${loadDeaths} times.`;
      return { available: false, reason, action: `${restore.replace(/\.$/, '')} and start again.` };
    }
    const { state, lastFailure, retryInMs } = host.status();
    if (state === 'closed')
      return { available: false, reason: 'The speech host is closed.', action: 'Start the server again.' };
    if (state === 'backing-off') {
      const reason = `The speech host ${lastFailure}.`;
      const action = `It starts again by itself in ${retryInMs} ms; the log says more.`;
      return { available: false, reason, action };
    }
    return { available: true };
  }

  const isLoaded = () => {
    const { state, starts } = host.status();
    return state === 'ready' && loadedAtStart === starts;
  };

  const isHeld = () => holders > 0;

  async function load(signal: AbortSignal): Promise<void> {
    const available = availability();
    if (!available.available)
      throw new ProviderError('unavailable', provider, `${available.reason} ${available.action}`);
    await host.start(signal);
    const { starts } = host.status();
    if (loadedAtStart === starts) return;
    try {
      const part = await host.call({ operation: 'load', model }, { limitMs: loadLimitMs }, signal);
      if (part.type === 'loaded') residentBytes = part.residentBytes;
    } catch (error) {
      // One death fails everyone who waits for the model.
      if (error instanceof HostError && error.died && error.start !== diedAtStart) {
        diedAtStart = error.start ?? 0;
        loadDeaths += 1;
      }
      throw error;
    }
    loadedAtStart = starts;
    loadDeaths = 0;
    stopReloading ??= host.onReady(() => {
      // A failure here shows in the next call, which tries again.
      hold(closed.signal).then(
        (release) => release(),
        () => {},
      );
    });
  }

  async function hold(signal: AbortSignal): Promise<() => void> {
    idleWait?.abort();
    holders += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      holders -= 1;
      if (holders > 0) return;
      freed?.resolve();
      freed = undefined;
      if (isLoaded()) waitForIdleness();
    };
    try {
      await unloading;
      await load(signal);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  function waitForIdleness(): void {
    if (idleMs === null || closed.signal.aborted) return;
    idleWait?.abort();
    const waiting = new AbortController();
    idleWait = waiting;
    sleep(idleMs, waiting.signal)
      .then(() => unload())
      .catch(() => {
        // Called off because it is used again; else the host was busy, and it is tried once more later.
        if (!waiting.signal.aborted && isLoaded()) waitForIdleness();
      });
  }

  async function unload(): Promise<void> {
    while (isHeld()) await (freed ??= deferred()).promise;
    await (unloading ??= giveUp().finally(() => {
      unloading = undefined;
    }));
  }

  async function giveUp(): Promise<void> {
    if (closed.signal.aborted) return;
    stopReloading?.();
    stopReloading = undefined;
    const wasLoaded = isLoaded();
    const start = loadedAtStart;
    loadedAtStart = 0;
    if (!wasLoaded) return;
    try {
      const request = { operation: 'unload', modelId: model.id } as const;
      const part = await host.call(request, { limitMs: UNLOAD_LIMIT_MS }, closed.signal);
      if (part.type === 'unloaded' && part.modelsLeft === 0) await host.rest();
    } catch (error) {
      loadedAtStart = start;
      throw error;
    }
    idleWait?.abort();
  }

  return {
    availability,
    hold,
    unload,
    status: () => ({ id: model.id, family: model.family, loaded: isLoaded(), residentBytes }),
    close() {
      closed.abort();
      idleWait?.abort();
      stopReloading?.();
    },
  };
}
