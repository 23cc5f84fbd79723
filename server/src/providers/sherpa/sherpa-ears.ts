import type { ChildHost } from '../../lib/child-host.ts';
import type { ProviderInfo } from '../spec/provider.ts';
import { UTTERANCE_SAMPLE_RATE } from '../spec/stt.ts';
import { createAbsentEar } from './absent-ear.ts';
import { cutSound } from './cut-sound.ts';
import { createHostEarParts, MAX_SECONDS, primarySubtag, type HostEar } from './host-ear.ts';
import { withinRange } from './level.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { openSherpaStream } from './sherpa-stream.ts';
import type { EarFamily, EarManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';

export interface SherpaEarsOptions {
  /** Where native models run. Shared with other ears; whoever made it closes it. */
  readonly host: ChildHost<SpeechHostRequest, SpeechHostPart>;
  /** Null where none was pulled: then they only say so. */
  readonly model: EarManifest | null;
  /** Name for people. */
  readonly name: string;
  /**
   * Primary subtags of what the model is to hear; none but what it knows. SenseVoice is told where it is one, and finds out by
   * itself where there are several; Whisper is told with each utterance.
   */
  readonly languages: readonly string[];
  /** What brings a missing or damaged model back, for people: one sentence. */
  readonly restore?: string;
  /** Why there is no model and what to do, where more is known than that none was pulled. */
  readonly absence?: { readonly reason: string; readonly action: string } | null;
  /** Time for loading the model, checking its files included; 60 s. A host that takes longer is ended. */
  readonly loadLimitMs?: number;
  /** Time for a piece of an utterance beside twice its own length, 10 s. A host that takes longer is ended. */
  readonly transcribeLimitMs?: number;
  /** Time without use after which the model is unloaded; never when null or left out. */
  readonly idleMs?: number | null;
  /** How it waits for that; the system's clock when left out. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const ID = 'sherpa';
const NOT_PULLED = 'No model for these ears was pulled.';
const LIMIT_PER_SECOND_MS = 2_000;

/**
 * Longest piece that a family hears at once, in seconds. Whisper drops what comes after 30 s, and SenseVoice and the zipformers
 * learned from utterances no longer than that.
 */
const PIECE_SECONDS: Readonly<Record<EarFamily, number>> = {
  'zipformer-ctc': 28,
  'zipformer-transducer': 28,
  'streaming-zipformer': MAX_SECONDS,
  'sense-voice': 28,
  whisper: 28,
};
const SEARCH_SECONDS = 8;

/** What each family was run with by our tests. */
const TRIED_WITH: Readonly<Record<EarFamily, NonNullable<ProviderInfo['triedWith']>>> = {
  'zipformer-ctc': 'real',
  'zipformer-transducer': 'random_weights',
  'streaming-zipformer': 'random_weights',
  'sense-voice': 'random_weights',
  whisper: 'random_weights',
};

/** Local ears: a pulled model of any family that sherpa-onnx knows and we have tried. */
export function createSherpaEars({
  host,
  model,
  name,
  languages,
  restore = model === null
    ? 'Choose one from `malbeot models list` and fetch it with `malbeot models pull`.'
    : `Fetch the model again with \`malbeot models pull ${model.id}\`.`,
  absence = null,
  loadLimitMs = 60_000,
  transcribeLimitMs = 10_000,
  idleMs = null,
  ...clock
}: SherpaEarsOptions): HostEar {
  const info: ProviderInfo = {
    id: ID,
    name,
    cost: 'free',
    local: true,
    standIn: false,
    languages,
    needs: 'A model for hearing, such as SenseVoice, in the folder of models.',
    speed: 'by_hardware',
    triedWith: model === null ? 'random_weights' : TRIED_WITH[model.family],
  };
  if (model === null) return createAbsentEar(info, absence ?? { reason: NOT_PULLED, action: restore });
  const pieceSeconds = PIECE_SECONDS[model.family];
  const only = languages.length === 1 ? languages[0]! : null;
  const told = only === null ? model : { ...model, language: only };
  const { ear, hosted, scope } = createHostEarParts({
    ...clock,
    info,
    host,
    model: told,
    restore,
    loadLimitMs,
    idleMs,
    // Whisper hears one after the other, so a piece may have to wait for another one, called off or not.
    limitMs: transcribeLimitMs + (model.family === 'whisper' ? pieceSeconds * LIMIT_PER_SECOND_MS : 0),
    limitPerSecondMs: LIMIT_PER_SECOND_MS,
    prepare: withinRange,
    cut: (samples) =>
      cutSound(samples, UTTERANCE_SAMPLE_RATE, {
        maxSeconds: pieceSeconds,
        searchSeconds: SEARCH_SECONDS,
      }),
    tidy: (text) => text.replace(/\s+/g, ' ').trim(),
    // A language that Whisper does not know would end the process.
    ask: (language) => languages.find((known) => known === primarySubtag(language)) ?? only,
  });
  if (model.family !== 'streaming-zipformer') return ear;
  const oneAtATime = createOneAtATime();
  return {
    ...ear,
    openStream: (language, signal) =>
      openSherpaStream(
        {
          info,
          host,
          hosted,
          scope,
          model: told,
          oneAtATime,
          language,
          limitMs: transcribeLimitMs,
          limitPerSecondMs: LIMIT_PER_SECOND_MS,
        },
        signal,
      ),
  };
}
