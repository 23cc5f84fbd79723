import { existsSync } from 'node:fs';

import type { ChildHost } from '../../lib/child-host.ts';
import { HostError } from '../../lib/child-host-channel.ts';
import { createProviderScope } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE, type SpeechToText, type Transcription, type Utterance } from '../spec/stt.ts';
import { demoEarModel } from './demo-ear-model.ts';
import { atTrainedLevel } from './level.ts';
import type { ModelManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';
import { tidyJamo } from './tidy.ts';

export interface DemoEarOptions {
  /** Where native models run. Shared with other ears; whoever made it closes it. */
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  /** The shipped model when left out. */
  readonly model?: ModelManifest;
  /** Time for loading the model, 10 s. */
  readonly loadLimitMs?: number;
  /** Time for an utterance beside half of its own length, 3 s. A host that takes longer is ended. */
  readonly transcribeLimitMs?: number;
}

const ID = 'demo_ear';
const MAX_SECONDS = 120;
/** The model's convolutions can do nothing with less. */
const MIN_SAMPLES = UTTERANCE_SAMPLE_RATE / 10;
/** Deaths of the host while it loads the model, after which the model is not handed to it again. */
const MAX_LOAD_DEATHS = 2;

/** The built-in ear: real speech recognition with a tiny model that knows the built-in voice and hardly any other. */
export function createDemoEar(options: DemoEarOptions): SpeechToText {
  return new DemoEar(options);
}

class DemoEar implements SpeechToText {
  readonly kind = 'stt';
  readonly info: ProviderInfo = {
    id: ID,
    name: 'Demo ear',
    cost: 'free',
    local: true,
    standIn: true,
    languages: ['ko'],
    needs: '',
  };
  readonly #host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  readonly #model: ModelManifest;
  readonly #loadLimitMs: number;
  readonly #transcribeLimitMs: number;
  readonly #missing: string | undefined;
  readonly #scope = createProviderScope(ID);
  /** Which start of the host has loaded the model. */
  #loadedAtStart = 0;
  #loadDeaths = 0;
  #stopReloading: (() => void) | undefined;

  constructor({
    host,
    model = demoEarModel(),
    loadLimitMs = 10_000,
    transcribeLimitMs = 3_000,
  }: DemoEarOptions) {
    this.#host = host;
    this.#model = model;
    this.#loadLimitMs = loadLimitMs;
    this.#transcribeLimitMs = transcribeLimitMs;
    this.#missing = Object.values(model.files).find(({ path }) => !existsSync(path))?.path;
  }

  availability(): Availability {
    if (this.#missing !== undefined) {
      const reason = `The model file ${this.#missing} is missing.`;
      return {
        available: false,
        reason,
        action: 'Restore the folder server/models/demo-ear from the release.',
      };
    }
    if (this.#loadDeaths >= MAX_LOAD_DEATHS) {
      const reason = `Loading the model ${this.#model.id} ended the speech host ${this.#loadDeaths} times.`;
      return {
        available: false,
        reason,
        action: 'Restore the folder server/models/demo-ear from the release and start again.',
      };
    }
    const { state, lastFailure, retryInMs } = this.#host.status();
    if (state === 'closed')
      return { available: false, reason: 'The speech host is closed.', action: 'Start the server again.' };
    if (state === 'backing-off') {
      const reason = `The speech host ${lastFailure}.`;
      return {
        available: false,
        reason,
        action: `It starts again by itself in ${retryInMs} ms; the log says more.`,
      };
    }
    return { available: true };
  }

  async preload(signal: AbortSignal): Promise<void> {
    const call = this.#scope.enter(signal);
    try {
      await this.#load(call.signal);
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  async transcribe({ samples }: Utterance, signal: AbortSignal): Promise<Transcription> {
    const call = this.#scope.enter(signal);
    try {
      const audible = this.#prepare(samples);
      const text = audible === undefined ? '' : await this.#hear(audible, call.signal);
      return { text, language: 'ko', confidence: null, provider: ID };
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#stopReloading?.();
    this.#scope.close();
    return Promise.resolve();
  }

  #prepare(samples: Float32Array): Float32Array | undefined {
    const seconds = samples.length / UTTERANCE_SAMPLE_RATE;
    if (seconds > MAX_SECONDS) {
      const given = `The utterance lasts ${seconds.toFixed(1)} s`;
      throw new ProviderError(
        'invalid_input',
        ID,
        `${given}; ${ID} takes up to ${MAX_SECONDS} s. Send it in pieces.`,
      );
    }
    if (samples.length < MIN_SAMPLES) return undefined;
    try {
      return atTrainedLevel(samples);
    } catch (error) {
      throw new ProviderError(
        'invalid_input',
        ID,
        'The utterance holds a sample that is not a finite number.',
        { cause: error },
      );
    }
  }

  async #hear(samples: Float32Array, signal: AbortSignal): Promise<string> {
    await this.#load(signal);
    const part = await this.#host.call(
      { operation: 'transcribe', model: this.#model, samples, sampleRate: UTTERANCE_SAMPLE_RATE },
      { limitMs: this.#transcribeLimitMs + (samples.length / UTTERANCE_SAMPLE_RATE) * 500 },
      signal,
    );
    if (part.type !== 'transcription')
      throw new ProviderError('failed', ID, `The speech host answered with "${part.type}".`);
    return tidyJamo(part.text);
  }

  /** Loads the model into the host that runs now, and from here on into each one that follows it. */
  async #load(signal: AbortSignal): Promise<void> {
    const available = this.availability();
    if (!available.available)
      throw new ProviderError('unavailable', ID, `${available.reason} ${available.action}`);
    await this.#host.start(signal);
    const { starts } = this.#host.status();
    if (this.#loadedAtStart === starts) return;
    try {
      await this.#host.call(
        { operation: 'load', model: this.#model },
        { limitMs: this.#loadLimitMs },
        signal,
      );
    } catch (error) {
      if (error instanceof HostError && error.died) this.#loadDeaths += 1;
      throw error;
    }
    this.#loadedAtStart = starts;
    this.#loadDeaths = 0;
    this.#stopReloading ??= this.#host.onReady(() => {
      // A failure here shows in the next call, which tries again.
      this.preload(new AbortController().signal).catch(() => {});
    });
  }
}
