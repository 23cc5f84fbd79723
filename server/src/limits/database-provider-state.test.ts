import { expect, it } from 'vitest';
import { createCircuit } from '../providers/chain/circuit.ts';
import { createSharedState } from '../providers/chain/shared-state.ts';
import { chainStateSuite } from '../providers/chain/state-store.suite.ts';
import { describeEachDialect } from '../storage/testing.ts';
import { createDatabaseProviderState } from './database-provider-state.ts';
import { providerStateMigrations } from './provider-state-migrations.ts';

const never = new AbortController().signal;

describeEachDialect('states of providers', providerStateMigrations, (test) => {
  chainStateSuite(() => createDatabaseProviderState({ database: test.database }));

  it('lets two processes know of a free tier that is used up, and the next start too', async () => {
    const clock = { now: () => 1_795_219_200_000, monotonicMs: () => 5_000 };
    const process = (database: typeof test.database) => {
      const shared = createSharedState({ store: createDatabaseProviderState({ database }), clock });
      const circuit = createCircuit({
        clock,
        onChange: (record) => shared.changed('voice', 'edge_tts', record),
      });
      shared.attach('voice', 'edge_tts', circuit);
      return { shared, circuit };
    };
    const one = process(test.database);
    const other = process(await test.open());
    one.circuit.enter()!.limit(7_200_000);
    await one.shared.close();
    await other.shared.refresh(never);
    expect(other.circuit.retryInMs()).toBe(7_200_000);
    const later = process(test.database);
    await later.shared.refresh(never);
    expect(later.circuit.state()).toBe('open');
    await Promise.all([other.shared.close(), later.shared.close()]);
  });
});
