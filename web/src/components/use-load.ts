import { MalbeotError } from '@malbeot/client';
import { useCallback, useEffect, useState } from 'react';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: MalbeotError }
  | { readonly state: 'ready'; readonly value: T };

type Load<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs `load` once, and again when `reload` is called or `load` itself changes; a load that is left behind is aborted.
 */
export function useLoad<T>(load: Load<T>): readonly [Loaded<T>, () => void] {
  const [attempt, setAttempt] = useState(0);
  const [settled, setSettled] = useState<{
    readonly of: Load<T>;
    readonly attempt: number;
    readonly loaded: Loaded<T>;
  }>();
  useEffect(() => {
    const controller = new AbortController();
    const run = async () => {
      const loaded = await settle(load, controller.signal);
      if (!controller.signal.aborted) setSettled({ of: load, attempt, loaded });
    };
    void run();
    return () => controller.abort();
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const current = settled !== undefined && settled.of === load && settled.attempt === attempt;
  return [current ? settled.loaded : { state: 'loading' }, reload];
}

async function settle<T>(load: Load<T>, signal: AbortSignal): Promise<Loaded<T>> {
  try {
    return { state: 'ready', value: await load(signal) };
  } catch (cause) {
    const error = cause instanceof MalbeotError ? cause : new MalbeotError('BAD_ANSWER', { cause });
    return { state: 'failed', error };
  }
}
