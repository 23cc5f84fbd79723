import type {
  ErrorInfo,
  KioskErrorCode,
  Language,
  OrderData,
  ServerResponse,
  UIAction,
} from '@malbeot/protocol';
import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { acceptedLanguage } from '../../lib/accepted-language.ts';
import { ProviderError, SWITCHED_OFF, type Skipped } from '../../providers/spec/provider.ts';
import type { Answer, ScopedRequest } from '../experience.ts';
import { SessionChangedError } from './store.ts';

/** How a code of the platform is told at the kiosk. */
interface Telling {
  readonly errorCode: KioskErrorCode;
  readonly message: MessageKey;
  readonly recovery: readonly MessageKey[];
  /** Where the kiosk's contract asks for another status than the platform's table. */
  readonly status?: number;
}

/** `reason` among the fields of an INVALID_INPUT error for a form without a file. */
export const NO_FILE = 'no_file';
/** `reason` where nobody is meant to listen on this server. */
const EARS_OFF = 'ears_off';

const tellings: Partial<Readonly<Record<ErrorCode, Telling>>> = {
  INVALID_INPUT: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
    status: 400,
  },
  MALFORMED_BODY: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
  },
  MALFORMED_REQUEST: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
  },
  UNSUPPORTED_MEDIA_TYPE: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.send_wav'],
  },
  UNSUPPORTED_ENCODING: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.send_wav'],
  },
  REQUEST_TIMEOUT: {
    errorCode: 'network_error',
    message: 'kiosk.error.timeout',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.shorter'],
  },
  BODY_TOO_LARGE: {
    errorCode: 'validation_error',
    message: 'kiosk.error.too_large',
    recovery: ['kiosk.recovery.shorter'],
  },
  AUDIO_NOT_WAV: {
    errorCode: 'audio_processing_error',
    message: 'kiosk.error.not_wav',
    recovery: ['kiosk.recovery.send_wav'],
  },
  AUDIO_UNREADABLE: {
    errorCode: 'audio_processing_error',
    message: 'kiosk.error.bad_audio',
    recovery: ['kiosk.recovery.say_again'],
  },
  NOT_FOUND: {
    errorCode: 'validation_error',
    message: 'kiosk.error.session_unknown',
    recovery: ['kiosk.recovery.start_over'],
  },
  SESSION_EXPIRED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.session_expired',
    recovery: ['kiosk.recovery.start_over'],
  },
  RATE_LIMITED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.too_many',
    recovery: ['kiosk.recovery.wait'],
  },
  UNAUTHENTICATED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.not_allowed',
    recovery: ['kiosk.recovery.staff'],
  },
  TOKEN_EXPIRED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.not_allowed',
    recovery: ['kiosk.recovery.start_over'],
  },
  FORBIDDEN: {
    errorCode: 'validation_error',
    message: 'kiosk.error.not_allowed',
    recovery: ['kiosk.recovery.staff'],
  },
  ORIGIN_REFUSED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.not_allowed',
    recovery: ['kiosk.recovery.staff'],
  },
  CONFLICT: {
    errorCode: 'validation_error',
    message: 'kiosk.error.conflict',
    recovery: ['kiosk.recovery.wait', 'kiosk.recovery.say_again'],
  },
  IDEMPOTENCY_IN_PROGRESS: {
    errorCode: 'validation_error',
    message: 'kiosk.error.conflict',
    recovery: ['kiosk.recovery.wait'],
  },
  IDEMPOTENCY_KEY_REUSED: {
    errorCode: 'validation_error',
    message: 'kiosk.error.bad_request',
    recovery: ['kiosk.recovery.say_again'],
  },
  TIMEOUT: {
    errorCode: 'timeout_error',
    message: 'kiosk.error.timeout',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
    status: 503,
  },
  PROVIDER_UNAVAILABLE: {
    errorCode: 'server_error',
    message: 'kiosk.error.server',
    recovery: ['kiosk.recovery.touch', 'kiosk.recovery.staff'],
  },
  OVERLOADED: {
    errorCode: 'server_error',
    message: 'kiosk.error.server',
    recovery: ['kiosk.recovery.wait', 'kiosk.recovery.touch'],
  },
  SHUTTING_DOWN: {
    errorCode: 'server_error',
    message: 'kiosk.error.server',
    recovery: ['kiosk.recovery.wait'],
  },
};

/** Tellings by the `reason` among an error's fields, where that says more than its code. */
const tellingsByReason: Readonly<Record<string, Telling>> = {
  [NO_FILE]: {
    errorCode: 'validation_error',
    message: 'kiosk.error.no_file',
    recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.touch'],
    status: 400,
  },
  [EARS_OFF]: {
    errorCode: 'server_error',
    message: 'kiosk.error.ears_off',
    recovery: ['kiosk.recovery.touch', 'kiosk.recovery.type', 'kiosk.recovery.staff'],
  },
  too_long: {
    errorCode: 'audio_processing_error',
    message: 'kiosk.error.too_large',
    recovery: ['kiosk.recovery.shorter'],
  },
};

const unknown: Telling = {
  errorCode: 'unknown_error',
  message: 'kiosk.error.server',
  recovery: ['kiosk.recovery.say_again', 'kiosk.recovery.staff'],
};

/** What is known of the turn in which an error came up. */
export interface ErrorContext {
  readonly requestId: string;
  readonly turnId: string;
  readonly sessionId: string;
  readonly language: Language;
  readonly orderData: OrderData | null;
  readonly providers: Readonly<Record<string, string>>;
  readonly skipped: readonly Skipped[];
  readonly stagesMs: Readonly<Record<string, number>>;
  readonly now: number;
}

/** An error as a `ServerResponse`: friendly words, what to do, and the order as it stands. */
export function errorAnswer(error: AppError, context: ErrorContext): Answer {
  const telling = tellingOf(error);
  const { language, now } = context;
  const timestamp = new Date(now).toISOString();
  const message = formatMessage(language, telling.message);
  const { detail, issues, retryAfterSeconds, fields } = error.options;
  const info: ErrorInfo = {
    error_code: telling.errorCode,
    error_message: message,
    recovery_actions: telling.recovery.map((key) => formatMessage(language, key)),
    details: {
      code: error.code,
      ...(detail === undefined ? {} : { detail }),
      ...(issues === undefined ? {} : { errors: issues }),
      ...fields,
    },
    timestamp,
  };
  const response: ServerResponse = {
    success: false,
    message,
    transcript: null,
    tts_audio_url: null,
    order_data: context.orderData,
    ui_actions: [showError(info)],
    error_info: info,
    processing_time: secondsOf(context.stagesMs),
    session_id: context.sessionId,
    timestamp,
    meta: {
      providers: context.providers,
      skipped: context.skipped,
      confidence: null,
      stages_ms: context.stagesMs,
      turn_id: context.turnId,
      request_id: context.requestId,
    },
  };
  return {
    status: telling.status ?? error.status,
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
    body: { type: 'json', value: response },
  };
}

/** The time of a whole turn in seconds, to hundredths of a millisecond as it was measured. */
export function secondsOf(stagesMs: Readonly<Record<string, number>>): number {
  return Math.round((stagesMs['total'] ?? 0) * 100) / 100_000;
}

function tellingOf({ code, options }: AppError): Telling {
  const reason = options.fields?.['reason'];
  const byReason = typeof reason === 'string' ? tellingsByReason[reason] : undefined;
  return byReason ?? tellings[code] ?? unknown;
}

/** The screen's part of an error. */
export function showError({ error_code, error_message, recovery_actions }: ErrorInfo): UIAction {
  return {
    action_type: 'show_error',
    data: { error_code, error_message, recovery_actions },
    priority: 100,
    requires_user_input: false,
    timeout_seconds: null,
  };
}

/** An error before anything of the turn is known: limits, rights, bodies that can't be read. */
export function earlyErrorAnswer(
  error: AppError,
  { id, headers }: Pick<ScopedRequest, 'id' | 'headers'>,
  now: number,
): Answer {
  return errorAnswer(error, {
    requestId: id,
    turnId: '',
    sessionId: '',
    language: acceptedLanguage(headers['accept-language']),
    orderData: null,
    providers: {},
    skipped: [],
    stagesMs: {},
    now,
  });
}

/** Whatever a turn threw, with a code. */
export function toKioskError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof SessionChangedError)
    return new AppError('CONFLICT', { detail: thrown.message, cause: thrown, retryAfterSeconds: 1 });
  if (!(thrown instanceof ProviderError)) return new AppError('INTERNAL', { cause: thrown });
  if (thrown.skipped.some(({ reason }) => reason === SWITCHED_OFF)) {
    const fields = { reason: EARS_OFF };
    return new AppError('PROVIDER_UNAVAILABLE', { detail: thrown.message, cause: thrown, fields });
  }
  const code = thrown.kind === 'timeout' ? 'TIMEOUT' : 'PROVIDER_UNAVAILABLE';
  const retryAfterSeconds = Math.max(1, Math.ceil((thrown.retryAfterMs ?? 1_000) / 1000));
  return new AppError(code, { detail: thrown.message, cause: thrown, retryAfterSeconds });
}
