import { useEffect, useEffectEvent, useState } from 'react';

const TICK_MS = 250;

export interface CountdownOptions {
  /** Null never ends. A new limit starts over. */
  readonly limitMs: number | null;
  /** While true no time passes. */
  readonly held?: boolean;
  /** Called once when the time is up. */
  readonly onEnd: () => void;
}

/** Counts `limitMs` down; `extend` starts over with the full limit. */
export function useCountdown({ limitMs, held = false, onEnd }: CountdownOptions): {
  readonly leftMs: number | null;
  readonly extend: () => void;
} {
  const [clock, setClock] = useState({ limitMs, leftMs: limitMs });
  if (clock.limitMs !== limitMs) setClock({ limitMs, leftMs: limitMs });
  const { leftMs } = clock;
  const running = leftMs !== null && leftMs > 0;
  useEffect(() => {
    if (held || !running) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passedMs = now - last;
      last = now;
      setClock((before) => ({
        ...before,
        leftMs: before.leftMs === null ? null : Math.max(0, before.leftMs - passedMs),
      }));
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [held, running]);
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    if (leftMs === 0) end();
  }, [leftMs]);
  return { leftMs, extend: () => setClock({ limitMs, leftMs: limitMs }) };
}
