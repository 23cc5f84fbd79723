import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How the server answers one request. */
export type Reply =
  | {
      /** 200 when absent. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Bytes as they are. */
      readonly body?: string | Uint8Array;
      /** Each so many bytes go out by themselves; all of them with their length told when absent. */
      readonly pieceBytes?: number | undefined;
      /** `end`: properly. `cut`: the connection breaks. `stall`: it stays open. `repeat`: the body again and again. */
      readonly then?: 'end' | 'cut' | 'stall' | 'repeat';
    }
  /** Not a byte, ever. */
  | { readonly hangs: true };

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Resolves when its connection has ended or the answer is out. */
  readonly closed: Promise<void>;
}

/** A server on loopback that answers as it is told. */
export interface ReplayServer {
  /** Without a path. */
  readonly origin: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** Opens it on a free port. */
export async function openReplayServer(
  answer: (received: Received) => Reply | Promise<Reply>,
): Promise<ReplayServer> {
  const received: Received[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method = '', url: path = '', headers } = request;
    const entry = { method, path, headers, body: Buffer.concat(pieces), closed };
    received.push(entry);
    await send(response, await answer(entry));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if ('hangs' in reply) return;
  const { status = 200, headers = {}, body = '', pieceBytes, then = 'end' } = reply;
  const bytes = Buffer.from(body);
  if (pieceBytes === undefined && then === 'end') {
    response.writeHead(status, { 'content-length': bytes.length, ...headers }).end(bytes);
    return;
  }
  response.socket?.setNoDelay(true);
  response.writeHead(status, headers).flushHeaders();
  const step = pieceBytes ?? Math.max(1, bytes.length);
  const pieces = then === 'repeat' ? Infinity : Math.ceil(bytes.length / step);
  for (let piece = 0; piece < pieces && !response.destroyed; piece++) {
    const from = (piece * step) % Math.max(1, bytes.length);
    response.write(bytes.subarray(from, from + step));
    // Each piece goes out by itself, so that it is read by itself, and no faster than it is.
    do await sleep(1);
    while (response.writableNeedDrain && !response.destroyed);
  }
  if (then === 'end') response.end();
  if (then === 'cut') response.destroy();
}
