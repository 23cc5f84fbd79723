/** What is kept in the browser. Storage that is full or forbidden is no error: the page then forgets. */

/** The text kept under `key`; null when there is none. */
export function readStored(key: string, where: 'local' | 'session' = 'local'): string | null {
  try {
    return storageOf(where).getItem(key);
  } catch {
    return null;
  }
}

/** Keeps `value` under `key`; null removes it. */
export function writeStored(key: string, value: string | null, where: 'local' | 'session' = 'local'): void {
  try {
    if (value === null) storageOf(where).removeItem(key);
    else storageOf(where).setItem(key, value);
  } catch {
    // Nothing else to do: what was to be kept lasts as long as the page.
  }
}

function storageOf(where: 'local' | 'session'): Storage {
  return where === 'local' ? globalThis.localStorage : globalThis.sessionStorage;
}
