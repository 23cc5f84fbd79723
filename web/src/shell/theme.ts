import { useEffect, useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../storage.ts';

export type Theme = 'light' | 'dark' | 'contrast';

const STORED_AS = 'malbeot.theme';
const listeners = new Set<() => void>();
/** Themes asked for by what is on the screen now, such as the kiosk's high contrast; the last one wins. */
const overrides: Theme[] = [];

function preferred(): Theme {
  const stored = readStored(STORED_AS);
  if (stored === 'light' || stored === 'dark' || stored === 'contrast') return stored;
  if (matches('(prefers-contrast: more)')) return 'contrast';
  return matches('(prefers-color-scheme: dark)') ? 'dark' : 'light';
}

function matches(query: string): boolean {
  return typeof globalThis.matchMedia === 'function' && globalThis.matchMedia(query).matches;
}

function apply(): void {
  document.documentElement.dataset['theme'] = overrides.at(-1) ?? preferred();
  for (const listener of listeners) listener();
}

/** Puts the theme in force before the first paint and follows the system's. */
export function startTheme(): void {
  apply();
  if (typeof globalThis.matchMedia !== 'function') return;
  for (const query of ['(prefers-contrast: more)', '(prefers-color-scheme: dark)']) {
    globalThis.matchMedia(query).addEventListener('change', apply);
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The reader's theme, and how to change it. */
export function useTheme(): { readonly theme: Theme; readonly setTheme: (theme: Theme) => void } {
  const theme = useSyncExternalStore(subscribe, preferred);
  return {
    theme,
    setTheme: (next) => {
      writeStored(STORED_AS, next);
      apply();
    },
  };
}

/** Holds the page in `theme` while the component is there; null leaves it to the reader. */
export function useThemeOverride(theme: Theme | null): void {
  useEffect(() => {
    if (theme === null) return;
    overrides.push(theme);
    apply();
    return () => {
      overrides.splice(overrides.lastIndexOf(theme), 1);
      apply();
    };
  }, [theme]);
}
