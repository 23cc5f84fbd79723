import type { ServerSentEvent } from '../experiences/experience.ts';
import { isAbort } from '../lib/abort.ts';
import type { Exchange } from './exchange.ts';

const COMMENT_EVERY_MS = 15_000;
/** How long a page waits before it connects again. */
const RETRY_MS = 2_000;
/** A reader that takes nothing for this long is let go; it resumes with `Last-Event-ID`. */
const STALLED_MS = 30_000;

/** One event as it stands in the stream. */
export function formatEvent({ id, event, data }: ServerSentEvent): string {
  const idLine = id === undefined ? '' : `id: ${oneLine(id)}\n`;
  return `${idLine}event: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]/g, ' ');

/**
 * Sends events as they come, at the client's pace, with a comment every 15 s so that nobody between takes the connection
 * for dead. Ends when the events end, the client leaves or the server stops.
 */
export async function sendEvents(
  exchange: Exchange,
  head: string[],
  events: AsyncIterable<ServerSentEvent>,
): Promise<void> {
  const { response } = exchange;
  exchange.endless = true;
  const { signal } = exchange;
  const iterator = events[Symbol.asyncIterator]();
  response.writeHead(200, head);
  if (exchange.method === 'HEAD' || signal.aborted || exchange.edge.stopping) {
    response.end();
    exchange.finish(200);
    await iterator.return?.();
    return;
  }
  response.write(`retry: ${RETRY_MS}\n\n`);
  const comments = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, COMMENT_EVERY_MS);
  const leave = () => void Promise.resolve(iterator.return?.()).catch(() => {});
  // At once, even when the source of the events takes its time to end.
  const onAbort = () => {
    clearInterval(comments);
    leave();
    response.end();
    exchange.finish(200);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true || signal.aborted) break;
      if (!response.write(formatEvent(next.value)) && !(await takenInTime(exchange))) break;
    }
  } catch (error) {
    if (!isAbort(error) && !signal.aborted) exchange.log.warn({ err: error }, 'an event stream ended early');
  } finally {
    clearInterval(comments);
    signal.removeEventListener('abort', onAbort);
    if (!signal.aborted) leave();
    if (response.writableNeedDrain && !signal.aborted) response.destroy();
    else response.end();
    exchange.finish(200);
  }
}

/** False when the client takes nothing for too long, or has left. */
function takenInTime({ response, signal }: Exchange): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (taken: boolean) => {
      clearTimeout(timer);
      response.removeListener('drain', onDrain);
      signal.removeEventListener('abort', onEnd);
      resolve(taken);
    };
    const onDrain = () => settle(true);
    const onEnd = () => settle(false);
    const timer = setTimeout(onEnd, STALLED_MS);
    response.on('drain', onDrain);
    signal.addEventListener('abort', onEnd, { once: true });
  });
}
