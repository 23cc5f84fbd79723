import { openReplayServer, type Received as Request } from '../../contract/testing/replay-server.ts';
import type { Reply as Answer } from '../../contract/testing/replay-server.ts';

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
export interface Received extends Omit<Request, 'body'> {
  readonly body: {
    readonly model?: string;
    readonly stream?: boolean;
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly max_tokens?: number;
    readonly max_completion_tokens?: number;
    readonly temperature?: number;
    readonly response_format?: { readonly type: string };
  } | null;
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

  const server = await openReplayServer((request) => {
    const text = request.body.toString();
    const body = text === '' ? null : (JSON.parse(text) as NonNullable<Received['body']>);
    received.push({ ...request, body });
    if (request.path.endsWith('/models')) {
      const data = models.map((model) => ({ id: model, object: 'model' }));
      return { headers: JSON_TYPE, body: JSON.stringify({ data }) };
    }
    return toAnswer(replies.shift() ?? habit, body?.max_tokens ?? body?.max_completion_tokens);
  });
  return {
    url: `${server.origin}/v1`,
    received,
    script: (...next) => void replies.push(...next),
    always: (reply) => void (habit = reply),
    models: (...ids) => void (models = ids),
    close: () => server.close(),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' };

function toAnswer(reply: Reply, mostWords: number | undefined): Answer {
  if ('hangs' in reply) return reply;
  if ('status' in reply) return { ...reply, headers: { ...JSON_TYPE, ...reply.headers } };
  if ('says' in reply) return { headers: EVENTS, body: streamOf(reply.says, mostWords), pieceBytes: 180 };
  const { stream, pieceBytes = 4_096, then = 'end' } = reply;
  return { headers: EVENTS, body: stream, pieceBytes, then };
}
