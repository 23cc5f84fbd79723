import type { OfflineTtsConfig, OfflineTtsRequest } from 'sherpa-onnx-node';

import type {
  SynthesizeRequest,
  VoiceFiles,
  VoiceManifest,
} from '../providers/sherpa/speech-host-protocol.ts';

/** Same noise each time, so that the same sentence sounds the same; any number would do. */
const SEED = 1;
/** Above the longest text of a request: whoever asks has cut the text already. */
const NEVER_CUT = 10_000;
/** Kokoro without a lexicon asks espeak for sounds and needs to know whose. */
const KOKORO_ACCENT = 'en-us';

/** How the native library wants to be told about `model`. */
export function voiceConfig(model: VoiceManifest): OfflineTtsConfig {
  return {
    model: { ...familyConfig(model), numThreads: model.threads, provider: 'cpu', debug: 0 },
    maxNumSentences: 1,
  };
}

function familyConfig(
  model: VoiceManifest,
): Omit<OfflineTtsConfig['model'], 'numThreads' | 'provider' | 'debug'> {
  switch (model.family) {
    case 'supertonic': {
      const { files } = model;
      return {
        supertonic: {
          durationPredictor: files.durationPredictor.path,
          textEncoder: files.textEncoder.path,
          vectorEstimator: files.vectorEstimator.path,
          vocoder: files.vocoder.path,
          ttsJson: files.ttsJson.path,
          unicodeIndexer: files.unicodeIndexer.path,
          voiceStyle: files.voiceStyle.path,
        },
      };
    }
    case 'vits':
      return { vits: { model: model.files.model.path, ...pronunciation(model.files) } };
    case 'kokoro': {
      const { files } = model;
      const lang = files.lexicon === undefined ? { lang: KOKORO_ACCENT } : {};
      return {
        kokoro: {
          model: files.model.path,
          voices: files.voices.path,
          ...pronunciation(files),
          ...lang,
        },
      };
    }
    case 'matcha': {
      const { files } = model;
      return {
        matcha: {
          acousticModel: files.acousticModel.path,
          vocoder: files.vocoder.path,
          ...pronunciation(files),
        },
      };
    }
    case 'zipvoice': {
      const { files } = model;
      return {
        zipvoice: {
          encoder: files.encoder.path,
          decoder: files.decoder.path,
          vocoder: files.vocoder.path,
          ...pronunciation(files),
        },
      };
    }
  }
}

/** What turns letters into the model's symbols. */
function pronunciation({
  tokens,
  lexicon,
  dataDir,
}: Pick<VoiceFiles['vits'], 'tokens' | 'lexicon' | 'dataDir'>): {
  readonly tokens: string;
  readonly lexicon?: string;
  readonly dataDir?: string;
} {
  return {
    tokens: tokens.path,
    ...(lexicon === undefined ? {} : { lexicon: lexicon.path }),
    ...(dataDir === undefined ? {} : { dataDir: dataDir.path }),
  };
}

/** One sentence as the native library wants to be asked for it. */
export function voiceRequest({
  model,
  text,
  language,
  speakerId,
  speed,
  steps,
  reference,
}: SynthesizeRequest): OfflineTtsRequest {
  // Supertonic takes English for granted where no language is named, whatever the letters are.
  const extra =
    model.family === 'supertonic' ? { extra: { lang: language, seed: SEED, max_len: NEVER_CUT } } : {};
  const spokenLike =
    reference === undefined
      ? {}
      : {
          referenceAudio: reference.samples,
          referenceSampleRate: reference.sampleRate,
          referenceText: reference.text,
        };
  return {
    text,
    enableExternalBuffer: false,
    generationConfig: { sid: speakerId, speed, numSteps: steps, ...extra, ...spokenLike },
  };
}
