import { createHash } from 'node:crypto';

import { AbortedError } from '../../lib/abort.ts';
import { createProviderScope, toProviderError } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo, VoiceReference } from '../spec/tts.ts';
import { cutSentences } from './cut-sentences.ts';
import {
  createHostedModel,
  type HostedModel,
  type HostedModelOptions,
  type HostedModelStatus,
} from './hosted-model.ts';
import type { PitchedRequest } from './pitched-request.ts';
import { modelFiles, type VoiceManifest } from './speech-host-protocol.ts';

/** A voice of a model. */
export interface Speaker extends VoiceInfo {
  /** Its number in the model, from 0. */
  readonly speakerId: number;
}

/** What one kind of local voice is like. */
export interface VoiceTraits {
  readonly info: ProviderInfo;
  /** Its default first. */
  readonly speakers: readonly Speaker[];
  /** Steps of models that make sound step by step. */
  readonly steps: number;
  /** What the model takes as its speed when 1 is asked for. */
  readonly normalSpeed: number;
  /** Between which the model speaks well; what is asked for beyond is spoken at the nearer end. */
  readonly speeds: { readonly least: number; readonly most: number };
  /** The longest piece of text that the model speaks well, in UTF-16 units. */
  longestPiece(language: string): number;
  readonly takesReference: boolean;
  /** The recording to speak like where a request brings none. */
  readonly reference?: VoiceReference | undefined;
}

export interface HostVoiceOptions extends Pick<HostedModelOptions, 'host' | 'restore' | 'sleep'> {
  /** Null where none was pulled. */
  readonly model: VoiceManifest | null;
  /** Why there is no model and what to do, where more is known than that none was pulled. */
  readonly absence?: { readonly reason: string; readonly action: string } | null;
  /** Time for verifying and loading the model, 60 s. A host that takes longer is ended. */
  readonly loadLimitMs?: number;
  /** Time without use after which the model is unloaded; never when left out or null. */
  readonly idleMs?: number | null;
  /** Time for one piece of text beside a quarter of a second a character, 10 s. A host that takes longer is ended. */
  readonly pieceLimitMs?: number;
}

/** A voice of one model in the speech host. */
export interface HostVoice extends TextToSpeech {
  /** Which model, and whether it is in memory; for health. Null where none was pulled. */
  modelStatus(): HostedModelStatus | null;
}

const MAX_CHARACTERS = 5_000;
const LIMIT_PER_CHARACTER_MS = 250;
const SENTENCE_PAUSE_MS = 300;
/** Of a request that holds nothing but signs, where there is silence and no model to say its rate. */
const SILENT_RATE = 24_000;
const REFERENCE_SECONDS = { least: 3, most: 30 };

/** A voice whose model runs in the speech host, a sentence at a time. */
export function createHostVoice(traits: VoiceTraits, options: HostVoiceOptions): HostVoice {
  return new ModelVoice(traits, options);
}

class ModelVoice implements HostVoice {
  readonly kind = 'tts';
  readonly info: ProviderInfo;
  readonly revision: string;
  readonly takesReference: boolean;
  readonly #traits: VoiceTraits;
  readonly #host: HostVoiceOptions['host'];
  readonly #model: VoiceManifest | null;
  readonly #hosted: HostedModel | null;
  readonly #notPulled: Extract<Availability, { available: false }>;
  readonly #pieceLimitMs: number;
  readonly #scope;

  constructor(
    traits: VoiceTraits,
    {
      model,
      absence = null,
      loadLimitMs = 60_000,
      idleMs = null,
      pieceLimitMs = 10_000,
      ...shared
    }: HostVoiceOptions,
  ) {
    const { info } = traits;
    this.info = info;
    this.revision = revisionOf(traits, model);
    this.takesReference = traits.takesReference;
    this.#traits = traits;
    this.#host = shared.host;
    this.#model = model;
    this.#hosted =
      model === null ? null : createHostedModel({ ...shared, provider: info.id, model, loadLimitMs, idleMs });
    const why = absence ?? { reason: 'Its model was not pulled.', action: shared.restore };
    this.#notPulled = { available: false, ...why };
    this.#pieceLimitMs = pieceLimitMs;
    this.#scope = createProviderScope(info.id);
  }

  voices(): readonly VoiceInfo[] {
    return this.#traits.speakers.map(({ id, name, languages }) => ({ id, name, languages }));
  }

  availability(): Availability {
    return this.#hosted?.availability() ?? this.#notPulled;
  }

  modelStatus(): HostedModelStatus | null {
    return this.#hosted?.status() ?? null;
  }

  async preload(signal: AbortSignal): Promise<void> {
    const call = this.#scope.enter(signal);
    try {
      const { release } = await this.#hold(call.signal);
      release();
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  async unload(): Promise<void> {
    try {
      await this.#hosted?.unload();
    } catch (error) {
      throw toProviderError(error, this.info.id);
    }
  }

  close(): Promise<void> {
    this.#hosted?.close();
    this.#scope.close();
    return Promise.resolve();
  }

  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    const call = this.#scope.enter(signal);
    try {
      const order = toOrder(request, this.#traits);
      const { model, release } = await this.#hold(call.signal);
      try {
        yield* this.#speak({ ...order, operation: 'synthesize', model }, request, call.signal);
      } finally {
        release();
      }
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  /** Keeps the model loaded until it is released. */
  async #hold(signal: AbortSignal): Promise<{ readonly model: VoiceManifest; release(): void }> {
    if (this.#hosted === null || this.#model === null) {
      const { reason, action } = this.#notPulled;
      throw new ProviderError('unavailable', this.info.id, `${reason} ${action}`);
    }
    return { model: this.#model, release: await this.#hosted.hold(signal) };
  }

  /** Piece by piece: the first sound comes when the first sentence is made, and who leaves pays for one at the most. */
  async *#speak(
    order: PitchedRequest,
    { speed = 1 }: SpeechRequest,
    signal: AbortSignal,
  ): AsyncGenerator<SpeechChunk, void, void> {
    const pieces = cutSentences(order.text, this.#traits.longestPiece(order.language)).filter(
      ({ isSpeakable }) => isSpeakable,
    );
    const pauseMs = SENTENCE_PAUSE_MS / speed;
    if (pieces.length === 0) yield silence(pauseMs, SILENT_RATE);
    let sampleRate = 0;
    for (const [index, { text, endsSentence }] of pieces.entries()) {
      for await (const sound of this.#sentence({ ...order, text }, signal)) {
        throwIfAborted(signal);
        if (sampleRate !== 0 && sound.sampleRate !== sampleRate) {
          const changed = `The model changed its rate from ${sampleRate} to ${sound.sampleRate} Hz.`;
          throw new ProviderError('failed', this.info.id, changed);
        }
        sampleRate = sound.sampleRate;
        yield sound;
      }
      // A sentence that has just ended ends without an error even so.
      throwIfAborted(signal);
      const isLast = index === pieces.length - 1;
      if (endsSentence && !isLast) yield silence(pauseMs, sampleRate);
    }
  }

  async *#sentence(
    order: PitchedRequest,
    signal: AbortSignal,
  ): AsyncGenerator<Extract<SpeechChunk, { type: 'audio' }>, void, void> {
    const limitMs = this.#pieceLimitMs + order.text.length * LIMIT_PER_CHARACTER_MS;
    for await (const part of this.#host.stream(order, { limitMs }, signal)) {
      if (part.type !== 'sound')
        throw new ProviderError('failed', this.info.id, `The speech host answered with "${part.type}".`);
      yield { type: 'audio', samples: part.samples, sampleRate: part.sampleRate };
    }
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AbortedError(signal.reason);
}

type Order = Omit<PitchedRequest, 'operation' | 'model'>;

/** @throws {ProviderError} `invalid_input`, saying what was given and what is allowed. */
function toOrder(
  { text, language, voice, speed = 1, pitch = 1, reference: given }: SpeechRequest,
  traits: VoiceTraits,
): Order {
  const { info, speakers, steps, normalSpeed, speeds } = traits;
  const refuse = (message: string) => new ProviderError('invalid_input', info.id, message);
  if (text.length === 0 || text.length > MAX_CHARACTERS) {
    throw refuse(
      `The text has ${text.length} characters; 1 to ${MAX_CHARACTERS} are allowed. Send it sentence by sentence.`,
    );
  }
  const primary = language.split('-', 1)[0]!.toLowerCase();
  if (info.languages.length > 0 && !info.languages.includes(primary))
    throw refuse(`The language "${language}" is not one of ${info.languages.join(', ')}.`);
  const speaker = voice === undefined ? speakers[0] : speakers.find(({ id }) => id === voice);
  if (speaker === undefined) {
    const known = speakers.map(({ id }) => id).join(', ');
    throw refuse(`The voice is not one that the model has: ${known}.`);
  }
  if (!(speed >= 0.25 && speed <= 4)) throw refuse(`The speed ${speed} is not between 0.25 and 4.`);
  if (!(pitch >= 0.5 && pitch <= 2)) throw refuse(`The pitch ${pitch} is not between 0.5 and 2.`);
  const reference = traits.takesReference ? (given ?? traits.reference) : undefined;
  if (traits.takesReference) checkReference(reference, refuse);
  // What the change of pitch takes from the length, the model gives by speaking slower, as far as it can.
  const wanted = (normalSpeed * speed) / pitch;
  return {
    text,
    language: primary,
    speakerId: speaker.speakerId,
    speed: Math.min(speeds.most, Math.max(speeds.least, wanted)),
    steps,
    ...(pitch === 1 ? {} : { pitch }),
    ...(reference === undefined
      ? {}
      : {
          reference: {
            samples: reference.samples,
            sampleRate: reference.sampleRate,
            text: reference.text,
          },
        }),
  };
}

function checkReference(
  reference: VoiceReference | undefined,
  refuse: (message: string) => ProviderError,
): void {
  if (reference === undefined)
    throw refuse('This voice speaks like a recording; the request has none and none is configured.');
  const { samples, sampleRate, text } = reference;
  const seconds = samples.length / sampleRate;
  const { least, most } = REFERENCE_SECONDS;
  if (!(seconds >= least && seconds <= most))
    throw refuse(`The recording lasts ${seconds.toFixed(1)} s; ${least} to ${most} s are allowed.`);
  if (!samples.every(Number.isFinite))
    throw refuse('The recording holds a sample that is not a finite number.');
  if (!/[\p{L}\p{N}]/u.test(text)) throw refuse('The words of the recording are missing.');
}

function silence(durationMs: number, sampleRate: number): SpeechChunk {
  const samples = new Int16Array(Math.round((durationMs * sampleRate) / 1000));
  return { type: 'audio', samples, sampleRate };
}

/** Names what the sound depends on beside the request: the model's files, its steps, its recording, and this code. */
function revisionOf({ info, steps, reference }: VoiceTraits, model: VoiceManifest | null): string {
  if (model === null) return `${info.id}:none`;
  const hash = createHash('sha256');
  for (const sha256 of modelFiles(model).map((file) => file.sha256)) hash.update(sha256);
  const like = reference === undefined ? '' : `:${reference.id}`;
  return `${info.id}:${model.id}:${hash.digest('hex').slice(0, 12)}:${steps}${like}:1`;
}
