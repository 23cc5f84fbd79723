import { getEventListeners } from 'node:events';

import { expect, it } from 'vitest';

import { ProviderError, type Provider } from '../spec/provider.ts';

/** Makes a provider that the test owns; `end` gives back what it stands on. */
export interface Subject<P extends Provider> {
  readonly provider: P;
  end(): Promise<void>;
}

/** Hands a fresh provider to `check` and ends it. */
export async function withSubject<P extends Provider>(
  make: () => Promise<Subject<P>>,
  check: (provider: P) => Promise<void>,
): Promise<void> {
  const subject = await make();
  try {
    await check(subject.provider);
  } finally {
    await subject.provider.close?.();
    await subject.end();
  }
}

/** A signal that nobody aborts. */
export function quiet(): AbortSignal {
  return new AbortController().signal;
}

/** How many listeners are left on `signal`. */
export function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** The error that `work` throws, which has to be one of a provider. */
export async function providerErrorOf(work: Promise<unknown>): Promise<ProviderError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ProviderError);
  return thrown as ProviderError;
}

/** What holds for a provider of any kind. `use` makes one small call. */
export function providerChecks<P extends Provider>(
  make: () => Promise<Subject<P>>,
  use: (provider: P, signal: AbortSignal) => Promise<unknown>,
): void {
  it('says who it is', () =>
    withSubject(make, async ({ info }) => {
      expect(info.id).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(info.name).not.toBe('');
      for (const language of info.languages) expect(language).toMatch(/^[a-z]{2,3}$/);
    }));

  it('can run here, and says so again and again', () =>
    withSubject(make, async (provider) => {
      expect(provider.availability()).toEqual({ available: true });
      expect(provider.availability()).toEqual({ available: true });
    }));

  it('preloads more than once', () =>
    withSubject(make, async (provider) => {
      await provider.preload?.(quiet());
      await expect(provider.preload?.(quiet()) ?? Promise.resolve()).resolves.toBeUndefined();
    }));

  it('does nothing for a signal that has aborted', () =>
    withSubject(make, async (provider) => {
      await expect(use(provider, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    }));

  it('leaves no listener on the signal', () =>
    withSubject(make, async (provider) => {
      const signal = quiet();
      await use(provider, signal);
      expect(listenersOn(signal)).toBe(0);
    }));

  it('throws AbortError when called off, and works afterwards', () =>
    withSubject(make, async (provider) => {
      await use(provider, quiet());
      const controller = new AbortController();
      const call = use(provider, controller.signal);
      queueMicrotask(() => controller.abort());
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
      expect(listenersOn(controller.signal)).toBe(0);
      await use(provider, quiet());
    }));

  it('closes more than once and is unavailable then', () =>
    withSubject(make, async (provider) => {
      await use(provider, quiet());
      await provider.close?.();
      await provider.close?.();
      const error = await providerErrorOf(use(provider, quiet()));
      expect(error.kind).toBe('unavailable');
    }));

  it('fails a call in flight with unavailable when it is closed', () =>
    withSubject(make, async (provider) => {
      await use(provider, quiet());
      const failing = providerErrorOf(use(provider, quiet()));
      queueMicrotask(() => void provider.close?.());
      expect((await failing).kind).toBe('unavailable');
    }));
}
