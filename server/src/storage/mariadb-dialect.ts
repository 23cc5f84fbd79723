import { MysqlDialect, type Dialect, type MysqlPool } from 'kysely';
import { createPool, type Connection, type PoolOptions, type TypeCastField } from 'mysql2';
import { numberFromColumn } from './safe-integer.ts';
import type { ServerOptions } from './postgres-dialect.ts';

/** Connections wanted at once, beyond which a query fails instead of waiting. */
const WAITING_QUERIES = 1000;

/** Kysely's dialect for MariaDB; 64-bit integers and decimals come back as numbers. */
export function createMariadbDialect(options: ServerOptions): Dialect {
  return new MysqlDialect({ pool: () => Promise.resolve(openPool(options)) });
}

function openPool({
  location,
  poolSize,
  connectLimitMs,
  statementLimitMs,
  transactionLimitMs,
  log,
}: ServerOptions): MysqlPool {
  const options: PoolOptions = {
    host: location.host,
    port: location.port,
    user: location.user,
    password: location.password,
    database: location.database,
    connectionLimit: poolSize,
    queueLimit: WAITING_QUERIES,
    connectTimeout: connectLimitMs,
    enableKeepAlive: true,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    // An object as a parameter must stay one value and not turn into `column = value` pairs.
    stringifyObjects: true,
    typeCast: (field: TypeCastField, next: () => unknown) => {
      if (field.type !== 'LONGLONG' && field.type !== 'NEWDECIMAL' && field.type !== 'DECIMAL') return next();
      const text = field.string();
      return text === null ? null : numberFromColumn(text);
    },
    ...(wantsTls(location.parameters)
      ? { ssl: { rejectUnauthorized: location.parameters.ssl !== 'insecure' } }
      : {}),
  };
  const commands = [
    // As on PostgreSQL; the stricter default locks gaps and so makes deadlocks.
    'set session transaction isolation level read committed',
    `set session sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'`,
    `set session max_statement_time = ${statementLimitMs / 1000}`,
    `set session idle_transaction_timeout = ${Math.ceil(transactionLimitMs / 1000)}`,
    'set session innodb_lock_wait_timeout = 10',
    `set session time_zone = '+00:00'`,
  ];
  const pool = createPool(options);
  pool.on('connection', (connection) => {
    // Sent before what the pool hands out next, because one connection answers in order.
    for (const command of commands) {
      (connection as unknown as Connection).query(command, (error) => {
        if (error !== null) log.warn({ code: error.code }, 'a database connection could not be set up');
      });
    }
  });
  return pool;
}

function wantsTls(parameters: Readonly<Record<string, string>>): boolean {
  return (parameters.ssl ?? 'false') !== 'false' || parameters.sslmode === 'require';
}
