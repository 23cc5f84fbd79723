import type { KioskAction, Language } from '@malbeot/protocol';
import type { Who } from '../../accounts/access.ts';
import type { AppError } from '../../errors/app-error.ts';
import type { Skipped } from '../../providers/spec/provider.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import type { TurnSpan } from '../../telemetry/turn-span.ts';
import type { OpenedSession } from './sessions.ts';

/** What came in for a turn: sound as it was uploaded, words, a tap, or what can't be used. */
export type KioskInput =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tap'; readonly tap: KioskAction }
  | { readonly type: 'unusable'; readonly error: AppError };

/** One request for a turn. */
export interface KioskTurnInput {
  readonly input: KioskInput;
  /** Null for a new session. */
  readonly sessionId: string | null;
  readonly kioskId: string | null;
  /** Language of a new session; of a session that exists, its own counts. */
  readonly language: Language | null;
  /** Language of what is said when no session can be found. */
  readonly errorLanguage: Language;
  /** The same for every try of the request; null when it will not be repeated. */
  readonly idempotencyKey: string | null;
  /** How long ago it was said or tapped, in milliseconds: more than nothing for a request that had to be sent again. */
  readonly ageMs: number;
  readonly requestId: string;
  readonly who: Who;
  /** For a turn of a talk, which counts it: says the answer there, in place of a sound file. */
  readonly speak?: (text: string) => void;
}

/** Everything that is known of a turn while it runs. */
export interface Course {
  readonly turnId: string;
  readonly span: TurnSpan;
  readonly turn: KioskTurnInput;
  /** When it was said or tapped, as far as the server can know; milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** As it was last read or saved; null until it was found. */
  session: OpenedSession | null;
  transcript: string | null;
  /** Of the ears, then of the understanding where that is lower. */
  confidence: number | null;
  soundMs: number | undefined;
  readonly providers: Record<string, string>;
  skipped: readonly Skipped[];
}

export function beginCourse(begun: Pick<Course, 'turn' | 'turnId' | 'span' | 'arrivedAt'>): Course {
  const nothingYet = { session: null, transcript: null, confidence: null, soundMs: undefined };
  return { ...begun, ...nothingYet, providers: {}, skipped: [] };
}

/** How a turn ended. */
export interface Outcome {
  readonly outcome: 'ok' | 'not_heard' | 'refused' | 'error' | 'aborted';
  readonly errorCode?: string;
  readonly charactersOut: number;
}

/** What is told about the turn in the log and the metrics. */
export function toRecord(course: Course, outcome: Outcome): TurnRecord {
  const { turnId, turn, session, transcript, soundMs, providers, skipped, confidence } = course;
  const { input, requestId } = turn;
  return {
    turnId,
    requestId,
    sessionId: session?.saved.sessionId ?? '',
    experience: 'kiosk',
    kioskId: session?.saved.kioskId ?? turn.kioskId,
    way: input.type === 'tap' ? 'action' : input.type,
    language: session?.saved.state.language ?? turn.language ?? turn.errorLanguage,
    providers,
    skipped,
    confidence,
    ...(soundMs === undefined ? {} : { soundMs }),
    charactersIn: transcript?.length ?? 0,
    ...outcome,
  };
}

/** What the log is told of a turn of a talk beside what the talk tells itself: what was done at the counter, and how long it took. */
export function partOfTalk(record: TurnRecord, span: TurnSpan): Readonly<Record<string, unknown>> {
  const { requestId, sessionId, kioskId, outcome, errorCode, providers, skipped } = record;
  return {
    turn_id: requestId,
    session_id: sessionId,
    kiosk_id: kioskId ?? null,
    outcome,
    error_code: errorCode,
    providers,
    skipped,
    stages_ms: span.stagesMs(),
  };
}
