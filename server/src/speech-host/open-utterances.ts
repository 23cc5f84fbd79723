import { HostError } from '../lib/child-host-channel.ts';
import type { OpenUtterance } from './recognizer.ts';

interface Kept {
  readonly utterance: OpenUtterance;
  readonly release: () => void;
  usedAt: number;
}

/** Utterances that are being said, by the id that their speaker's side gave them. */
export interface OpenUtterances {
  /** Refuses what `add` would refuse. @throws {HostError} `unavailable`, `invalid_input`. */
  check(id: string): void;
  /** `release` is called when the utterance is closed. */
  add(id: string, utterance: OpenUtterance, release: () => void): void;
  /** @throws {HostError} `unavailable` for one that is not open, or not any more. */
  get(id: string): OpenUtterance;
  isOpen(id: string): boolean;
  close(id: string): void;
}

const MAX_OPEN = 64;
/** Longer than an utterance may last. */
const FORGOTTEN_AFTER_MS = 300_000;

/** Holds 64 at most. One of which nothing was heard for five minutes makes room for another. */
export function createOpenUtterances(now: () => number = () => performance.now()): OpenUtterances {
  const open = new Map<string, Kept>();

  function close(id: string): void {
    const kept = open.get(id);
    open.delete(id);
    kept?.release();
  }

  function check(id: string): void {
    if (open.has(id)) throw new HostError('invalid_input', `The stream ${id} is open already.`);
    if (open.size < MAX_OPEN) return;
    const forgotten = [...open].filter(([, kept]) => now() - kept.usedAt > FORGOTTEN_AFTER_MS);
    if (forgotten.length === 0)
      throw new HostError('unavailable', `${MAX_OPEN} streams are open already. Try again in a moment.`);
    for (const [old] of forgotten) close(old);
  }

  return {
    check,
    add(id, utterance, release) {
      check(id);
      open.set(id, { utterance, release, usedAt: now() });
    },
    get(id) {
      const kept = open.get(id);
      if (kept === undefined) throw new HostError('unavailable', 'The stream is not open any more.');
      kept.usedAt = now();
      return kept.utterance;
    },
    isOpen: (id) => open.has(id),
    close,
  };
}
