import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations, migrationStates, openStore } from '../src/compose.ts';
import { createLocalSecrets } from '../src/config/local-secrets.ts';
import { loadConfig } from '../src/config/load.ts';
import { systemRandom } from '../src/lib/ids.ts';
import { silentLogger } from '../src/telemetry/logger.ts';

describe('commands that only look', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'malbeot-look-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const configOf = () =>
    loadConfig({
      flags: { MALBEOT_DATA: folder },
      env: {},
      cwd: folder,
      readFile: () => null,
      localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
    }).config;

  it('take a database that is not there for one without tables, and make none', async () => {
    const states = await migrationStates(configOf());
    expect(states.map(({ state }) => state)).toEqual(migrations.map(() => 'pending'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('tell a database that is there as it is', async () => {
    const config = configOf();
    const { database, migrator } = await openStore(config, silentLogger);
    await migrator.forward();
    await database.close();
    expect((await migrationStates(config)).map(({ state }) => state)).toEqual(
      migrations.map(() => 'applied'),
    );
  });
});
