import { PostgresDialect, type Dialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Logger } from '../telemetry/logger.ts';
import type { DatabaseLocation } from './location.ts';
import { numberFromColumn } from './safe-integer.ts';

export interface ServerOptions {
  readonly location: Extract<DatabaseLocation, { host: string }>;
  /** Connections at most. */
  readonly poolSize: number;
  /** How long connecting, or waiting for a free connection, may take. */
  readonly connectLimitMs: number;
  /** How long one statement may run. */
  readonly statementLimitMs: number;
  /** How long a transaction may stand still before the server ends it. */
  readonly transactionLimitMs: number;
  readonly log: Logger;
}

/** Kysely's dialect for PostgreSQL; 64-bit integers and decimals come back as numbers. */
export function createPostgresDialect(options: ServerOptions): Dialect {
  return new PostgresDialect({ pool: () => Promise.resolve(createPool(options)) });
}

const numbers = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, numberFromColumn],
  [types.builtins.NUMERIC, numberFromColumn],
]);

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  const parser = format === 'binary' ? undefined : numbers.get(oid);
  return parser ?? (types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);
}

function createPool({
  location,
  poolSize,
  connectLimitMs,
  statementLimitMs,
  transactionLimitMs,
  log,
}: ServerOptions): Pool {
  const pool = new Pool({
    connectionString: location.url,
    max: poolSize,
    connectionTimeoutMillis: connectLimitMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'malbeot',
    statement_timeout: statementLimitMs,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: transactionLimitMs,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  // A connection that breaks while it idles is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error: Error) =>
    log.warn({ code: (error as { code?: string }).code }, 'an idle database connection broke'),
  );
  return pool;
}
