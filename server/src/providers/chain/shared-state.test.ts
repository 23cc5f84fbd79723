import { describe, expect, it } from 'vitest';

import { quiet } from '../contract/provider.suite.ts';
import { createManualClock } from '../fake/manual-clock.ts';
import { ScriptedEars } from '../fake/scripted-ears.ts';
import type { LogFields, Logger } from '../../telemetry/logger.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { createSharedState } from './shared-state.ts';
import { createSpeechToTextChain } from './speech-to-text-chain.ts';
import { chainStateSuite } from './state-store.suite.ts';
import { createMemoryChainState, type ChainStateStore } from './state-store.ts';

const utterance = { samples: new Float32Array(16_000).fill(0.1), language: 'ko' };
const settled = () => new Promise(setImmediate);

describe('states in memory', () => {
  chainStateSuite(() => createMemoryChainState());
});

/** A chain of two as one process has it. */
function openProcess(store: ChainStateStore, clock = createManualClock()) {
  const logged: LogFields[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => logged.push(fields) };
  const shared = createSharedState({ store, clock, timers: clock, logger });
  const first = new ScriptedEars({ id: 'fake_first' });
  const chain = createSpeechToTextChain([first, new ScriptedEars({ id: 'fake_second' })], {
    clock,
    timers: clock,
    shared,
  });
  const hear = () => chain.transcribe(utterance, quiet());
  return { clock, shared, first, chain, hear, logged };
}

describe('chains that share what they know', () => {
  it('leave a provider alone that another process found out about, and come back with it', async () => {
    const store = createMemoryChainState();
    const clock = createManualClock();
    const [one, other] = [openProcess(store, clock), openProcess(store, clock)];
    one.first.behave({ do: 'fail', kind: 'unavailable' });
    for (let call = 0; call < 3; call++) await one.hear();
    await other.hear();
    await settled();
    expect(await other.hear()).toMatchObject({
      provider: 'fake_second',
      skipped: [{ provider: 'fake_first', reason: 'circuit open' }],
    });
    expect(other.chain.status().providers[0]).toMatchObject({ retryInMs: 30_000, failuresInRow: 3 });

    clock.advance(30_000);
    one.first.behave({ do: 'answer' });
    await one.hear();
    await other.hear();
    await settled();
    expect(other.chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
    await Promise.all([one.shared.close(), other.shared.close()]);
  });

  it('stop asking within two seconds of asking, without a word between the processes but the store', async () => {
    const store = createMemoryChainState();
    const clock = createManualClock();
    const [one, other] = [openProcess(store, clock), openProcess(store, clock)];
    await other.hear();
    await settled();
    one.first.behave({ do: 'fail', kind: 'unavailable' });
    for (let call = 0; call < 3; call++) await one.hear();
    // It has looked just now: for so long it does not know.
    await other.hear();
    expect(other.first.calls).toBe(2);
    const brokenAt = clock.monotonicMs();
    let asked = other.first.calls;
    let lastAskedAt = brokenAt;
    for (let call = 0; call < 30; call++) {
      clock.advance(100);
      await other.hear();
      await settled();
      if (other.first.calls > asked) lastAskedAt = clock.monotonicMs();
      asked = other.first.calls;
    }
    expect(lastAskedAt).toBeGreaterThan(brokenAt);
    expect(lastAskedAt - brokenAt).toBeLessThanOrEqual(2_000);
    await Promise.all([one.shared.close(), other.shared.close()]);
  });

  it('remember a limit of an hour over a restart to the second', async () => {
    const store = createMemoryChainState();
    const clock = createManualClock();
    const before = openProcess(store, clock);
    before.first.behave({ do: 'fail', kind: 'rate_limited', retryAfterMs: 3_600_000 });
    await before.hear();
    await before.shared.close();
    clock.advance(3_599_000);
    const after = openProcess(store, clock);
    await after.shared.refresh(quiet());
    expect(after.chain.status().providers[0]).toMatchObject({ circuit: 'open', retryInMs: 1_000 });
    await after.hear();
    expect(after.first.calls).toBe(0);
    clock.advance(1_000);
    expect(await after.hear()).toMatchObject({ provider: 'fake_first' });
    await after.shared.close();
  });

  it('remember a limit of hours over a restart', async () => {
    const store = createMemoryChainState();
    const before = openProcess(store);
    before.first.behave({ do: 'fail', kind: 'rate_limited', retryAfterMs: 7_200_000 });
    await before.hear();
    await before.shared.close();
    const after = openProcess(store);
    await after.shared.refresh(quiet());
    await after.hear();
    expect(after.first.calls).toBe(0);
    after.clock.advance(7_200_000);
    expect(await after.hear()).toMatchObject({ provider: 'fake_first' });
    await after.shared.close();
  });

  it('read at most every two seconds, write what changed only, and never make a call wait', async () => {
    const counts = { loads: 0, saves: 0 };
    const stuck: ChainStateStore = {
      load: () => (counts.loads++, new Promise(() => {})),
      save: () => (counts.saves++, new Promise(() => {})),
    };
    const { clock, shared, first, hear, logged } = openProcess(stuck);
    for (let call = 0; call < 20; call++) await hear();
    expect(counts).toEqual({ loads: 1, saves: 0 });
    first.behave({ do: 'fail', kind: 'rate_limited' });
    await hear();
    expect(counts).toEqual({ loads: 1, saves: 1 });
    for (let look = 0; look < 5; look++) {
      clock.advance(2_000);
      await settled();
      await hear();
    }
    expect(counts.loads).toBe(2);
    expect(logged.filter(({ err }) => err !== undefined)).toHaveLength(1);
    const closing = shared.close();
    clock.advance(5_000);
    await closing;
    expect(clock.sleepers).toBe(0);
  });

  it('write again what could not be written', async () => {
    const store = createMemoryChainState();
    let isDown = true;
    const failing: ChainStateStore = {
      load: () => (isDown ? Promise.reject(new Error('gone')) : store.load()),
      save: (state) => (isDown ? Promise.reject(new Error('gone')) : store.save(state)),
    };
    const { clock, shared, first, hear, logged } = openProcess(failing);
    first.behave({ do: 'fail', kind: 'rate_limited', retryAfterMs: 60_000 });
    await hear();
    await settled();
    expect(logged.filter(({ err }) => err !== undefined)).toHaveLength(1);
    expect(await store.load()).toEqual([]);
    isDown = false;
    clock.advance(2_000);
    await hear();
    await settled();
    expect(await store.load()).toMatchObject([{ provider: 'fake_first', openUntil: clock.now() + 58_000 }]);
    await shared.close();
  });
});
