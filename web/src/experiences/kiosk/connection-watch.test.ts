import { MalbeotError } from '@malbeot/client';
import type { KioskMenu, KioskSession } from '@malbeot/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnectionWatch } from './connection-watch.ts';

const session = { session_id: 'ses_1' } as KioskSession;

describe('looking for a lost server', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function looking(answers: readonly (KioskSession | null | Error)[], menu: () => Promise<KioskMenu>) {
    const found: (KioskSession | null)[] = [];
    let asked = 0;
    const watch = createConnectionWatch({
      client: {
        session: () => {
          const answer = answers[Math.min(asked, answers.length - 1)]!;
          asked += 1;
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
        menu,
      },
      onBack: (back) => found.push(back),
    });
    return { watch, found };
  }
  const menu = () => Promise.resolve({} as KioskMenu);

  it('asks until the session is there, and looks once however often it is told', async () => {
    const away = new MalbeotError('NETWORK');
    const { watch, found } = looking([away, away, session], menu);
    const { signal } = new AbortController();
    watch.lost(signal);
    watch.lost(signal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(found).toEqual([session]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes a session that is over, and a menu where there is none, for an answer', async () => {
    const over = looking([new MalbeotError('NOT_FOUND', { status: 404 })], menu);
    const fresh = looking([null], menu);
    for (const { watch } of [over, fresh]) watch.lost(new AbortController().signal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(over.found).toEqual([null]);
    expect(fresh.found).toEqual([null]);
  });

  it('ends with its signal', async () => {
    const { watch, found } = looking([null], () => Promise.reject(new MalbeotError('NETWORK')));
    const life = new AbortController();
    watch.lost(life.signal);
    await vi.advanceTimersByTimeAsync(20_000);
    life.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(found).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
