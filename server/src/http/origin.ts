import { BlockList, isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';

export interface OriginPolicy {
  /** True when a page of `origin` may change things: same host as asked for, or on the list. No origin: no browser. */
  mayWrite(headers: IncomingHttpHeaders, host: string | undefined): boolean;
  /** The origin to name in `Access-Control-Allow-Origin`, or null. */
  allowed(origin: string | undefined): string | null;
  /** True when answers differ by origin, so that caches must keep them apart. */
  readonly varies: boolean;
}

/** `origins` are exact origins (`https://shop.example`) besides the server's own. */
export function createOriginPolicy(origins: readonly string[]): OriginPolicy {
  const list = new Set(origins.map((origin) => origin.toLowerCase()));
  const allowed = (origin: string | undefined): string | null =>
    origin !== undefined && list.has(origin.toLowerCase()) ? origin : null;
  return {
    varies: list.size > 0,
    allowed,
    mayWrite(headers, host) {
      const { origin } = headers;
      if (origin === undefined) return true;
      if (allowed(origin) !== null) return true;
      return host !== undefined && isHttpOrigin(origin) && hostOf(origin) === host.toLowerCase();
    },
  };
}

const isHttpOrigin = (origin: string): boolean => /^https?:\/\//i.test(origin);

/** Host and port as the browser wrote them; both leave the scheme's own port out. */
function hostOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2).toLowerCase();
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for 127.0.0.0/8 and ::1, also written as IPv6. */
export function isLoopbackAddress(address: string): boolean {
  if (address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1') return true;
  const bare = address.startsWith('::ffff:') ? address.slice(7) : address;
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * True when a request may use what is open on this machine only: it comes from loopback, it asks for a loopback name (a
 * page elsewhere whose name was pointed here asks for its own), and no proxy passed it on.
 */
export function isLocalRequest(address: string, headers: IncomingHttpHeaders): boolean {
  return (
    isLoopbackAddress(address) &&
    headers.host !== undefined &&
    LOOPBACK_HOST.test(headers.host) &&
    headers['x-forwarded-for'] === undefined &&
    headers.forwarded === undefined &&
    headers['x-real-ip'] === undefined
  );
}

/** The address as rate limits count it: IPv6 by its network of 64 bits, which is what one subscriber has. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return `${[...front, ...gap, ...back].slice(0, 4).join(':')}::/64`;
}
