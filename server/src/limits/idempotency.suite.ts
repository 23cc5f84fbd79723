import { expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import type { IdempotencyStore, StoredAnswer } from './stores.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = 1_795_219_200_000;
  return { now: () => now, monotonicMs: () => now, advance: (ms) => void (now += ms) };
}

const answer: StoredAnswer = {
  status: 201,
  headers: { 'content-type': 'application/json' },
  body: '{"말":"🍔"}',
};
const never = new AbortController().signal;
const TEN_MINUTES = 600_000;

/** What every `IdempotencyStore` does. */
export function idempotencySuite(
  makeStore: (clock: Clock) => IdempotencyStore | Promise<IdempotencyStore>,
): void {
  async function setUp() {
    const clock = manualClock();
    return { clock, store: await makeStore(clock) };
  }

  it('gives the first answer to every repeat for as long as it was told', async () => {
    const { clock, store } = await setUp();
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'claimed' });
    await store.answer('k', answer, TEN_MINUTES);
    clock.advance(TEN_MINUTES - 1);
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'answered', answer });
    clock.advance(1);
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'claimed' });
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'running' });
  });

  it('lets one of many run', async () => {
    const { store } = await setUp();
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim('k', 'print', 1000)));
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ state }) => state === 'running')).toHaveLength(19);
  });

  it('tells another request with the same key, running or answered', async () => {
    const { store } = await setUp();
    await store.claim('k', 'print', 1000);
    expect(await store.claim('k', 'other', 1000)).toEqual({ state: 'mismatch' });
    await store.answer('k', answer, TEN_MINUTES);
    expect(await store.claim('k', 'other', 1000)).toEqual({ state: 'mismatch' });
    expect(await store.claim('l', 'other', 1000)).toEqual({ state: 'claimed' });
  });

  it('gives a key back whose request failed, but none that has its answer', async () => {
    const { store } = await setUp();
    await store.claim('k', 'print', 1000);
    await store.release('k');
    expect(await store.claim('k', 'other', 1000)).toEqual({ state: 'claimed' });
    await store.answer('k', answer, TEN_MINUTES);
    await store.release('k');
    expect(await store.claim('k', 'other', 1000)).toEqual({ state: 'answered', answer });
    await store.release('unknown');
  });

  it('frees a key whose process was killed, once', async () => {
    const { clock, store } = await setUp();
    await store.claim('k', 'print', 1000);
    clock.advance(999);
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'running' });
    clock.advance(1);
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim('k', 'again', 1000)));
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
  });

  it('keeps the first of two answers', async () => {
    const { store } = await setUp();
    await store.claim('k', 'print', 1000);
    await store.answer('k', answer, TEN_MINUTES);
    await store.answer('k', { ...answer, body: 'second' }, TEN_MINUTES);
    expect(await store.claim('k', 'print', 1000)).toEqual({ state: 'answered', answer });
  });

  it('takes keys, fingerprints and bodies of any length', async () => {
    const { store } = await setUp();
    const key = '키'.repeat(300);
    const body = '답'.repeat(70_000);
    await store.claim(key, 'f'.repeat(400), 1000);
    await store.answer(key, { status: 200, headers: {}, body }, TEN_MINUTES);
    expect(await store.claim(`${key}2`, 'x', 1000)).toEqual({ state: 'claimed' });
    expect(await store.claim(key, 'f'.repeat(400), 1000)).toEqual({
      state: 'answered',
      answer: { status: 200, headers: {}, body },
    });
  });

  it('sweeps what has expired and nothing else', async () => {
    const { clock, store } = await setUp();
    await store.claim('running', 'p', 5000);
    await store.claim('lost', 'p', 1000);
    await store.claim('old', 'p', 1000);
    await store.answer('old', answer, 1000);
    await store.claim('new', 'p', 1000);
    await store.answer('new', answer, 5000);
    clock.advance(1000);
    expect(await store.sweep(never)).toBe(2);
    expect(await store.sweep(never)).toBe(0);
    expect(await store.claim('running', 'p', 1)).toEqual({ state: 'running' });
    expect(await store.claim('new', 'p', 1)).toEqual({ state: 'answered', answer });
  });
}
