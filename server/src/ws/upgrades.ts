import type { FastifyInstance } from 'fastify';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { bringsBody } from '../http/body.ts';
import { answerBrokenRequest } from '../http/broken-request.ts';
import type { NodeServer } from '../http/node-server.ts';

/** The line behind a request for a WebSocket, and what of it was read already. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Requests that ask for another protocol, given to the routes like all others: a route that speaks WebSocket takes the line
 * over, and every other answer goes out as HTTP.
 */
export interface Upgrades {
  /** Takes what arrives at `server` to the routes of `fastify`, which is ready. */
  listen(server: NodeServer['server'], fastify: FastifyInstance): void;
  /** True when `request` asks for a WebSocket. */
  asks(request: IncomingMessage): boolean;
  /** The line itself; nothing is answered on it any more. */
  take(request: IncomingMessage, response: ServerResponse): Upgrade;
}

export function createUpgrades(newRequestId: () => string): Upgrades {
  const asked = new WeakMap<IncomingMessage, Upgrade>();

  function route(fastify: FastifyInstance, request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    // Node has let go of the body of such a request: it can't be read any more.
    if (bringsBody(request)) return answerBrokenRequest(new Error(), socket, newRequestId());
    if (request.headers.upgrade?.toLowerCase() === 'websocket') asked.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    fastify.routing(request, response);
  }

  return {
    listen(server, fastify) {
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        route(fastify, request, socket as Socket, head),
      );
    },
    asks: (request) => asked.has(request),
    take(request, response) {
      const upgrade = asked.get(request);
      if (upgrade === undefined) throw new TypeError('This request asks for no WebSocket.');
      asked.delete(request);
      response.detachSocket(upgrade.socket as Socket);
      return upgrade;
    },
  };
}
