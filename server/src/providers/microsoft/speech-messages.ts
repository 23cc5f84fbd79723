/** One message of Microsoft's speech protocol, after its headers were read. */
export interface SpeechMessage {
  /** What it is: `turn.start`, `response`, `audio.metadata`, `audio`, `turn.end`; in small letters. */
  readonly path: string;
  /** Of the request that it answers; empty where the server leaves it out. */
  readonly requestId: string;
  /** Empty where there is none, as in the last audio message of a turn. */
  readonly contentType: string;
  /** JSON of a text message; null for a binary one. */
  readonly text: string | null;
  /** Sound of a binary message; null for a text one. */
  readonly bytes: Uint8Array | null;
}

/** Thrown for what no server of this protocol sends. Its message holds nothing of what came. */
export class SpeechMessageError extends Error {
  override readonly name = 'SpeechMessageError';
}

const LENGTH_BYTES = 2;

/**
 * A text message: headers as in HTTP, an empty line, the body.
 *
 * @param now Milliseconds since the Unix epoch.
 */
export function encodeSpeechMessage(
  { path, requestId, contentType }: Pick<SpeechMessage, 'path' | 'requestId' | 'contentType'>,
  body: string,
  now: number,
): string {
  const headers = {
    Path: path,
    'X-RequestId': requestId,
    'X-Timestamp': new Date(now).toISOString(),
    'Content-Type': contentType,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\r\n`);
  return `${lines.join('')}\r\n${body}`;
}

/** Reads a text message. @throws {SpeechMessageError} for something else. */
export function decodeSpeechText(message: string): SpeechMessage {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) throw new SpeechMessageError('A message has no end of its headers.');
  return { ...readHeaders(message.slice(0, end)), text: message.slice(end + 4), bytes: null };
}

/** Reads a binary message: the length of the headers in two bytes, big end first, the headers, the sound. */
export function decodeSpeechBytes(message: Uint8Array): SpeechMessage {
  const length = message.length < LENGTH_BYTES ? undefined : message[0]! * 256 + message[1]!;
  if (length === undefined || length > message.length - LENGTH_BYTES) {
    throw new SpeechMessageError('A binary message is shorter than its headers.');
  }
  const headers = new TextDecoder('latin1').decode(message.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  return { ...readHeaders(headers), text: null, bytes: message.subarray(LENGTH_BYTES + length) };
}

function readHeaders(text: string): Pick<SpeechMessage, 'path' | 'requestId' | 'contentType'> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const path = headers.get('path')?.toLowerCase();
  if (path === undefined) throw new SpeechMessageError('A message does not say what it is.');
  return {
    path,
    requestId: headers.get('x-requestid')?.toLowerCase() ?? '',
    contentType: headers.get('content-type')?.toLowerCase() ?? '',
  };
}
