import type { Role } from '@malbeot/protocol';

/** Tables of this room. Times are milliseconds since the epoch; secrets are kept as SHA-256, in hexadecimal. */
export interface AccountTables {
  users: UserRow;
  token_families: TokenFamilyRow;
  refresh_tokens: RefreshTokenRow;
  access_keys: AccessKeyRow;
  admin_links: AdminLinkRow;
}

export interface UserRow {
  /** `usr_…` */
  id: string;
  name: string;
  role: Role;
  created_at: number;
}

/** One sign-in, and all refresh tokens that come from it. */
export interface TokenFamilyRow {
  /** `fam_…` */
  id: string;
  user_id: string;
  created_at: number;
  /** When its newest token ends. */
  expires_at: number;
  /** When it was ended before that: signed out, or a token was used twice. */
  ended_at: number | null;
}

export interface RefreshTokenRow {
  token_hash: string;
  family_id: string;
  expires_at: number;
  used_at: number | null;
}

export interface AccessKeyRow {
  /** `key_…` for API keys, `dev_…` for device keys. */
  id: string;
  kind: 'api' | 'device';
  name: string;
  key_hash: string;
  /** Its first characters, so that people can tell keys apart. */
  shown_prefix: string;
  /** The kiosk that a device key stands for. */
  kiosk_id: string | null;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface AdminLinkRow {
  /** `lnk_…` */
  id: string;
  code_hash: string;
  created_at: number;
  expires_at: number;
}
