import { TooLongError } from '../../lib/http-client/body.ts';

/**
 * The data of each server-sent event in `chunks`, in order: lines may end in LF, CR or CRLF and be cut anywhere; comments
 * and other fields are passed over; an event that the end cuts off is dropped, as the standard says.
 *
 * @throws {TooLongError} after `mostBytes` bytes.
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string, void, void> {
  let data: string[] = [];
  for await (const line of readLines(chunks, mostBytes)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field === 'data') data.push(colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, ''));
  }
}

async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string, void, void> {
  // Takes a byte order mark off the beginning, and puts characters together that were cut in two.
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  /** The last line ended in CR: an LF that follows belongs to that end. */
  let endedInReturn = false;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new TooLongError(mostBytes);
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    if (endedInReturn && text.startsWith('\n')) text = text.slice(1);
    endedInReturn = text.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop()!;
    yield* lines;
  }
}
