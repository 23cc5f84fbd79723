import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { KioskEngine, Trouble } from './engine.ts';
import { parseInput } from './input.ts';
import type { KioskStore } from './kiosk-store.ts';
import { plainLines } from './plain-lines.ts';
import { wordsOf } from './words-of.ts';

export interface PlainModeOptions {
  readonly store: KioskStore;
  readonly engine: KioskEngine;
  /** Lines to begin with, as if they were typed. */
  readonly script: readonly string[];
  /** Typed lines; null where nothing is read after the script. */
  readonly input: Readable | null;
  /** Whether someone sits at the input: then a server that is away is waited for. */
  readonly interactive: boolean;
  /** Whether turns are kept while the server is away: then it is no trouble. */
  readonly keepsTurns: boolean;
  /** Writes one line; null where answers are printed otherwise. */
  readonly print: ((line: string) => void) | null;
  /** What went wrong, for people, where `print` is null. */
  readonly complain: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** The kiosk in plain lines. Resolves with what kept it from going on, or null. */
export async function runPlainMode(options: PlainModeOptions): Promise<Trouble | null> {
  const { store, engine, script, input, interactive, keepsTurns, print, complain, signal } = options;
  const unfollow = store.follow((before, event, after) => {
    const isTrouble = event.type === 'problem' || event.type === 'turn-failed';
    const out = print ?? (isTrouble ? complain : null);
    for (const line of plainLines(before, event, after, { echo: !interactive })) out?.(line);
  });
  let trouble: Trouble | null = null;
  try {
    const words = wordsOf(store.state.language);
    print?.(`${words.title} · ${store.state.server}`);
    const found = await engine.connect();
    if (signal.aborted) return null;
    if (found !== null && !interactive && !keepsTurns) return found;
    print?.(`${words.kiosk}: ${words.greeting}`);
    for await (const line of linesFrom(script, input, signal)) {
      if (signal.aborted) break;
      const parsed = parseInput(line, store.state);
      if (parsed.type === 'quit') return trouble;
      const met = await engine.perform(parsed);
      trouble = met ?? trouble;
      if (met !== null && met !== 'refused' && !interactive) break;
    }
    await engine.finished();
    return trouble;
  } finally {
    unfollow();
  }
}

async function* linesFrom(
  script: readonly string[],
  input: Readable | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield* script;
  if (input === null || signal.aborted) return;
  const lines = createInterface({ input, crlfDelay: Infinity });
  const close = () => lines.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const line of lines) yield line;
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}
