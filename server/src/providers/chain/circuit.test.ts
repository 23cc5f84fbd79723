import { describe, expect, it } from 'vitest';

import { createManualClock } from '../fake/manual-clock.ts';
import { createCircuit, type Circuit } from './circuit.ts';

function broken(coolDown: { readonly coolDownMs?: number; readonly maxCoolDownMs?: number } = {}) {
  const clock = createManualClock();
  const circuit = createCircuit({ clock, ...coolDown });
  for (let call = 0; call < 3; call++) circuit.enter()!.fail();
  return { clock, circuit };
}

const probe = (circuit: Circuit) => {
  const pass = circuit.enter();
  if (pass === undefined) throw new Error('The circuit let nothing through.');
  return pass;
};

describe('a circuit', () => {
  it('opens at the third failure in a row', () => {
    const circuit = createCircuit({ clock: createManualClock() });
    circuit.enter()!.fail();
    circuit.enter()!.fail();
    circuit.enter()!.succeed();
    circuit.enter()!.fail();
    circuit.enter()!.fail();
    expect(circuit.state()).toBe('closed');
    circuit.enter()!.fail();
    expect(circuit.state()).toBe('open');
    expect(circuit.enter()).toBeUndefined();
  });

  it('lets one call through after 30 s, and all when that succeeds', () => {
    const { clock, circuit } = broken();
    clock.advance(29_999);
    expect(circuit.enter()).toBeUndefined();
    expect(circuit.retryInMs()).toBe(1);
    clock.advance(1);
    expect(circuit.state()).toBe('half-open');
    const pass = probe(circuit);
    expect(circuit.enter()).toBeUndefined();
    pass.succeed();
    expect(circuit.state()).toBe('closed');
    expect(circuit.failures()).toBe(0);
    expect(circuit.enter()).toBeDefined();
  });

  it('waits twice as long after each probe that fails, up to the longest', () => {
    const { clock, circuit } = broken({ coolDownMs: 1_000, maxCoolDownMs: 3_000 });
    clock.advance(1_000);
    for (const waitMs of [2_000, 3_000, 3_000]) {
      probe(circuit).fail();
      expect(circuit.retryInMs()).toBe(waitMs);
      clock.advance(waitMs);
    }
    probe(circuit).succeed();
    for (let call = 0; call < 3; call++) circuit.enter()!.fail();
    expect(circuit.retryInMs()).toBe(1_000);
  });

  it('lets the next one probe when a probe was called off', () => {
    const { clock, circuit } = broken();
    clock.advance(30_000);
    probe(circuit).release();
    probe(circuit).succeed();
    expect(circuit.state()).toBe('closed');
  });

  it('counts a call once, whatever comes after', () => {
    const circuit = createCircuit({ clock: createManualClock() });
    const pass = circuit.enter()!;
    pass.release();
    pass.fail();
    pass.fail();
    expect(circuit.failures()).toBe(0);
  });

  it('does not trust the success of a call from before it opened', () => {
    const circuit = createCircuit({ clock: createManualClock() });
    const early = circuit.enter()!;
    for (let call = 0; call < 3; call++) circuit.enter()!.fail();
    early.succeed();
    expect(circuit.state()).toBe('open');
  });

  it('opens at once for as long as a provider asked for', () => {
    const clock = createManualClock();
    const circuit = createCircuit({ clock });
    circuit.enter()!.limit(90_000);
    expect(circuit.retryInMs()).toBe(90_000);
    clock.advance(90_000);
    expect(circuit.state()).toBe('half-open');
  });
});

describe('a limit that was reached', () => {
  it('keeps calls away for a minute where nobody said how long, and twice as long each time', () => {
    const clock = createManualClock();
    const circuit = createCircuit({ clock });
    for (const restMs of [60_000, 120_000, 240_000]) {
      probe(circuit).limit(undefined);
      expect(circuit.retryInMs()).toBe(restMs);
      clock.advance(restMs);
    }
    probe(circuit).succeed();
    probe(circuit).limit(undefined);
    expect(circuit.retryInMs()).toBe(60_000);
  });

  it('is one limit for calls that were under way together, and holds for a day at most', () => {
    const clock = createManualClock();
    const circuit = createCircuit({ clock });
    const passes = [probe(circuit), probe(circuit), probe(circuit)];
    for (const pass of passes) pass.limit(undefined);
    expect(circuit.retryInMs()).toBe(60_000);
    clock.advance(60_000);
    probe(circuit).limit(40 * 86_400_000);
    expect(circuit.retryInMs()).toBe(86_400_000);
  });
});
