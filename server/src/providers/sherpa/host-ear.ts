import { createProviderScope, toProviderError, type ProviderScope } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import {
  UTTERANCE_SAMPLE_RATE,
  type HearingStream,
  type SpeechToText,
  type Transcription,
  type Utterance,
} from '../spec/stt.ts';
import {
  createHostedModel,
  type HostedModel,
  type HostedModelOptions,
  type HostedModelStatus,
} from './hosted-model.ts';
import type { EarManifest, Heard } from './speech-host-protocol.ts';

export interface HostEarOptions extends Omit<HostedModelOptions, 'provider'> {
  readonly info: ProviderInfo;
  readonly model: EarManifest;
  /** Time for an utterance, beside `limitPerSecondMs` for each second of it. A host that takes longer is ended. */
  readonly limitMs: number;
  readonly limitPerSecondMs: number;
  /** The sound at the level that the model wants; undefined for silence. @throws {RangeError} for what is no sound. */
  readonly prepare: (samples: Float32Array) => Float32Array | undefined;
  /** Cuts what is longer than the model takes; each piece is heard apart. */
  readonly cut: (samples: Float32Array) => readonly Float32Array[];
  /** Text as people read it. */
  readonly tidy: (text: string) => string;
  /** Language to ask the model for, of what the caller asked for; null for the model to find out. */
  readonly ask: (language: string | null) => string | null;
}

/** Ears of one model in the speech host. */
export interface HostEar extends SpeechToText {
  /** Never null: a model streams or it does not. */
  openStream?(language: string | null, signal: AbortSignal): HearingStream;
  /** Which model, and whether it is in memory; for health. Null where none was pulled. */
  modelStatus(): HostedModelStatus | null;
}

/** The longest utterance. */
export const MAX_SECONDS = 120;
/** The models' windows and convolutions can do nothing with less; some would end the process. */
const MIN_SAMPLES = UTTERANCE_SAMPLE_RATE / 10;

export function createHostEar(options: HostEarOptions): HostEar {
  return createHostEarParts(options).ear;
}

/** The ears, and what ears that hear while it is being said share with them. */
export function createHostEarParts(options: HostEarOptions): {
  readonly ear: HostEar;
  readonly hosted: HostedModel;
  readonly scope: ProviderScope;
} {
  const { info, host, model, limitMs, limitPerSecondMs, prepare, cut, tidy, ask } = options;
  const hosted = createHostedModel({ ...options, provider: info.id });
  const scope = createProviderScope(info.id);

  async function hear(samples: Float32Array, language: string | null, signal: AbortSignal): Promise<Heard> {
    const part = await host.call(
      { operation: 'transcribe', model, samples, sampleRate: UTTERANCE_SAMPLE_RATE, language },
      { limitMs: limitMs + (samples.length / UTTERANCE_SAMPLE_RATE) * limitPerSecondMs },
      signal,
    );
    if (part.type !== 'transcription')
      throw new ProviderError('failed', info.id, `The speech host answered with "${part.type}".`);
    return part;
  }

  async function hearAll(
    audible: Float32Array,
    language: string | null,
    signal: AbortSignal,
  ): Promise<Heard[]> {
    const release = await hosted.hold(signal);
    try {
      const heard: Heard[] = [];
      for (const piece of cut(audible)) heard.push(await hear(piece, ask(language), signal));
      return heard;
    } finally {
      release();
    }
  }

  const ear: HostEar = {
    kind: 'stt',
    info,
    availability: (): Availability => hosted.availability(),
    modelStatus: () => hosted.status(),
    async preload(signal) {
      const call = scope.enter(signal);
      try {
        (await hosted.hold(call.signal))();
      } catch (error) {
        throw call.errorFor(error);
      } finally {
        call.leave();
      }
    },
    async transcribe({ samples, language }: Utterance, signal: AbortSignal): Promise<Transcription> {
      const call = scope.enter(signal);
      try {
        const audible = prepared(samples, info.id, prepare);
        const heard = audible === undefined ? [] : await hearAll(audible, language, call.signal);
        return transcription(heard, language, info, tidy);
      } catch (error) {
        throw call.errorFor(error);
      } finally {
        call.leave();
      }
    },
    async unload() {
      try {
        await hosted.unload();
      } catch (error) {
        throw toProviderError(error, info.id);
      }
    },
    close() {
      hosted.close();
      scope.close();
      return Promise.resolve();
    },
  };
  return { ear, hosted, scope };
}

/** @throws {ProviderError} `invalid_input` for sound that is too long or none. */
function prepared(
  samples: Float32Array,
  id: string,
  prepare: HostEarOptions['prepare'],
): Float32Array | undefined {
  const seconds = samples.length / UTTERANCE_SAMPLE_RATE;
  if (seconds > MAX_SECONDS) throw tooLong(id, seconds);
  if (samples.length < MIN_SAMPLES) return undefined;
  try {
    return prepare(samples);
  } catch (error) {
    throw notFinite(id, error);
  }
}

export function tooLong(id: string, seconds: number): ProviderError {
  const given = `The utterance lasts ${seconds.toFixed(1)} s`;
  return new ProviderError(
    'invalid_input',
    id,
    `${given}; ${id} takes up to ${MAX_SECONDS} s. Send it in pieces.`,
  );
}

export function notFinite(id: string, cause?: unknown): ProviderError {
  return new ProviderError('invalid_input', id, 'The utterance holds a sample that is not a finite number.', {
    cause,
  });
}

/** What was heard in the pieces of one utterance, as the ears answer it. */
export function transcription(
  heard: readonly Heard[],
  asked: string | null,
  { id, languages }: ProviderInfo,
  tidy: (text: string) => string,
): Transcription {
  const text = heard
    .map((piece) => tidy(piece.text))
    .filter((piece) => piece !== '')
    .join(' ')
    .normalize('NFC');
  const told = heard.find(({ language }) => language !== undefined)?.language;
  const language = told ?? primarySubtag(asked) ?? languages[0] ?? 'ko';
  return { text, language, confidence: null, provider: id };
}

/** `ko` of `ko-KR`; undefined for what is no language. */
export function primarySubtag(language: string | null): string | undefined {
  return /^[a-z]{2,3}(?=$|[-_])/.exec(language?.toLowerCase() ?? '')?.[0];
}
