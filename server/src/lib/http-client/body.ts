/** Thrown when more comes than was agreed to. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
  constructor(mostBytes: number) {
    super(`It answers with more than ${mostBytes} bytes.`);
  }
}

/** A whole body as text. @throws {TooLongError} after `mostBytes` bytes. */
export async function readText(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of atMost(pieces, mostBytes)) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

/** A whole body. @throws {TooLongError} after `mostBytes` bytes. */
export async function readBytes(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const piece of atMost(pieces, mostBytes)) read.push(piece);
  return Buffer.concat(read);
}

/** The beginning of a body as text: what came within `mostBytes` bytes before it ended or broke. */
export async function readStart(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      read.push(piece.subarray(0, mostBytes - bytes));
      bytes += piece.byteLength;
      if (bytes >= mostBytes) break;
    }
  } catch {
    // What it did not get to say stays unsaid.
  }
  return new TextDecoder().decode(Buffer.concat(read));
}

async function* atMost(
  pieces: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new TooLongError(mostBytes);
    yield piece;
  }
}
