import { withTimeout } from '../../lib/abort.ts';
import { ProviderError } from '../spec/provider.ts';
import { SpeechMessageError, type SpeechMessage } from './speech-messages.ts';
import type { SpeechSocket } from './speech-socket.ts';

/** What one turn of speaking brings, in order. Times are milliseconds from the first sample of the turn. */
export type TurnEvent =
  | { readonly type: 'sound'; readonly bytes: Uint8Array }
  | { readonly type: 'word'; readonly text: string; readonly startMs: number }
  | { readonly type: 'viseme'; readonly id: number; readonly startMs: number };

export interface TurnOptions {
  /** For errors. */
  readonly provider: string;
  readonly requestId: string;
  /** What the sound has to be, such as `audio/mpeg`; null when that is not told. */
  readonly contentType: string | null;
  /** Time until the server says something, in milliseconds. */
  readonly answerLimitMs: number;
  /** Time between two messages, in milliseconds. */
  readonly messageLimitMs: number;
  /** Bytes of sound that are believable for this text. */
  readonly mostSoundBytes: number;
}

const TICKS_PER_MS = 10_000;
/** Of everything that is no sound. */
const MOST_OTHER_BYTES = 4 * 1024 ** 2;

/**
 * Listens to one turn until it ends.
 *
 * @throws {ProviderError} for a turn without sound or with too much; what {@link SpeechSocket.next} throws; `TimeoutError`;
 *   `AbortedError` when `signal` aborts.
 */
export async function* listenToTurn(
  socket: SpeechSocket,
  options: TurnOptions,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  const { provider, requestId, contentType, answerLimitMs, messageLimitMs, mostSoundBytes } = options;
  const failed = (message: string) => new ProviderError('failed', provider, message);
  let soundBytes = 0;
  let otherBytes = 0;
  let limitMs = answerLimitMs;
  while (true) {
    const message = await withTimeout(limitMs, signal, () => socket.next());
    limitMs = messageLimitMs;
    // What is left of an earlier turn on the same connection.
    if (message.requestId !== '' && message.requestId !== requestId) continue;
    otherBytes += message.text?.length ?? 0;
    if (otherBytes > MOST_OTHER_BYTES) throw failed('It talks on without an end.');
    switch (message.path) {
      case 'audio': {
        const bytes = message.bytes ?? new Uint8Array(0);
        if (bytes.length === 0) {
          otherBytes++;
          break;
        }
        if (contentType !== null && message.contentType !== contentType) {
          throw failed('It sends sound in another format than was asked for.');
        }
        soundBytes += bytes.length;
        if (soundBytes > mostSoundBytes) throw failed('It sends more sound than the text can take.');
        yield { type: 'sound', bytes };
        break;
      }
      case 'audio.metadata':
        yield* readMetadata(message);
        break;
      case 'turn.end':
        if (soundBytes === 0) throw failed('It ended without a sound.');
        return;
      default:
        refuseErrors(message, failed);
    }
  }
}

function readMetadata({ text }: SpeechMessage): TurnEvent[] {
  const list = property(parsed(text), 'Metadata');
  if (!Array.isArray(list)) throw new SpeechMessageError('Metadata without its list.');
  const events: TurnEvent[] = [];
  for (const entry of list as readonly unknown[]) {
    const data = property(entry, 'Data');
    const offset = property(data, 'Offset');
    if (typeof offset !== 'number' || !(offset >= 0)) continue;
    const startMs = offset / TICKS_PER_MS;
    const type = property(entry, 'Type');
    if (type === 'WordBoundary') {
      const boundary = property(data, 'text');
      const word = property(boundary, 'Text');
      const isPunctuation = property(boundary, 'BoundaryType') === 'PunctuationBoundary';
      if (typeof word === 'string' && !isPunctuation) events.push({ type: 'word', text: word, startMs });
    } else if (type === 'Viseme') {
      const id = property(data, 'VisemeId');
      // An animation may come in several parts, of which the last one counts.
      if (typeof id === 'number' && property(data, 'IsLastAnimation') !== false)
        events.push({ type: 'viseme', id, startMs });
    }
  }
  return events;
}

/** An error in JSON may come in a message of any other kind. */
function refuseErrors({ text }: SpeechMessage, failed: (message: string) => ProviderError): void {
  if (text === null || !text.includes('"error"')) return;
  const error = property(parsed(text), 'error');
  if (error === undefined || error === null) return;
  const code = property(error, 'code');
  const shown = typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_.]{2,59}$/.test(code) ? ` (${code})` : '';
  throw failed(`It answers with an error${shown}.`);
}

/** @throws {SpeechMessageError} for what is no JSON. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new SpeechMessageError('A message holds no JSON.');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
