import type { Config } from '../config/config.ts';
import { createChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import { harmlessStderr } from '../lib/harmless-stderr.ts';
import type { ChainOptions } from '../providers/chain/members.ts';
import { createSpeechToTextChain, type SpeechToTextChain } from '../providers/chain/speech-to-text-chain.ts';
import { createTextToSpeechChain, type TextToSpeechChain } from '../providers/chain/text-to-speech-chain.ts';
import type { SharedState } from '../providers/chain/shared-state.ts';
import { openEspeakHost } from '../providers/espeak/open-espeak-host.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { KnownProvider } from '../speech/listed-provider.ts';
import { openSpeechHost } from '../speech-host/open-speech-host.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openEars } from './ear-parts.ts';
import { chooseModels } from './models.ts';
import { switchedOffEars, switchedOffVoice } from './switched-off.ts';
import { openVoices } from './voice-parts.ts';

/** Ears and voice of this server, and the children they run in. */
export interface Speech {
  readonly ears: SpeechToText;
  readonly voice: TextToSpeech;
  /** Those that are set up, for health and doctor; empty where the part is switched off. */
  readonly earProviders: readonly SpeechToText[];
  readonly voiceProviders: readonly TextToSpeech[];
  /** All that this server knows; those that are not set up say what they need. */
  readonly knownEars: readonly KnownProvider[];
  readonly knownVoices: readonly TextToSpeech[];
  readonly earChain: SpeechToTextChain | null;
  readonly voiceChain: TextToSpeechChain | null;
  /** Loads what the next utterance and the next sentence would load. Never rejects: what fails is in the log. */
  preload(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What the chains of a kind tell and share. */
export type ChainWatch = Pick<ChainOptions, 'onAttempt' | 'onSkip' | 'onTakeover'>;

export interface SpeechOptions {
  readonly settings: Pick<Config, 'parts' | 'speech' | 'openaiCompatible' | 'models'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly watch?: (kind: 'stt' | 'tts') => ChainWatch;
  /** Circuits of other processes; each finds out for itself when absent. */
  readonly shared?: SharedState;
}

/** Sentences that may wait for a local voice: forty answers at once, with the next sentence of each. */
const MOST_SENTENCES_WAITING = 128;
const SENTENCE_WAIT_LIMIT_MS = 30_000;

/** Builds the chains of ears and voices; children start at the first use. */
export function openSpeech({ settings, log, clock, watch = () => ({}), shared }: SpeechOptions): Speech {
  const { parts, speech } = settings;
  const host = { logger: log, clock, tellStderr: harmlessStderr };
  const busy = { maxWaiting: MOST_SENTENCES_WAITING, waitLimitMs: SENTENCE_WAIT_LIMIT_MS };
  const earHost = createChildHost({ ...host, name: 'speech-host', open: openSpeechHost(), maxRunning: 2 });
  const voiceHost = createChildHost({
    ...host,
    ...busy,
    name: 'voice-host',
    open: openSpeechHost(),
    maxRunning: 2,
  });
  const espeakHost = createChildHost({ ...host, ...busy, name: 'espeak-host', open: openEspeakHost() });
  const models = chooseModels(settings);
  const ears = openEars(settings, { host: earHost, models, clock });
  const voices = openVoices(settings, { host: voiceHost, espeakHost, models, clock });
  const earProviders = parts.stt ? ears.providers : [];
  const voiceProviders = parts.tts ? voices.providers : [];
  const common = {
    clock,
    logger: log,
    ...(shared === undefined ? {} : { shared }),
    // A model that was unloaded for idleness has to be loaded again.
    limits: speech.modelIdleMs === null ? {} : { coldAfterMs: speech.modelIdleMs },
  };
  const earChain = parts.stt ? createSpeechToTextChain(earProviders, { ...common, ...watch('stt') }) : null;
  const voiceChain = parts.tts
    ? createTextToSpeechChain(voiceProviders, { ...common, ...watch('tts') })
    : null;

  async function load(kind: 'stt' | 'tts', chain: SpeechToText | TextToSpeech | null, signal: AbortSignal) {
    const startedMs = clock.monotonicMs();
    try {
      await chain?.preload?.(signal);
      log.info({ kind, durationMs: Math.round(clock.monotonicMs() - startedMs) }, 'part loaded');
    } catch (error) {
      if (!signal.aborted) log.warn({ kind, err: error }, 'part could not be loaded');
    }
  }

  return {
    ears: earChain ?? switchedOffEars,
    voice: voiceChain ?? switchedOffVoice,
    earProviders,
    voiceProviders,
    knownEars: ears.known,
    knownVoices: voices.known,
    earChain,
    voiceChain,
    async preload(signal) {
      await Promise.all([load('stt', earChain, signal), load('tts', voiceChain, signal)]);
    },
    async close() {
      await Promise.all([earChain?.close?.(), voiceChain?.close?.()]);
      await Promise.all([earHost.close(), voiceHost.close(), espeakHost.close()]);
    },
  };
}
