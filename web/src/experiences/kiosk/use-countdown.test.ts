import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useCountdown } from './use-countdown.ts';
import { useIdle } from './use-idle.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });

describe('useCountdown', () => {
  it('ends once, after its limit', () => {
    const onEnd = vi.fn<() => void>();
    const { result } = renderHook(() => useCountdown({ limitMs: 30_000, onEnd }));
    pass(29_000);
    expect(onEnd).not.toHaveBeenCalled();
    expect(result.current.leftMs).toBe(1000);
    pass(60_000);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('can be extended, and is held while a person is heard', () => {
    const onEnd = vi.fn<() => void>();
    const { result, rerender } = renderHook(({ held }) => useCountdown({ limitMs: 30_000, held, onEnd }), {
      initialProps: { held: false },
    });
    pass(20_000);
    act(() => result.current.extend());
    pass(29_000);
    rerender({ held: true });
    pass(60_000);
    expect(onEnd).not.toHaveBeenCalled();
    rerender({ held: false });
    pass(1000);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('without a limit never ends and leaves no timer', () => {
    const onEnd = vi.fn<() => void>();
    renderHook(() => useCountdown({ limitMs: null, onEnd }));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind', () => {
    const { unmount } = renderHook(() => useCountdown({ limitMs: 30_000, onEnd: () => undefined }));
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('useIdle', () => {
  it('notices that nobody touches anything, and that somebody does', () => {
    const { result, unmount } = renderHook(() => useIdle(60_000, true, ''));
    pass(59_000);
    act(() => {
      document.dispatchEvent(new Event('pointerdown'));
    });
    pass(59_000);
    expect(result.current[0]).toBe(false);
    pass(1000);
    expect(result.current[0]).toBe(true);
    act(() => result.current[1]());
    expect(result.current[0]).toBe(false);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not count while it is off or something goes on', () => {
    const { result, rerender } = renderHook(({ enabled, activity }) => useIdle(60_000, enabled, activity), {
      initialProps: { enabled: false, activity: '0' },
    });
    pass(100_000);
    expect(result.current[0]).toBe(false);
    rerender({ enabled: true, activity: '0' });
    pass(50_000);
    rerender({ enabled: true, activity: '1' });
    pass(50_000);
    expect(result.current[0]).toBe(false);
  });
});
