import { TimeoutError } from '../../lib/abort.ts';
import { Mp3Error } from '../../audio/mp3-stream.ts';
import { ProviderError, type ProviderErrorKind } from '../spec/provider.ts';
import { SpeechMessageError } from './speech-messages.ts';

/** A server that answers the upgrade with something else. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  readonly status: number;
  /** The server's clock, in milliseconds since the Unix epoch; null where it did not tell. */
  readonly serverTime: number | null;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, now: number) {
    super(`status ${status}`);
    this.status = status;
    const date = Date.parse(String(headers['date']));
    this.serverTime = Number.isNaN(date) ? null : date;
    this.retryAfterMs = retryAfter(headers['retry-after'], now);
  }
}

/** A connection that was closed before the turn was over. */
export class SocketClosed extends Error {
  override readonly name = 'SocketClosed';
  /** Code of the close frame; 1006 where there was none. */
  readonly code: number;

  constructor(code: number) {
    super(`closed with ${code}`);
    this.code = code;
  }
}

const LONGEST_WAIT_MS = 3_600_000;
const CODE = /^[A-Z][A-Z0-9_]{2,59}$/;

/**
 * The failure that `error` is. Nothing that the server wrote is in it: its sentences may repeat the text or the key.
 *
 * @param keyHint What to check when it refuses who asks, as a sentence.
 */
export function speechFailure(provider: string, error: unknown, keyHint: string): ProviderError {
  if (error instanceof ProviderError) return error;
  const fail = (kind: ProviderErrorKind, message: string, retryAfterMs?: number) =>
    new ProviderError(kind, provider, message, retryAfterMs === undefined ? {} : { retryAfterMs });
  if (error instanceof TimeoutError) return fail('timeout', `No answer within ${error.limitMs} ms.`);
  if (error instanceof UpgradeRefused) {
    const kind = kindOfStatus(error.status);
    const hint = kind === 'unauthorized' ? ` ${keyHint}` : '';
    return fail(kind, `It answers with status ${error.status}.${hint}`, error.retryAfterMs);
  }
  if (error instanceof SocketClosed) {
    const { kind, meaning } = meaningOfClose(error.code);
    return fail(kind, `It closed the connection in the middle (${error.code}, ${meaning}).`);
  }
  if (error instanceof SpeechMessageError || error instanceof Mp3Error) {
    return fail('failed', `It sends what can't be read: ${error.message}`);
  }
  const code = codeOf(error);
  if (code.startsWith('WS_ERR_')) return fail('failed', `It breaks the rules of a WebSocket (${code}).`);
  const shown = code === '' ? '' : ` (${code})`;
  return fail(code === 'ETIMEDOUT' ? 'timeout' : 'unavailable', `The connection failed${shown}.`);
}

function kindOfStatus(status: number): ProviderErrorKind {
  if (status === 401 || status === 402 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 504) return 'timeout';
  return status >= 500 ? 'unavailable' : 'failed';
}

/** Codes of RFC 6455 7.4.1; 1007 is what the service closes with for SSML or a voice that it does not take. */
function meaningOfClose(code: number): { readonly kind: ProviderErrorKind; readonly meaning: string } {
  switch (code) {
    case 1000:
    case 1005:
      return { kind: 'failed', meaning: 'without a reason' };
    case 1001:
      return { kind: 'unavailable', meaning: 'going away' };
    case 1006:
      return { kind: 'unavailable', meaning: 'cut off' };
    case 1007:
      return { kind: 'failed', meaning: 'it does not take this voice or text' };
    case 1008:
      return { kind: 'unauthorized', meaning: 'against its policy' };
    case 1011:
    case 1012:
    case 1013:
      return { kind: 'unavailable', meaning: 'trouble of its own' };
    default:
      return { kind: 'failed', meaning: 'unknown' };
  }
}

function retryAfter(value: string | string[] | undefined, now: number): number | undefined {
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), LONGEST_WAIT_MS);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), LONGEST_WAIT_MS);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' && CODE.test(error.code) ? error.code : '';
}
