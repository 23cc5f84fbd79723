import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSecrets } from '../config/local-secrets.ts';
import { loadConfig } from '../config/load.ts';
import { systemClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/ids.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openSpeech, type Speech } from './speech.ts';

let folder: string;
let speech: Speech | undefined;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'malbeot-named-'))));
afterEach(async () => {
  await speech?.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(env: Readonly<Record<string, string>>): Speech {
  const { config: settings } = loadConfig({
    flags: { MALBEOT_DATA: folder },
    env,
    cwd: folder,
    readFile: () => null,
    localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
  });
  speech = openSpeech({ settings, log: silentLogger, clock: systemClock });
  return speech;
}

describe('a setting that names a model which is not used', () => {
  it('is told by the ears, which keep their place before the built-in ones', () => {
    const { earProviders } = open({ STT_MODEL: 'supertonic-3-int8' });
    expect(earProviders.map(({ info }) => info.id)).toEqual(['sherpa', 'demo_ear']);
    expect(earProviders[0]!.availability()).toMatchObject({
      available: false,
      reason: 'STT_MODEL names supertonic-3-int8, which is a voice.',
    });
  });

  it('is told by the voice, with what to do', async () => {
    mkdirSync(join(folder, 'models', '.pulling', 'kokoro-en-int8'), { recursive: true });
    const { voiceProviders } = open({ TTS_MODEL: 'kokoro-en-int8' });
    const [voice] = voiceProviders;
    expect(voice!.info.id).toBe('sherpa_tts');
    expect(voice!.availability()).toEqual({
      available: false,
      reason: 'TTS_MODEL names kokoro-en-int8, whose pull broke off.',
      action: 'Run `malbeot models pull kokoro-en-int8` and start again.',
    });
    await expect(voice!.preload!(new AbortController().signal)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('whose pull broke off') as string,
    });
  });

  it('is said as it always was where no model is named', () => {
    const { knownVoices, voiceProviders } = open({});
    expect(voiceProviders.map(({ info }) => info.id)).toEqual(['espeak']);
    expect(knownVoices.find(({ info }) => info.id === 'sherpa_tts')!.availability()).toEqual({
      available: false,
      reason: 'Its model was not pulled.',
      action: 'Run `malbeot models list` and pull a voice.',
    });
  });
});
