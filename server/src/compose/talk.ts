import { createConversation } from '../conversation/create-conversation.ts';
import type { Dialogue } from '../conversation/dialogue.ts';
import type { TurnReport } from '../conversation/turn-report.ts';
import type { OpenTalk } from '../experiences/experience.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { systemTimers } from '../lib/timers.ts';
import { createTurnstile } from '../lib/turnstile.ts';
import type { TurnEndDetector } from '../providers/spec/turn-end.ts';
import type { VoiceActivityDetector } from '../providers/spec/vad.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ConversationSocketOptions } from '../ws/conversation-socket.ts';
import type { Speech } from './speech.ts';

export interface TalkRooms {
  readonly speech: Speech;
  readonly vad: VoiceActivityDetector;
  /** Null where the words alone tell when a turn has ended. */
  readonly turnEnds: TurnEndDetector | null;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'turn'>;
}

/** Sentences at the voice at once, over all conversations: as many as this machine can make, or as a cloud takes. */
const SENTENCES_AT_ONCE = { local: 4, cloud: 32 } as const;
const MOST_SENTENCES_WAITING = 1_000;

/** How live conversations are held here: who hears, speaks and tells speech from noise. */
export function openTalk({
  speech,
  vad,
  turnEnds,
  clock,
  random,
  log,
  metrics,
}: TalkRooms): Pick<ConversationSocketOptions, 'openConversation' | 'providersOf'> {
  const voiceTurns = createTurnstile({
    places: () => (speech.voice.info.local ? SENTENCES_AT_ONCE.local : SENTENCES_AT_ONCE.cloud),
    maxWaiting: MOST_SENTENCES_WAITING,
  });
  return {
    openConversation(open, output) {
      const { talk, sessionId, language, state, history } = open;
      return createConversation({
        sessionId,
        language,
        talk,
        output,
        state,
        history,
        ports: {
          // A part that nobody can play is told of once, not with every turn.
          ears: firstAvailable(speech.earProviders) === null ? null : speech.earChain,
          voice: firstAvailable(speech.voiceProviders) === null ? null : speech.voiceChain,
          vad,
          ...(turnEnds === null ? {} : { turnEnds }),
          voiceTurns,
          clock,
          timers: systemTimers,
          newTurnId: () => newId('trn', random),
          onTurn: (report) => tellTurn(log, metrics, open, report),
          onTrouble: (error) => log.warn({ err: error, session_id: sessionId }, 'trouble in a conversation'),
        },
      });
    },
    providersOf: ({ talk }) => ({
      ears: firstAvailable(speech.earProviders),
      mind: mindOf(talk.dialogue),
      voice: firstAvailable(speech.voiceProviders),
      vad: vad.info.id,
    }),
  };
}

const mindOf = ({ mind }: Dialogue) => mind;

function firstAvailable(providers: Speech['earProviders'] | Speech['voiceProviders']): string | null {
  return providers.find((provider) => provider.availability().available)?.info.id ?? null;
}

/** One log line and one count a turn: ids, sizes and times, never what was said. */
function tellTurn(
  log: Logger,
  metrics: Pick<Metrics, 'turn'>,
  { sessionId }: OpenTalk,
  report: TurnReport,
): void {
  const { turnId, experience, way, outcome, language, timings, providers, skipped } = report;
  const { endpoint_ms, final_ms, first_token_ms, first_audio_ms, done_ms, speculative } = timings;
  const stagesMs = known({
    endpoint: endpoint_ms,
    final: final_ms,
    first_token: first_token_ms,
    first_audio: first_audio_ms,
    total: done_ms,
  });
  log.info(
    {
      turn_id: turnId,
      session_id: sessionId,
      experience,
      way: `talk_${way}`,
      outcome,
      language,
      providers,
      skipped,
      speculative,
      sound_ms: report.speechMs,
      characters_in: report.charactersIn,
      characters_out: report.charactersOut,
      stages_ms: stagesMs,
    },
    'turn',
  );
  metrics.turn({ experience, way: `talk_${way}`, outcome, stagesMs });
}

function known(stages: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(stages).filter((stage): stage is [string, number] => stage[1] !== null),
  );
}
