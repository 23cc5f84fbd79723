import { useEffect, useState } from 'react';

const signs = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/**
 * True once nobody has touched or typed anything for `limitMs`, and `activity` has not changed either. Never while
 * `enabled` is false. The function begins the wait anew.
 */
export function useIdle(limitMs: number, enabled: boolean, activity: string): readonly [boolean, () => void] {
  const [stays, setStays] = useState(0);
  const [idleAt, setIdleAt] = useState<string | null>(null);
  const wait = `${enabled} ${limitMs} ${stays} ${activity}`;
  useEffect(() => {
    if (!enabled) return;
    const settle = () => setIdleAt(wait);
    let timer = setTimeout(settle, limitMs);
    const onSign = () => {
      clearTimeout(timer);
      timer = setTimeout(settle, limitMs);
    };
    for (const sign of signs) document.addEventListener(sign, onSign, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) document.removeEventListener(sign, onSign, { capture: true });
    };
  }, [limitMs, enabled, wait]);
  return [enabled && idleAt === wait, () => setStays((count) => count + 1)];
}
