import type { DatabaseLocation } from './location.ts';

/** Code that a driver put on its error: `SQLITE_BUSY`, `40P01`, `ER_DUP_ENTRY`, `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') return code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return '';
}

const RETRYABLE = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD', // record changed since last read
]);

/** True when the same transaction may succeed if it is tried again. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(codeOf(error)) || isBusy(error);
}

/** True when another process holds the SQLite file. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

const UNIQUE = new Set(['23505', 'ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

/**
 * True when a row with this key is already there. On PostgreSQL the failed statement ends its transaction: use
 * `insertIfAbsent` inside one.
 */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE.has(codeOf(error));
}

/** True when a statement names a table that is not there. */
export function isMissingTable(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '42P01' || code === 'ER_NO_SUCH_TABLE') return true;
  return code === 'SQLITE_ERROR' && error instanceof Error && error.message.startsWith('no such table');
}

/** A server that can be reached but not used; the message says why. */
export class UnsupportedServerError extends Error {
  override readonly name = 'UnsupportedServerError';
}

/** Thrown when a database can not be opened: where it is, why, and what to do. Never holds the password. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
  constructor(location: DatabaseLocation, cause: unknown) {
    super(`The database ${location.shown} can not be opened: ${reasonOf(location, cause)}`, { cause });
  }
}

function reasonOf(location: DatabaseLocation, error: unknown): string {
  if (error instanceof UnsupportedServerError) return error.message;
  const code = codeOf(error);
  if (location.dialect === 'sqlite') {
    if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
      return 'the file is no SQLite database or is damaged. Restore it from a backup, or name another file in DATABASE_URL.';
    }
    if (code.startsWith('SQLITE_READONLY'))
      return 'the file can not be written. Give this user the right to write it.';
    return `the file can not be opened (${code || 'unknown reason'}). Check that its folder exists and that this user may write there.`;
  }
  const place = `${location.host}:${location.port}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${place}. Start the database server, or correct host and port in DATABASE_URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no machine is known by the name ${location.host}. Correct the host in DATABASE_URL.`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${place} does not answer. Check the network, the firewall and the host in DATABASE_URL.`;
    case '28P01':
    case '28000':
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
      return `the user "${location.user}" is not let in. Correct user and password in DATABASE_URL, or give the user its rights.`;
    case '3D000':
    case 'ER_BAD_DB_ERROR':
      return `the server has no database "${location.database}". Create it, or correct its name in DATABASE_URL.`;
    case '53300':
    case 'ER_CON_COUNT_ERROR':
      return 'the server has no free connection. Raise its limit, or end what holds the others.';
    default:
      if (error instanceof Error && /timeout|timed out/i.test(error.message)) {
        return `${place} does not answer. Check the network, the firewall and the host in DATABASE_URL.`;
      }
      return `the server answered with ${code || 'an unknown error'}. Look into its log.`;
  }
}
