import { databaseSuite, thingMigrations } from './database.suite.ts';
import { describeEachDialect } from './testing.ts';

describeEachDialect('database', thingMigrations, databaseSuite);
