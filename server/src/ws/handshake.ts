import type { IncomingMessage } from 'node:http';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { RequestHeaders } from '../http/edge.ts';
import type { Exchange } from '../http/exchange.ts';
import { addressKey, isLocalRequest } from '../http/origin.ts';
import { refuseOverLimit } from '../http/rate-limit.ts';

/** The protocol that is spoken, for clients that offer it beside their token. */
const PROTOCOL = 'malbeot';
const TOKEN_PREFIX = 'malbeot.token.';
const NOBODY: Who = { kind: 'nobody' };

/** Who wants to talk, and from where. */
export interface Caller {
  readonly who: Who;
  readonly place: { readonly profile: 'local' | 'docker' | 'production'; readonly loopback: boolean };
  /** As limits count it. */
  readonly address: string;
}

/**
 * Lets a caller up to the door of a conversation: whose page asks, who asks, how often. A browser can't set headers here, so a
 * token may also come as a subprotocol or in the address.
 *
 * @throws {AppError} SHUTTING_DOWN, ORIGIN_REFUSED, RATE_LIMITED, UNAUTHENTICATED, TOKEN_EXPIRED or FORBIDDEN.
 */
export async function admitCaller(exchange: Exchange): Promise<Caller> {
  const { edge, request, address, host } = exchange;
  const { headers } = request;
  if (edge.stopping) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 2 });
  // The page of another site must not talk with a visitor's microphone and rights.
  if (!edge.origins.mayWrite(headers, host)) {
    throw new AppError('ORIGIN_REFUSED', {
      detail: `A page of ${String(headers.origin).slice(0, 200)} asks to talk with this server.`,
    });
  }
  const credentials = credentialsOf(request);
  let who = NOBODY;
  let refused: unknown;
  if (credentials !== null) {
    try {
      who = await edge.access.authenticate(credentials);
    } catch (error) {
      refused = error ?? new AppError('UNAUTHENTICATED');
    }
  }
  exchange.whoKind = who.kind;
  const key = addressKey(address);
  const counted = await edge.limiter.count('runs', who, key);
  if (counted !== undefined) {
    exchange.counted = counted;
    if (counted.count > counted.limit) edge.metrics.rateLimited('runs');
    refuseOverLimit(counted, edge.clock.now());
  }
  if (refused !== undefined) throw refused;
  const place = { profile: edge.profile, loopback: isLocalRequest(address, headers) };
  edge.access.authorize('conversation', who, place);
  return { who, place, address: key };
}

/** What stands for the caller: headers win over a subprotocol, that over the address. Null when there is nothing. */
function credentialsOf(request: IncomingMessage): RequestHeaders | null {
  const { authorization, 'x-device-key': deviceKey } = request.headers;
  const bearer = authorization ?? bearerOf(tokenOf(request));
  if (bearer === undefined && deviceKey === undefined) return null;
  return { authorization: bearer, 'x-device-key': deviceKey };
}

const bearerOf = (token: string | undefined): string | undefined =>
  token === undefined ? undefined : `Bearer ${token}`;

function tokenOf({ headers, url = '' }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const named = offered.find((name) => name.startsWith(TOKEN_PREFIX));
  if (named !== undefined) return named.slice(TOKEN_PREFIX.length);
  const query = url.indexOf('?');
  return query === -1 ? undefined : (new URLSearchParams(url.slice(query)).get('token') ?? undefined);
}

/**
 * The subprotocol to answer with, which has to be one that was offered: without one a browser closes the connection again. The
 * plain one where it was offered, so that the token does not come back.
 */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(PROTOCOL)) return PROTOCOL;
  for (const name of offered) if (name.startsWith(TOKEN_PREFIX)) return name;
  return false;
}

/** @throws {AppError} UPGRADE_REQUIRED or MALFORMED_REQUEST for a request that no WebSocket can begin with. */
export function refuseOtherThanWebSocket({ headers }: IncomingMessage, isUpgrade: boolean): void {
  if (!isUpgrade || headers['sec-websocket-version'] !== '13') {
    throw new AppError('UPGRADE_REQUIRED', {
      detail: 'This address speaks WebSocket (RFC 6455, version 13) only.',
    });
  }
  if (!/^[+/\dA-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) {
    throw new AppError('MALFORMED_REQUEST', { detail: 'Sec-WebSocket-Key is missing or not 16 bytes.' });
  }
}
