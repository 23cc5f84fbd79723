import { join } from 'node:path';
import { createAudioDecoder } from '../audio/decode/audio-decoder.ts';
import type { Config } from '../config/config.ts';
import type { RouteDefinition } from '../experiences/experience.ts';
import { earsRoute } from '../http/ears-route.ts';
import { hearingRoutes, type HearingRoutesOptions } from '../http/hearing-routes.ts';
import { speakingRoutes } from '../http/speaking-routes.ts';
import { ttsVoiceRoutes } from '../http/tts-voice-routes.ts';
import { voiceFileRoutes } from '../http/voice-file-routes.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { createTurnstile } from '../lib/turnstile.ts';
import { createCustomVoices, type CustomVoices } from '../speech/custom-voices.ts';
import { createEarCatalogue } from '../speech/ear-catalogue.ts';
import { createHearing, type Hearing } from '../speech/hearing.ts';
import { createPrivateFiles } from '../speech/private-files.ts';
import { createSynthesizer } from '../speech/synthesizer.ts';
import { createVoiceCatalogue } from '../speech/voice-catalogue.ts';
import type { Database } from '../storage/database.ts';
import { createFileStore } from '../storage/file-store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createVoiceFiles, type VoiceFilesWithSounds } from '../voice-files/create-voice-files.ts';
import type { Speech } from './speech.ts';

/** The ways in to ears and voices on their own, and the spoken answers of experiences. */
export interface SpeechDoors {
  readonly routes: readonly RouteDefinition[];
  readonly voiceFiles: VoiceFilesWithSounds;
  readonly customVoices: Pick<CustomVoices, 'sweep'>;
  readonly hearing: Hearing;
  /** Ends what is being made and decoded. */
  close(): Promise<void>;
}

export interface SpeechDoorsOptions {
  readonly config: Pick<Config, 'data' | 'voice' | 'speech'>;
  readonly database: Database;
  readonly speech: Speech;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly recordTurn: NonNullable<HearingRoutesOptions['recordTurn']>;
}

/** Sentences at the voice at once: as many as this machine can make, or as a cloud takes from one customer. */
const SENTENCES_AT_ONCE = { local: 4, cloud: 16 } as const;
const MOST_SENTENCES_WAITING = 500;
/** A recording for a custom voice is 30 s at most; one that is a little longer is told so by its length. */
const LONGEST_RECORDING_MS = 31_000;

export function openSpeechDoors(options: SpeechDoorsOptions): SpeechDoors {
  const { config, database, speech, clock, random, log, recordTurn } = options;
  const decoder = createAudioDecoder();
  const turns = createTurnstile({
    places: () => (speech.voice.info.local ? SENTENCES_AT_ONCE.local : SENTENCES_AT_ONCE.cloud),
    maxWaiting: MOST_SENTENCES_WAITING,
  });
  const voiceCatalogue = createVoiceCatalogue({
    known: speech.knownVoices,
    voice: speech.voice,
    status: () => speech.voiceChain?.status() ?? null,
  });
  const earCatalogue = createEarCatalogue({
    known: speech.knownEars,
    ears: speech.ears,
    status: () => speech.earChain?.status() ?? null,
    browserEars: config.speech.browserEars,
  });
  const customVoices = createCustomVoices({
    database,
    files: createPrivateFiles(join(config.data.folder, 'custom-voices')),
    decode: (bytes, signal) => decoder.decode(bytes, { maxDurationMs: LONGEST_RECORDING_MS, signal }),
    clock,
    random,
    onRemove: (id) => voiceFiles.forget(id),
  });
  const voiceFiles = createVoiceFiles({
    database,
    files: createFileStore(join(config.data.folder, 'voices'), { durable: false }),
    voice: speech.voice,
    turns,
    reference: customVoices.reference,
    expectedSource: voiceCatalogue.expectedSource,
    clock,
    random,
    log,
    maxCacheBytes: config.voice.cacheBytes,
  });
  const synthesizer = createSynthesizer({ voice: speech.voice, sounds: voiceFiles.sounds, turns, clock });
  const hearing = createHearing({ ears: speech.ears, decoder, clock });
  return {
    routes: [
      ...voiceFileRoutes({ voiceFiles }),
      ...speakingRoutes({ synthesizer, catalogue: voiceCatalogue, customVoices, voiceFiles }),
      ...ttsVoiceRoutes({ customVoices }),
      ...hearingRoutes({ hearing, clock, recordTurn }),
      earsRoute(earCatalogue),
    ],
    voiceFiles,
    customVoices,
    hearing,
    async close() {
      await Promise.all([voiceFiles.close(), decoder.close()]);
    },
  };
}
