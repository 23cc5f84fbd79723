import type { ServerMessage } from '@malbeot/protocol';

/** Something that was sent to a client: JSON text, or a frame of sound. */
export interface Sent {
  readonly data: string | Uint8Array;
  readonly bytes: number;
}

interface Kept extends Sent {
  /** Of JSON its own number; of a frame the number of the last JSON before it. */
  readonly seq: number;
}

/** Numbers what goes out, and keeps the last of it for a connection that comes back. */
export interface Outbox {
  /** A message of the conversation: numbered and kept. */
  message(message: ServerMessage): Sent;
  /** A message of this one connection: numbered, not kept. */
  passing(message: ServerMessage): string;
  /** A frame of sound: kept, and known by the message before it. */
  frame(bytes: Uint8Array): Sent;
  /** Everything after the message `lastSeq`; null when some of it is no longer kept, or `lastSeq` was never sent. */
  since(lastSeq: number): readonly Sent[] | null;
  /** Forgets what is kept. */
  clear(): void;
}

export interface OutboxOptions {
  /** Number of the first message. */
  readonly firstSeq: number;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export function createOutbox({ firstSeq, maxEntries, maxBytes }: OutboxOptions): Outbox {
  let seq = firstSeq - 1;
  let kept: Kept[] = [];
  let keptBytes = 0;
  /** The lowest number from which nothing is missing. */
  let wholeFrom = firstSeq - 1;

  const numbered = (message: ServerMessage): string =>
    JSON.stringify({ type: message.type, seq: ++seq, data: message.data });

  const keep = (data: string | Uint8Array): Sent => {
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
    const entry = { seq, data, bytes };
    kept.push(entry);
    keptBytes += bytes;
    while (kept.length > maxEntries || keptBytes > maxBytes) {
      const gone = kept.shift()!;
      keptBytes -= gone.bytes;
      // Whoever has the message before a frame may still lack the frame.
      wholeFrom = typeof gone.data === 'string' ? gone.seq : gone.seq + 1;
    }
    return entry;
  };

  return {
    message: (message) => keep(numbered(message)),
    passing: numbered,
    frame: keep,
    since(lastSeq) {
      if (lastSeq < wholeFrom || lastSeq > seq) return null;
      const from = kept.findIndex((entry) => isAfter(entry, lastSeq));
      return from === -1 ? [] : kept.slice(from);
    },
    clear() {
      kept = [];
      keptBytes = 0;
      wholeFrom = seq + 1;
    },
  };
}

function isAfter({ seq, data }: Kept, lastSeq: number): boolean {
  return seq > lastSeq || (seq === lastSeq && typeof data !== 'string');
}
