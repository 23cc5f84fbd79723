import type { KioskTurnRequest, Problem, ServerResponse } from '@malbeot/protocol';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse as Reply } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerOf } from '../src/terminal/testing.ts';

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the client: the same for the same connection. */
  readonly port: number | undefined;
  readonly body: Buffer;
  /** The body as a kiosk turn. */
  turn(): KioskTurnRequest;
  /** Resolves when the connection of this request is gone. */
  readonly gone: Promise<void>;
}

export type Step = (reply: Reply, arrived: Arrived) => void | Promise<void>;

/** A real HTTP server on loopback that answers request by request as the test says. */
export interface ScriptedServer {
  readonly baseUrl: string;
  readonly arrived: readonly Arrived[];
  /** How long idle connections are kept. */
  keepAlive(ms: number): void;
  /** Connections opened so far. */
  connections(): number;
  /** The next requests are answered by these, one each; a request beyond them gets a 599. */
  script(...steps: Step[]): void;
  /** What a request beyond the script gets instead of a 599. */
  otherwise(step: Step): void;
  close(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const steps: Step[] = [];
  const arrived: Arrived[] = [];
  let connections = 0;
  let fallback: Step = (reply) => void reply.writeHead(599).end('beyond the script');
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    const gone = new Promise<void>((resolve) => reply.once('close', resolve));
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const seen: Arrived = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        port: request.socket.remotePort,
        body,
        turn: () => JSON.parse(body.toString()) as KioskTurnRequest,
        gone,
      };
      arrived.push(seen);
      const step = steps.shift() ?? fallback;
      void step(reply, seen);
    });
  });
  server.on('connection', () => void (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    keepAlive: (ms) => void (server.keepAliveTimeout = ms),
    connections: () => connections,
    otherwise: (step) => void (fallback = step),
    script: (...more) => void steps.push(...more),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return (reply) =>
    void reply
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(value));
}

/** Takes the request and closes the connection without a word. */
export const cut: Step = (reply) => void reply.destroy();

/** Takes the request and never answers. */
export const hang: Step = () => undefined;

/** Begins the answer and never ends it. */
export const stall: Step = (reply) =>
  void reply.writeHead(200, { 'content-type': 'application/json' }).write('{"succ');

/** Breaks off in the middle of the answer. */
export const breakOff: Step = (reply) => {
  reply
    .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    .write('{"success":', () => reply.destroy());
};

export function answer(fields: Partial<ServerResponse> = {}): ServerResponse {
  return answerOf('네, 담았어요.', fields);
}

export function problem(status: number, code: string): Problem {
  return { type: 'about:blank', title: code, status, detail: code, code, request_id: 'req_9' };
}

/** How many timers run in this process. */
export function timersRunning(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
