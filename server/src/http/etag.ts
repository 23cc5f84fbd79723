import { createHash } from 'node:crypto';

/** A strong entity tag for `bytes`. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

/** The tag of the same content in another encoding: no longer the same bytes, so weak. */
export function weakEtag(etag: string): string {
  return etag.startsWith('W/') ? etag : `W/${etag}`;
}

/** True when `If-None-Match` names `etag`; strong and weak tags count as the same (RFC 9110, 13.1.2). */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const bare = withoutWeak(etag);
  return ifNoneMatch.split(',').some((candidate) => withoutWeak(candidate.trim()) === bare);
}

const withoutWeak = (etag: string): string => (etag.startsWith('W/') ? etag.slice(2) : etag);
