/** Wire contract of signing in. */

/** What a person may do; `admin` may do everything a `manager` may. */
export type Role = 'customer' | 'cook' | 'delivery' | 'manager' | 'admin';

/** Answer of every way to sign in, and of `POST /api/auth/refresh`. */
export interface SignedIn {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  readonly access_token: string;
  /** Seconds until the access token ends. */
  readonly expires_in: number;
  /** Good for one use; a second use ends the whole family of tokens. */
  readonly refresh_token: string;
}
