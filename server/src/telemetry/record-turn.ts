import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { TurnSpan } from './turn-span.ts';

/** What is told about one turn: ids, sizes and times. Never what was said. */
export interface TurnRecord {
  readonly turnId: string;
  readonly requestId: string;
  readonly sessionId: string;
  readonly experience: string;
  readonly kioskId?: string | null;
  /** How the person spoke: `audio`, `text`, `action`. */
  readonly way: string;
  /** `ok`, `not_heard`, `error`, `aborted`, … */
  readonly outcome: string;
  readonly errorCode?: string;
  readonly language: string;
  /** Provider id by stage. */
  readonly providers: Readonly<Record<string, string>>;
  readonly skipped?: readonly { readonly provider: string; readonly reason: string }[];
  /** 0..1, or null where nothing was heard. */
  readonly confidence?: number | null;
  /** Length of the sound, in milliseconds. */
  readonly soundMs?: number;
  /** Characters heard or typed, and characters answered. */
  readonly charactersIn?: number;
  readonly charactersOut?: number;
}

/** Writes the one log line of a turn and counts it. Call it once, when the answer is known. */
export function recordTurn(
  log: Logger,
  metrics: Pick<Metrics, 'turn'>,
  record: TurnRecord,
  span: TurnSpan,
): void {
  const stagesMs = span.stagesMs();
  const { turnId, requestId, sessionId, experience, kioskId, way, outcome, errorCode, language } = record;
  log.info(
    {
      turn_id: turnId,
      request_id: requestId,
      session_id: sessionId,
      experience,
      kiosk_id: kioskId ?? null,
      way,
      outcome,
      error_code: errorCode,
      language,
      providers: record.providers,
      skipped: record.skipped ?? [],
      confidence: record.confidence ?? null,
      sound_ms: record.soundMs,
      characters_in: record.charactersIn,
      characters_out: record.charactersOut,
      stages_ms: stagesMs,
    },
    'turn',
  );
  metrics.turn({ experience, way, outcome, stagesMs });
}
