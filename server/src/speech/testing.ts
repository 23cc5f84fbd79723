import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTextToSpeechChain, type TextToSpeechChain } from '../providers/chain/text-to-speech-chain.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import { systemClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/ids.ts';
import { createTurnstile, type Turnstile } from '../lib/turnstile.ts';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import { createFileStore } from '../storage/file-store.ts';
import { createMigrator } from '../storage/migrator.ts';
import { openDatabase } from '../storage/open-database.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createVoiceFiles, type VoiceFilesWithSounds } from '../voice-files/create-voice-files.ts';
import { voiceFileMigrations } from '../voice-files/tables.ts';
import { customVoiceMigrations } from './custom-voice-tables.ts';
import { createCustomVoices, type CustomVoices } from './custom-voices.ts';
import { createPrivateFiles } from './private-files.ts';
import { createSynthesizer, type Synthesizer, type SynthesizerOptions } from './synthesizer.ts';
import { createVoiceCatalogue, type KnownVoice, type VoiceCatalogue } from './voice-catalogue.ts';

/** The whole mouth over given voices, on a database and a folder of its own. */
export interface SpeechKit {
  readonly folder: string;
  readonly chain: TextToSpeechChain;
  readonly turns: Turnstile;
  readonly catalogue: VoiceCatalogue;
  readonly voiceFiles: VoiceFilesWithSounds;
  readonly customVoices: CustomVoices;
  readonly synthesizer: Synthesizer;
  close(): Promise<void>;
}

export interface SpeechKitOptions extends Partial<SynthesizerOptions> {
  /** Known, but not set up. */
  readonly notSetUp?: readonly KnownVoice[];
  readonly maxPerOwner?: number;
}

export async function openSpeechKit(
  voices: readonly TextToSpeech[],
  { notSetUp = [], maxPerOwner = 20, ...options }: SpeechKitOptions = {},
): Promise<SpeechKit> {
  const folder = await mkdtemp(join(tmpdir(), 'malbeot-speech-'));
  const clock = systemClock;
  const random = systemRandom;
  const log = silentLogger;
  const database = await openDatabase(`sqlite:${join(folder, 'test.db')}`);
  const migrations = [...voiceFileMigrations, ...customVoiceMigrations];
  await createMigrator({ database, migrations }).forward();
  const chain = createTextToSpeechChain(voices);
  const turns = createTurnstile({ places: () => 4, maxWaiting: 200 });
  const catalogue = createVoiceCatalogue({
    known: [...voices, ...notSetUp],
    voice: chain,
    status: () => chain.status(),
  });
  const customVoices = createCustomVoices({
    database,
    files: createPrivateFiles(join(folder, 'custom-voices')),
    decode: (bytes) => Promise.resolve(decodeWav(bytes)),
    clock,
    random,
    onRemove: (id) => voiceFiles.forget(id),
    maxPerOwner,
  });
  const voiceFiles = createVoiceFiles({
    database,
    files: createFileStore(join(folder, 'voices'), { durable: false }),
    voice: chain,
    expectedSource: catalogue.expectedSource,
    reference: customVoices.reference,
    turns,
    clock,
    random,
    log,
  });
  const synthesizer = createSynthesizer({
    voice: chain,
    sounds: voiceFiles.sounds,
    turns,
    clock,
    ...options,
  });
  return {
    folder,
    chain,
    turns,
    catalogue,
    voiceFiles,
    customVoices,
    synthesizer,
    async close() {
      await voiceFiles.close();
      await chain.close?.();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Something that passes for speech: tones that rise and fall. A WAV at 16 kHz. */
export function spokenWav(seconds: number, { peak = 0.5, sampleRate = 16_000 } = {}): Buffer {
  const samples = Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) => {
    const time = index / sampleRate;
    const loud = Math.max(0, Math.sin(2 * Math.PI * 2.5 * time));
    return Math.max(
      -32_768,
      Math.min(32_767, Math.round(32_767 * peak * loud * Math.sin(2 * Math.PI * 220 * time))),
    );
  });
  return encodeWav(samples, sampleRate);
}
