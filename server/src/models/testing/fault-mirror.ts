import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a mirror may do to one request. `at` and `of` are parts of the file, from 0 to 1. */
export type Fault =
  | { readonly type: 'none' }
  /** The connection ends before an answer. */
  | { readonly type: 'reset' }
  /** The connection ends in the middle of the bytes. */
  | { readonly type: 'cut'; readonly at: number }
  /** No byte after the middle, and the connection stays. */
  | { readonly type: 'stall'; readonly at: number }
  | { readonly type: 'status'; readonly status: number }
  /** Says that the file is shorter than it is, and sends only that. */
  | { readonly type: 'short'; readonly at: number }
  /** Says that the file is longer than it is. */
  | { readonly type: 'long' }
  /** Does not say how long it is, and ends too early without a sign of it. */
  | { readonly type: 'quiet-end'; readonly at: number }
  /** Does not say how long it is, and sends more than there is. */
  | { readonly type: 'endless' }
  | { readonly type: 'corrupt'; readonly at: number }
  /** Another file of the same length, with an ETag of its own; it is never the same twice. */
  | { readonly type: 'changed' }
  /** The same for a range, though the request said that it wants the rest of the old one. */
  | { readonly type: 'changed-range' }
  | { readonly type: 'ignores-range' }
  /** A range that was not asked for. */
  | { readonly type: 'wrong-range' }
  | { readonly type: 'no-validator' }
  | { readonly type: 'loop' }
  | { readonly type: 'to-file' }
  | { readonly type: 'gzip' }
  | { readonly type: 'page' }
  | { readonly type: 'unsatisfiable' };

export interface SeenRequest {
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
  readonly fault: Fault['type'];
}

export interface FaultMirror {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Faults of the coming requests, in order; none afterwards. */
  plan(...faults: readonly Fault[]): void;
  /** Drops the faults that are still to come. */
  forget(): void;
  /** Sends this many bytes at a time, with a turn of the event loop between. */
  setPiece(bytes: number, onSent?: (path: string, sent: number) => void): void;
  close(): Promise<void>;
}

/** A server on the loopback that holds files by path, and breaks its answers as planned. */
export async function openFaultMirror(files: () => ReadonlyMap<string, Buffer>): Promise<FaultMirror> {
  const planned: Fault[] = [];
  const seen: SeenRequest[] = [];
  let piece = 16_384;
  let onSent: (path: string, sent: number) => void = () => {};
  const server = createServer((request, response) => {
    response.on('error', () => {});
    const fault = planned.shift() ?? { type: 'none' };
    const path = decodeURIComponent(request.url ?? '/');
    const { range = null, authorization = null } = request.headers;
    seen.push({ path, range, authorization, fault: fault.type });
    const bytes = files().get(path);
    if (bytes === undefined) response.writeHead(404).end('not here');
    else
      answer({ request, response, bytes, fault, send: (body, end) => sendPieces(path, response, body, end) });
  });

  function sendPieces(path: string, response: ServerResponse, body: Buffer, end: () => void): void {
    let sent = 0;
    const next = () => {
      if (response.destroyed) return;
      if (sent >= body.length) return end();
      response.write(body.subarray(sent, sent + piece));
      sent = Math.min(body.length, sent + piece);
      onSent(path, sent);
      setImmediate(next);
    };
    response.flushHeaders();
    next();
  }

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    plan: (...faults) => void planned.push(...faults),
    forget: () => void planned.splice(0),
    setPiece(bytes, listener = () => {}) {
      piece = bytes;
      onSent = listener;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytes: Buffer;
  readonly fault: Fault;
  readonly send: (body: Buffer, end: () => void) => void;
}

let changes = 0;

function answer(exchange: Exchange): void {
  const { request, response, fault, send } = exchange;
  let { bytes } = exchange;
  const whole = bytes.length;
  const end = () => void response.end();
  // What was written goes out first, and a client that reads at all has it before the end: an error takes what it has not read.
  const drop = () => void setTimeout(() => response.socket?.destroySoon(), 15);
  if (fault.type === 'reset') return drop();
  if (fault.type === 'status') return void response.writeHead(fault.status).end('no');
  if (fault.type === 'loop') return void response.writeHead(302, { location: request.url }).end();
  if (fault.type === 'to-file') return void response.writeHead(302, { location: 'file:///etc/passwd' }).end();
  if (fault.type === 'unsatisfiable')
    return void response.writeHead(416, { 'content-range': `bytes */${whole}` }).end();
  if (fault.type === 'page')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
  if (fault.type === 'changed' || fault.type === 'changed-range') {
    const salt = ++changes;
    bytes = Buffer.from(bytes.map((value) => (value + salt) & 0xff));
  }
  if (fault.type === 'corrupt') {
    bytes = Buffer.from(bytes);
    const place = Math.min(whole - 1, Math.floor(whole * fault.at));
    bytes[place] = bytes[place]! ^ 0xff;
  }
  const etag = `"${createHash('sha256')
    .update(fault.type === 'corrupt' ? exchange.bytes : bytes)
    .digest('hex')}"`;
  const validators = fault.type === 'no-validator' ? {} : { etag };
  if (fault.type === 'gzip') {
    const packed = gzipSync(bytes);
    response.writeHead(200, { ...validators, 'content-encoding': 'gzip', 'content-length': packed.length });
    return send(packed, end);
  }
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const isSame = request.headers['if-range'] === etag || fault.type === 'changed-range';
  const start = asked === undefined || !isSame || fault.type === 'ignores-range' ? 0 : Number(asked);
  if (start > whole || (start === whole && start > 0))
    return void response.writeHead(416, { 'content-range': `bytes */${whole}` }).end();
  const from = fault.type === 'wrong-range' && start > 10 ? start - 10 : start;
  const body = bytes.subarray(from);
  const part = (at: number) => Math.floor(body.length * at);
  const head = (length: number | null) => {
    const range = start === 0 ? {} : { 'content-range': `bytes ${from}-${whole - 1}/${whole}` };
    const lengths = length === null ? {} : { 'content-length': length };
    response.writeHead(start === 0 ? 200 : 206, { ...validators, ...range, ...lengths });
  };
  switch (fault.type) {
    case 'cut':
      head(body.length);
      return send(body.subarray(0, part(fault.at)), drop);
    case 'stall':
      head(body.length);
      return send(body.subarray(0, part(fault.at)), () => {});
    case 'short':
      head(part(fault.at));
      return send(body.subarray(0, part(fault.at)), end);
    case 'long':
      head(body.length + 1_000);
      return send(body, drop);
    case 'quiet-end':
      head(null);
      return send(body.subarray(0, part(fault.at)), end);
    case 'endless':
      head(null);
      return send(Buffer.concat([body, body]), end);
    default:
      head(body.length);
      return send(body, end);
  }
}
