import type { Role } from '@malbeot/protocol';

/**
 * Who may use a route, one word a route. The table in `authorize.ts` says what each means.
 *
 * - `open`: anyone.
 * - `kiosk`: anyone on loopback in the local profile; elsewhere a device key or the session's own token.
 * - `person`: the person named by their own token; an API key sees all.
 * - `talk`: anyone on loopback in the local profile; elsewhere an API key or a person's token.
 * - `conversation`: as `talk`, and also a device key or a session's own token: whose conversation it is decides then.
 * - `staff`, `manager`, `admin`: signed in with that role or a higher one.
 */
export type Access = 'open' | 'kiosk' | 'person' | 'talk' | 'conversation' | 'staff' | 'manager' | 'admin';

/** Who is asking, as the credentials of one request prove. */
export type Who =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly userId: string; readonly name: string; readonly role: Role }
  | { readonly kind: 'api-key'; readonly keyId: string; readonly name: string }
  | { readonly kind: 'device'; readonly keyId: string; readonly kioskId: string }
  | { readonly kind: 'session'; readonly sessionId: string };
