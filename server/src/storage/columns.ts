import {
  DataTypeNode,
  OperationNodeTransformer,
  RawNode,
  type ColumnDefinitionNode,
  type CreateTableNode,
  type KyselyPlugin,
} from 'kysely';
import type { Dialect } from './database.ts';
import type { ColumnTypes } from './migration.ts';

/** The column types of `dialect`. */
export function columnTypesOf(dialect: Dialect): ColumnTypes {
  return {
    dialect,
    key: 'varchar(191)',
    text: 'text',
    integer: dialect === 'sqlite' ? 'integer' : 'bigint',
  };
}

/**
 * Evens out what the same definition means on each server. Text compares byte by byte whatever the server's default is: on
 * MariaDB in every new table, on PostgreSQL in every new text column (SQLite does it by itself). On MariaDB `text` holds any
 * length.
 */
export function evenColumnsPlugin(dialect: Dialect): KyselyPlugin {
  const transformer =
    dialect === 'mariadb' ? new MariadbColumns() : dialect === 'postgres' ? new PostgresColumns() : undefined;
  return {
    transformQuery: ({ node, queryId }) => transformer?.transformNode(node, queryId) ?? node,
    transformResult: ({ result }) => Promise.resolve(result),
  };
}

class MariadbColumns extends OperationNodeTransformer {
  protected override transformCreateTable(node: CreateTableNode): CreateTableNode {
    const ending = RawNode.createWithSql('engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin');
    const table = super.transformCreateTable(node);
    return { ...table, endModifiers: [...(table.endModifiers ?? []), ending] };
  }

  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const column = super.transformColumnDefinition(node);
    return typeOf(column) === 'text' ? { ...column, dataType: RawNode.createWithSql('longtext') } : column;
  }
}

class PostgresColumns extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const column = super.transformColumnDefinition(node);
    const type = typeOf(column);
    if (type !== 'text' && !type.startsWith('varchar')) return column;
    return {
      ...column,
      frontModifiers: [RawNode.createWithSql('collate "C"'), ...(column.frontModifiers ?? [])],
    };
  }
}

function typeOf({ dataType }: ColumnDefinitionNode): string {
  return DataTypeNode.is(dataType) ? dataType.dataType : '';
}
