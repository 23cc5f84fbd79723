import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How the server answers one request. */
export type Reply =
  /** A whole answer with this status. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  /** Bytes of a stream as they are, cut after so many bytes each. */
  | {
      readonly stream: string | Uint8Array;
      readonly pieceBytes?: number;
      /** `end`: properly. `cut`: the connection breaks. `stall`: nothing more comes and it stays open. */
      readonly then?: 'end' | 'cut' | 'stall';
    }
  /** This text, streamed in pieces as a model gives it. */
  | { readonly says: string }
  /** Not a byte, ever. */
  | { readonly hangs: true };

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly model?: string;
    readonly stream?: boolean;
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly max_tokens?: number;
    readonly max_completion_tokens?: number;
    readonly temperature?: number;
    readonly response_format?: { readonly type: string };
  } | null;
  /** Resolves when its connection has ended or the answer is out. */
  readonly closed: Promise<void>;
}

/** A chat completions server on loopback that speaks the protocol byte by byte, as the vendors do. */
export interface ChatServer {
  /** With `/v1`, without a slash at its end. */
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers the next requests with these, in order; then with `always`. */
  script(...replies: readonly Reply[]): void;
  always(reply: Reply): void;
  /** What `/models` tells. */
  models(...ids: readonly string[]): void;
  close(): Promise<void>;
}

const id = 'chatcmpl-1';

/** One event of a stream, as vendors write it. */
export function chunkEvent(delta: Readonly<Record<string, unknown>>, finish: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
}

/** The last event of usage, with no choice in it. */
export const usageEvent = `data: ${JSON.stringify({
  id,
  object: 'chat.completion.chunk',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
})}\n\n`;

/** `text` as a whole stream: the role first, then word by word, the reason, usage and the end. */
export function streamOf(text: string, mostWords = Infinity): string {
  const words = text.match(/\s*\S+/g) ?? [];
  const said = words.slice(0, mostWords).map((content) => chunkEvent({ content }));
  return [
    chunkEvent({ role: 'assistant', content: '' }),
    ...said,
    chunkEvent({}, said.length < words.length ? 'length' : 'stop'),
    usageEvent,
    'data: [DONE]\n\n',
  ].join('');
}

/** Opens it on a free port. */
export async function openChatServer(): Promise<ChatServer> {
  const received: Received[] = [];
  const replies: Reply[] = [];
  let habit: Reply = { says: '네, 알겠습니다.' };
  let models: readonly string[] = ['fake-model'];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    const text = await readAll(request);
    const body = text === '' ? null : (JSON.parse(text) as NonNullable<Received['body']>);
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, headers, body, closed });
    if (path.endsWith('/models')) {
      const data = models.map((model) => ({ id: model, object: 'model' }));
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    }
    await reply(response, replies.shift() ?? habit, body?.max_tokens ?? body?.max_completion_tokens);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    received,
    script: (...next) => void replies.push(...next),
    always: (reply) => void (habit = reply),
    models: (...ids) => void (models = ids),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function reply(response: ServerResponse, reply: Reply, mostWords: number | undefined): Promise<void> {
  if ('hangs' in reply) return;
  if ('status' in reply) {
    response
      .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      .end(reply.body);
    return;
  }
  if ('says' in reply) {
    return stream(response, Buffer.from(streamOf(reply.says, mostWords)), 180, 'end');
  }
  const { pieceBytes = 4_096, then = 'end' } = reply;
  await stream(response, Buffer.from(reply.stream), pieceBytes, then);
}

async function stream(
  response: ServerResponse,
  bytes: Buffer,
  pieceBytes: number,
  then: 'end' | 'cut' | 'stall',
): Promise<void> {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).flushHeaders();
  for (let at = 0; at < bytes.length && !response.destroyed; at += pieceBytes) {
    response.write(bytes.subarray(at, at + pieceBytes));
    // Each piece goes out by itself, so that it is read by itself.
    await sleep(1);
  }
  if (then === 'end') response.end();
  if (then === 'cut') response.destroy();
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) text += String(piece);
  return text;
}
