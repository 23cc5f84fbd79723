import path from 'node:path';
import { makeKokoro } from '../../server/fixtures/onnx/make-kokoro.ts';
import { makeMatcha } from '../../server/fixtures/onnx/make-matcha.ts';
import { makeSenseVoice } from '../../server/fixtures/onnx/make-sense-voice.ts';
import { makeStreamingZipformer } from '../../server/fixtures/onnx/make-streaming-zipformer.ts';
import { makeSupertonic } from '../../server/fixtures/onnx/make-supertonic.ts';
import { makeVits } from '../../server/fixtures/onnx/make-vits.ts';
import { makeWhisper } from '../../server/fixtures/onnx/make-whisper.ts';
import { makeZipformerTransducer } from '../../server/fixtures/onnx/make-zipformer-transducer.ts';
import { makeZipvoice } from '../../server/fixtures/onnx/make-zipvoice.ts';
import { toEarManifest, toVoiceManifest } from '../../server/src/compose/models.ts';
import { readInstalledModels } from '../../server/src/models/installed-model.ts';
import type { EarManifest, VoiceManifest } from '../../server/src/providers/sherpa/speech-host-protocol.ts';
import { findEspeakData } from '../../server/src/providers/sherpa/testing/espeak-data.ts';

/** A model to be measured. */
export interface LocalModel<Manifest> {
  readonly manifest: Manifest;
  /** The first is what it is measured with. */
  readonly languages: readonly string[];
  /** True for weights that were never trained: they show what the path costs, nothing of a real model. */
  readonly isRandom: boolean;
}

export interface LocalModels {
  readonly voices: readonly LocalModel<VoiceManifest>[];
  readonly ears: readonly LocalModel<EarManifest>[];
  /** Families that can't be made here, with what they need. */
  readonly missing: readonly string[];
}

/** Writes a model of every family into `folder`. */
export async function makeRandomModels(folder: string): Promise<LocalModels> {
  const random = <Manifest>(manifest: Manifest, language = 'ko'): LocalModel<Manifest> => ({
    manifest,
    languages: [language],
    isRandom: true,
  });
  const at = (family: string) => path.join(folder, family);
  const espeakData = findEspeakData();
  return {
    voices: [
      random(await makeSupertonic(at('supertonic'))),
      random(await makeVits(at('vits'))),
      random(await makeMatcha(at('matcha'))),
      ...(espeakData === undefined
        ? []
        : [
            random(await makeKokoro(at('kokoro'), espeakData), 'en'),
            random(await makeZipvoice(at('zipvoice'), espeakData)),
          ]),
    ],
    ears: [
      random(await makeSenseVoice(folder)),
      random(await makeWhisper(folder)),
      random(await makeZipformerTransducer(folder)),
      random(await makeStreamingZipformer(folder)),
    ],
    missing: espeakData === undefined ? ['kokoro, zipvoice: need espeak-ng-data (Debian: espeak-ng)'] : [],
  };
}

/** Models that were pulled into `folder`, which is one of models or a data folder that holds one. */
export function pulledModels(folder: string, threads: number): LocalModels {
  const pulled = [folder, path.join(folder, 'models')].flatMap(readInstalledModels);
  const found = <Manifest>(
    manifestOf: (model: (typeof pulled)[number], threads: number) => Manifest | null,
  ) =>
    pulled.flatMap((model) => {
      const manifest = manifestOf(model, threads);
      return manifest === null ? [] : [{ manifest, languages: model.languages, isRandom: false }];
    });
  return { voices: found(toVoiceManifest), ears: found(toEarManifest), missing: [] };
}
