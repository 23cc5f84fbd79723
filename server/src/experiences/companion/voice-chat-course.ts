import type { ReplyEmotion } from '@malbeot/protocol';
import type { Who } from '../../accounts/access.ts';
import type { Heard } from '../../conversation/heard.ts';
import type { FinishedTurn } from '../../conversation/ports.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import type { HeardSound } from '../../speech/hearing.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import type { TurnSpan } from '../../telemetry/turn-span.ts';
import type { CompanionSession } from './records.ts';
import type { SessionWish } from './sessions.ts';

/** One request of voice chat. */
export interface VoiceChatRequest {
  readonly input:
    | { readonly type: 'audio'; readonly bytes: Uint8Array }
    | { readonly type: 'text'; readonly text: string };
  /** Null for a new session, or the one that a session's token stands for. */
  readonly sessionId: string | null;
  readonly wish: SessionWish;
  /** True when the voice is wanted sentence by sentence. */
  readonly inPieces: boolean;
  readonly requestId: string;
  readonly who: Who;
}

/** Everything that is known of a turn of voice chat while it runs. */
export interface ChatCourse {
  readonly request: VoiceChatRequest;
  readonly turnId: string;
  readonly span: TurnSpan;
  /** On the monotonic clock. */
  readonly startedMs: number;
  /** Null until it is found or begun. */
  session: CompanionSession | null;
  /** Null for words, and until they are heard. */
  sound: HeardSound | null;
  reply: string;
  readonly emotions: ReplyEmotion[];
  mind: string;
  voice: string | null;
  /** The last of the dialogue's. */
  state: unknown;
  outcome: 'ok' | 'not_heard' | 'aborted';
  finalMs: number | null;
  firstTokenMs: number | null;
}

export function beginChatCourse(
  request: VoiceChatRequest,
  turnId: string,
  span: TurnSpan,
  clock: Clock,
): ChatCourse {
  return {
    request,
    turnId,
    span,
    startedMs: clock.monotonicMs(),
    session: null,
    sound: null,
    reply: '',
    emotions: [],
    mind: 'rules',
    voice: null,
    state: undefined,
    outcome: 'ok',
    finalMs: null,
    firstTokenMs: null,
  };
}

/** The turn as it is kept. Over HTTP nobody knows what the loudspeaker played: what was sent counts as heard. */
export function toFinishedTurn(course: ChatCourse, heard: Heard, clock: Clock): FinishedTurn {
  const { turnId, sound, reply, outcome } = course;
  const isWhole = outcome === 'ok';
  return {
    turnId,
    at: clock.now(),
    heard: { text: heard.text, source: heard.source },
    reply: reply.trim(),
    replyHeard: reply.trim(),
    interrupted: false,
    state: isWhole ? course.state : undefined,
    report: {
      turnId,
      experience: 'companion',
      way: heard.source,
      outcome: isWhole ? 'ok' : 'aborted',
      language: heard.language,
      timings: {
        endpoint_ms: null,
        final_ms: rounded(course.finalMs),
        first_token_ms: rounded(course.firstTokenMs),
        first_audio_ms: null,
        done_ms: rounded(clock.monotonicMs() - course.startedMs)!,
        speculative: false,
      },
      providers: { ears: sound?.provider ?? null, mind: course.mind, voice: course.voice },
      skipped: sound?.skipped ?? [],
      speechMs: sound === null ? null : Math.round(sound.durationMs),
      charactersIn: heard.text.length,
      charactersOut: reply.length,
    },
  };
}

/** What is told about the turn in the log and the metrics; `error` is what it failed with. */
export function toTurnRecord(course: ChatCourse, error: unknown): TurnRecord {
  const { request, turnId, session, sound, mind, voice, reply, outcome } = course;
  const { input, requestId, wish } = request;
  const failed = error !== null && outcome !== 'aborted';
  return {
    turnId,
    requestId,
    sessionId: session?.sessionId ?? '',
    experience: 'companion',
    way: input.type,
    outcome: failed ? 'error' : outcome,
    ...(failed ? { errorCode: error instanceof AppError ? error.code : 'INTERNAL' } : {}),
    language: session?.language ?? wish.language ?? wish.fallbackLanguage,
    providers: {
      mind,
      ...(sound?.provider == null ? {} : { ears: sound.provider }),
      ...(voice === null ? {} : { voice }),
    },
    skipped: sound?.skipped ?? [],
    confidence: sound?.confidence ?? null,
    ...(sound === null ? {} : { soundMs: Math.round(sound.durationMs) }),
    charactersIn: input.type === 'text' ? input.text.length : (sound?.text.length ?? 0),
    charactersOut: reply.length,
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}
