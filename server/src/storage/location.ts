import type { Dialect } from './database.ts';

/** Where a database is, taken apart. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly path: string; readonly shown: string }
  | {
      readonly dialect: 'postgres' | 'mariadb';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      readonly parameters: Readonly<Record<string, string>>;
      /** The location without its password, for messages and logs. */
      readonly shown: string;
    };

const FORMS =
  'sqlite:PATH, postgres://USER:PASSWORD@HOST:5432/NAME or mariadb://USER:PASSWORD@HOST:3306/NAME';

const SERVERS: Readonly<Record<string, { dialect: Exclude<Dialect, 'sqlite'>; port: number }>> = {
  'postgres:': { dialect: 'postgres', port: 5432 },
  'postgresql:': { dialect: 'postgres', port: 5432 },
  'mariadb:': { dialect: 'mariadb', port: 3306 },
  'mysql:': { dialect: 'mariadb', port: 3306 },
};

/**
 * Reads a `DATABASE_URL`.
 *
 * @throws {Error} that names the allowed forms; never with the password in it.
 */
export function parseLocation(location: string): DatabaseLocation {
  if (location.startsWith('sqlite:')) {
    const path = location.slice('sqlite:'.length).replace(/^\/\//, '');
    if (path === '') throw new Error(`DATABASE_URL names no file. Allowed: ${FORMS}.`);
    return { dialect: 'sqlite', path, shown: `sqlite:${path}` };
  }
  const scheme = /^[a-z0-9+]+:/i.exec(location)?.[0].toLowerCase() ?? '';
  const server = SERVERS[scheme];
  if (server === undefined) {
    const given = scheme === '' ? 'has no scheme' : `begins with "${scheme}"`;
    throw new Error(`DATABASE_URL ${given}. Allowed: ${FORMS}.`);
  }
  const url = toUrl(location);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw new Error(`DATABASE_URL names no database after the host. Allowed: ${FORMS}.`);
  const host = url.hostname.replace(/^\[|\]$/g, '') || 'localhost';
  const port = url.port === '' ? server.port : Number(url.port);
  const user = decodeURIComponent(url.username);
  return {
    dialect: server.dialect,
    url: location,
    host,
    port,
    user,
    password: decodeURIComponent(url.password),
    database,
    parameters: Object.fromEntries(url.searchParams),
    shown: `${server.dialect}://${user === '' ? '' : `${user}@`}${host}:${port}/${database}`,
  };
}

/** `location` without its password. Text that is no location is not repeated, because it may hold one. */
export function describeLocation(location: string): string {
  try {
    return parseLocation(location).shown;
  } catch {
    return '(not a valid DATABASE_URL)';
  }
}

function toUrl(location: string): URL {
  try {
    return new URL(location);
  } catch {
    throw new Error(
      `DATABASE_URL can not be read. Allowed: ${FORMS}. Write special characters of the password percent-encoded (@ is %40).`,
    );
  }
}
