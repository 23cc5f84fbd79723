import type { Config } from '../config/config.ts';
import { createChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import type { Attempt } from '../providers/chain/members.ts';
import { createSpeechToTextChain, type SpeechToTextChain } from '../providers/chain/speech-to-text-chain.ts';
import { createTextToSpeechChain, type TextToSpeechChain } from '../providers/chain/text-to-speech-chain.ts';
import { createEspeakVoice } from '../providers/espeak/espeak-voice.ts';
import { openEspeakHost } from '../providers/espeak/open-espeak-host.ts';
import { createDemoEar } from '../providers/sherpa/demo-ear.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import { openSpeechHost } from '../speech-host/open-speech-host.ts';
import type { Logger } from '../telemetry/logger.ts';
import { switchedOffEars, switchedOffVoice } from './switched-off.ts';

/** Ears and voice of this server, and the children they run in. */
export interface Speech {
  readonly ears: SpeechToText;
  readonly voice: TextToSpeech;
  /** Each provider apart, for health and doctor; empty where the part is switched off. */
  readonly earProviders: readonly SpeechToText[];
  readonly voiceProviders: readonly TextToSpeech[];
  readonly earChain: SpeechToTextChain | null;
  readonly voiceChain: TextToSpeechChain | null;
  close(): Promise<void>;
}

export interface SpeechOptions {
  readonly parts: Config['parts'];
  readonly log: Logger;
  readonly clock: Clock;
  readonly onAttempt?: (kind: 'stt' | 'tts', attempt: Attempt) => void;
}

/** Builds the chains of ears and voices; children start at the first use. */
export function openSpeech({ parts, log, clock, onAttempt = () => {} }: SpeechOptions): Speech {
  const speechHost = createChildHost({
    name: 'speech-host',
    open: openSpeechHost(),
    logger: log,
    clock,
    maxRunning: 2,
  });
  const espeakHost = createChildHost({ name: 'espeak-host', open: openEspeakHost(), logger: log, clock });
  const earProviders = parts.stt ? [createDemoEar({ host: speechHost })] : [];
  const voiceProviders = parts.tts ? [createEspeakVoice({ host: espeakHost })] : [];
  const shared = { clock, logger: log };
  const earChain = parts.stt
    ? createSpeechToTextChain(earProviders, { ...shared, onAttempt: (attempt) => onAttempt('stt', attempt) })
    : null;
  const voiceChain = parts.tts
    ? createTextToSpeechChain(voiceProviders, {
        ...shared,
        onAttempt: (attempt) => onAttempt('tts', attempt),
      })
    : null;
  return {
    ears: earChain ?? switchedOffEars,
    voice: voiceChain ?? switchedOffVoice,
    earProviders,
    voiceProviders,
    earChain,
    voiceChain,
    async close() {
      await Promise.all([earChain?.close?.(), voiceChain?.close?.()]);
      await Promise.all([speechHost.close(), espeakHost.close()]);
    },
  };
}
