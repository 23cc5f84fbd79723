import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Logger } from '../telemetry/logger.ts';
import { answerBrokenRequest } from './broken-request.ts';

/** Certificate and key as PEM files. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface ServerLimits {
  /** For the address and headers of a request to arrive, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** For a whole request with its body to arrive, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open without a request, in milliseconds. */
  readonly keepAliveMs: number;
  /** Connections at once; 0 for no limit. */
  readonly maxConnections: number;
}

export const defaultServerLimits: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveMs: 65_000,
  maxConnections: 0,
};

/** A server made for one port, with all that belongs to it. */
export interface NodeServer {
  readonly server: Server | TlsServer;
  readonly encrypted: boolean;
  /** Ends what watches and what waits beside the server itself. */
  dispose(): void;
}

interface NodeServerOptions {
  readonly handler: RequestListener;
  readonly tls: TlsFiles | null;
  readonly limits: ServerLimits;
  readonly log: Logger;
  readonly newRequestId: () => string;
}

const MAX_HEADER_BYTES = 16 * 1024;
const WATCH_EVERY_MS = 2_000;

/** An HTTP server, or HTTPS where certificate files are given; then plain HTTP on its port is sent to HTTPS. */
export function createNodeServer(options: NodeServerOptions): NodeServer {
  const { handler, tls, log } = options;
  if (tls === null) {
    const server = createServer({ ...connectionOptions(options) }, handler);
    protect(server, options);
    return { server, encrypted: false, dispose: () => {} };
  }
  const server = createTlsServer(
    { ...connectionOptions(options), ...readPair(tls), minVersion: 'TLSv1.2' },
    handler,
  );
  protect(server, options);
  const stopWatching = reloadOnChange(server, tls, log);
  const redirects = createServer(connectionOptions(options), redirectToTls);
  // Its own checks begin with listening, which it never does.
  redirects.timeout = options.limits.headersTimeoutMs;
  protect(redirects, options);
  const waiting = sniff(server, redirects, options.limits.headersTimeoutMs);
  return {
    server,
    encrypted: true,
    dispose: () => {
      stopWatching();
      for (const socket of waiting) socket.destroy();
      redirects.closeAllConnections();
      redirects.close();
    },
  };
}

function connectionOptions({ limits }: NodeServerOptions) {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
    keepAlive: true,
    noDelay: true,
  };
}

function protect(server: Server | TlsServer, { limits, newRequestId }: NodeServerOptions): void {
  if (limits.maxConnections > 0) server.maxConnections = limits.maxConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    answerBrokenRequest(error, socket, newRequestId()),
  );
}

/** @throws when a file can't be read. The message names it. */
function readPair({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer } {
  const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new Error(
      `${certFile} and ${keyFile} are not a certificate and its key: ${(error as Error).message}`,
      { cause: error },
    );
  }
  return pair;
}

/** Takes renewed files into use for new connections; the old pair stays while the new one is not whole. */
function reloadOnChange(server: TlsServer, tls: TlsFiles, log: Logger): () => void {
  const reload = () => {
    try {
      server.setSecureContext(readPair(tls));
      log.info({}, 'the TLS certificate was renewed');
    } catch (error) {
      log.warn({ err: error }, 'the renewed TLS certificate can not be used; the one before it stays');
    }
  };
  const files = [tls.certFile, tls.keyFile];
  for (const file of files) watchFile(file, { interval: WATCH_EVERY_MS, persistent: false }, reload);
  return () => {
    for (const file of files) unwatchFile(file, reload);
  };
}

/** First byte of a TLS handshake. */
const HANDSHAKE = 0x16;

/**
 * Looks at the first byte of each connection and hands those that don't speak TLS to `plain`. Answers the connections that
 * have not said anything yet.
 */
function sniff(server: TlsServer, plain: Server, waitMs: number): ReadonlySet<Socket> {
  const waiting = new Set<Socket>();
  const toTls = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const giveUp = () => socket.destroy();
    waiting.add(socket);
    socket.once('close', () => waiting.delete(socket));
    socket.setTimeout(waitMs, giveUp);
    socket.on('error', giveUp);
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null || first.length === 0) return giveUp();
      waiting.delete(socket);
      socket.setTimeout(0);
      socket.removeListener('timeout', giveUp);
      socket.removeListener('error', giveUp);
      socket.unshift(first);
      if (first[0] === HANDSHAKE) for (const listener of toTls) listener.call(server, socket);
      else plain.emit('connection', socket);
    });
  });
  return waiting;
}

/** 308 keeps method and body. Only a well-formed host is sent back. */
function redirectToTls(request: IncomingMessage, response: ServerResponse): void {
  const { host = '' } = request.headers;
  const url = request.url ?? '/';
  const known = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host) && url.startsWith('/');
  if (!known) response.writeHead(400, { connection: 'close', 'content-length': '0' });
  else
    response.writeHead(308, {
      location: `https://${host}${url}`,
      connection: 'close',
      'content-length': '0',
    });
  response.end();
}
