import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AbortedError, childOf, delay, isAbort, TimeoutError, withTimeout } from './abort.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('childOf', () => {
  it('ends with its parent, not the parent with it', () => {
    const root = new AbortController();
    const [first, second] = [childOf(root.signal), childOf(root.signal)];
    first.abort('enough');
    expect([first.signal.aborted, second.signal.aborted, root.signal.aborted]).toEqual([true, false, false]);
    root.abort('all');
    expect(second.signal.reason).toBe('all');
    expect(childOf(root.signal).signal.aborted).toBe(true);
  });

  it('leaves no listener once unlinked', () => {
    const root = new AbortController();
    const children = Array.from({ length: 50 }, () => childOf(root.signal));
    expect(listeners(root.signal)).toBe(50);
    for (const child of children) child.unlink();
    expect(listeners(root.signal)).toBe(0);
  });
});

describe('delay', () => {
  it('waits its time and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    const waited = delay(1_000, signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await waited;
    expect([vi.getTimerCount(), listeners(signal)]).toEqual([0, 0]);
  });

  it('ends at once when aborted, before and while it waits', async () => {
    const controller = new AbortController();
    const waiting = delay(1_000, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toSatisfy(isAbort);
    await expect(delay(1_000, controller.signal)).rejects.toBeInstanceOf(AbortedError);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('withTimeout', () => {
  it('gives the result, and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    await expect(withTimeout(1_000, signal, () => Promise.resolve(7))).resolves.toBe(7);
    expect([vi.getTimerCount(), listeners(signal)]).toEqual([0, 0]);
  });

  it('ends work that ignores its signal, and tells that signal', async () => {
    let inner: AbortSignal | undefined;
    const work = withTimeout(1_000, new AbortController().signal, (signal) => {
      inner = signal;
      return new Promise<never>(() => {});
    });
    const checked = expect(work).rejects.toBeInstanceOf(TimeoutError);
    await vi.advanceTimersByTimeAsync(1_000);
    await checked;
    expect(inner?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells an abort from a timeout', async () => {
    const controller = new AbortController();
    const work = withTimeout(1_000, controller.signal, () => new Promise<never>(() => {}));
    controller.abort(new Error('the client left'));
    await expect(work).rejects.toThrow('the client left');
    await expect(work).rejects.toSatisfy(isAbort);
    expect([vi.getTimerCount(), listeners(controller.signal)]).toEqual([0, 0]);
  });
});
