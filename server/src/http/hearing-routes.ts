import type { Transcript } from '@malbeot/protocol';
import { z } from 'zod';
import { ACCEPTED_AUDIO } from '../audio/decode/decoded-audio.ts';
import { AppError } from '../errors/app-error.ts';
import type { Answer, RouteDefinition, ScopedRequest, Upload } from '../experiences/experience.ts';
import type { Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Skipped } from '../providers/spec/provider.ts';
import type { HeardSound, Hearing } from '../speech/hearing.ts';
import type { TurnRecord } from '../telemetry/record-turn.ts';
import { createTurnSpan, type TurnSpan } from '../telemetry/turn-span.ts';

export interface HearingRoutesOptions {
  readonly hearing: Hearing;
  readonly clock: Clock;
  /** Told of every file once, also when it failed. */
  readonly recordTurn?: (record: TurnRecord, span: TurnSpan) => void;
  /** Largest file; 10 MiB when absent. */
  readonly maxFileBytes?: number;
}

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FIELD_BYTES = 1_000;
const FILE_FIELDS = ['file', 'audio_file'] as const;
/** What forms and older clients send for "find out". */
const NO_LANGUAGE: readonly string[] = ['', 'null', 'auto'];
/** BCP 47, as far as a language and its region go. */
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;

const transcript = z.object({
  transcript: z.string().describe('Empty when there was no speech'),
  language: z.string().describe('BCP 47 primary subtag; `und` where nobody knows'),
  confidence: z.number().min(0).max(1).nullable().describe('Null where the ears have no notion of it'),
  duration: z.number().describe('Length of the sound in seconds'),
});

/**
 * `POST /api/voice/stt`: a recording of any common kind in, words out. Who heard it and how long it took are in the headers
 * `X-Malbeot-Provider`, `X-Malbeot-Skipped` and `Server-Timing`.
 */
export function hearingRoutes(options: HearingRoutesOptions): RouteDefinition[] {
  const { hearing, clock, recordTurn = () => {}, maxFileBytes = MAX_FILE_BYTES } = options;
  return [
    {
      method: 'POST',
      path: '/api/voice/stt',
      summary: 'Hears a recording of any common kind',
      tag: 'voice',
      access: 'talk',
      limit: 'turns',
      upload: { fileFields: FILE_FIELDS, maxFileBytes, maxFieldBytes: MAX_FIELD_BYTES },
      responses: {
        200: { description: 'What was heard; an empty transcript for silence', schema: transcript },
        400: { description: 'No file came, or the body can not be read' },
        413: { description: 'The file is too large' },
        415: {
          description: `The file is of another kind than ${ACCEPTED_AUDIO} (MP4 with AAC where ffmpeg is installed)`,
        },
        422: {
          description: 'The file is empty, damaged or longer than a minute, or no ears know the language',
        },
        503: { description: 'No ears can hear now' },
        504: { description: 'The ears did not answer in time' },
      },
      async handle(request) {
        const span = createTurnSpan(clock);
        const told = { turnId: newId('trn'), request, span, language: 'und' };
        try {
          const { bytes } = fileOf(request.upload);
          const language = languageOf(request.upload);
          told.language = language ?? 'und';
          const heard = await hearing.hear({ bytes, language }, request.signal, span);
          recordTurn(toRecord(told, heard, null), span);
          return toAnswer(heard, span);
        } catch (error) {
          recordTurn(toRecord(told, null, error), span);
          throw error;
        }
      },
    },
  ];
}

function fileOf(upload: Upload | null): { readonly bytes: Buffer } {
  const file = upload?.file;
  if (file !== null && file !== undefined) return file;
  throw new AppError('MALFORMED_BODY', {
    detail: 'No file came. Send the recording as multipart/form-data in the field `file`.',
  });
}

/** Null when it is for the ears to find out. @throws {AppError} INVALID_INPUT for what is no language. */
function languageOf(upload: Upload | null): string | null {
  const given = (upload?.fields['language'] ?? '').trim();
  if (NO_LANGUAGE.includes(given.toLowerCase())) return null;
  if (LANGUAGE.test(given)) return given;
  const finding = 'It is no language tag; send one such as `ko` or `en-US`, or leave it out';
  throw new AppError('INVALID_INPUT', {
    detail: `body.language: ${finding}.`,
    issues: [{ path: 'body.language', message: finding }],
  });
}

function toAnswer(
  { text, language, confidence, durationMs, provider, skipped }: HeardSound,
  span: TurnSpan,
): Answer {
  const value: Transcript = {
    transcript: text,
    language,
    confidence,
    duration: Math.round(durationMs) / 1000,
  };
  const timing = Object.entries(span.stagesMs()).map(([stage, ms]) => `${stage};dur=${ms}`);
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      'server-timing': timing.join(', '),
      ...(provider === null ? {} : { 'x-malbeot-provider': provider }),
      ...(skipped.length === 0 ? {} : { 'x-malbeot-skipped': skipped.map(skippedText).join(', ') }),
    },
    body: { type: 'json', value },
  };
}

/** In letters that a header may have. */
function skippedText({ provider, reason }: Skipped): string {
  return `${provider};reason="${reason.replaceAll(/[^ !#-[\]-~]/g, '?').slice(0, 100)}"`;
}

interface Told {
  readonly turnId: string;
  readonly request: Pick<ScopedRequest, 'id' | 'signal'>;
  readonly language: string;
}

function toRecord({ turnId, request, language }: Told, heard: HeardSound | null, error: unknown): TurnRecord {
  const outcome =
    heard === null ? (request.signal.aborted ? 'aborted' : 'error') : heard.text === '' ? 'not_heard' : 'ok';
  const { provider = null, skipped = [], durationMs, confidence = null, text } = heard ?? {};
  return {
    turnId,
    requestId: request.id,
    sessionId: '',
    experience: 'hearing',
    way: 'audio',
    outcome,
    language: heard?.language ?? language,
    providers: provider === null ? {} : { ears: provider },
    skipped,
    confidence,
    ...(outcome === 'error' ? { errorCode: error instanceof AppError ? error.code : 'INTERNAL' } : {}),
    ...(durationMs === undefined ? {} : { soundMs: Math.round(durationMs) }),
    ...(text === undefined ? {} : { charactersIn: text.length }),
  };
}
