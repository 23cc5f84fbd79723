import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect as KyselyDialect,
} from 'kysely';
import { createHash } from 'node:crypto';
import { evenColumnsPlugin, columnTypesOf } from './columns.ts';
import type { Dialect } from './database.ts';
import type { Migration } from './migration.ts';

/**
 * SHA-256 over the statements with which `migration` goes forward on an empty database. The same from TypeScript and from
 * compiled code, other than a checksum of the source would be.
 */
export async function checksumOf(migration: Migration, dialect: Dialect): Promise<string> {
  const hash = createHash('sha256');
  const recorder = new Kysely<unknown>({
    dialect: compilerOnly[dialect],
    plugins: [evenColumnsPlugin(dialect)],
    log: ({ query }) => void hash.update(query.sql).update('\n'),
  });
  try {
    await migration.up(recorder, columnTypesOf(dialect));
  } catch {
    // A step that needs rows stops here, at the same place each time.
  } finally {
    await recorder.destroy();
  }
  return hash.digest('hex');
}

const compilerOnly: Readonly<Record<Dialect, KyselyDialect>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  mariadb: {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new MysqlIntrospector(database),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
};
