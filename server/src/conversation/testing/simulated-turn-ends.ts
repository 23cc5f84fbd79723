import { AbortedError } from '../../lib/abort.ts';
import type { Timers } from '../../lib/timers.ts';
import { ProviderError } from '../../providers/spec/provider.ts';
import type { TurnEndDetector } from '../../providers/spec/turn-end.ts';

export interface SimulatedTurnEndsOptions {
  readonly timers: Timers;
  /** What it answers: one for all questions, or by the sound. */
  readonly probability: number | null | ((samples: Float32Array) => number | null);
  /** How long it takes; 30 ms. Infinity: it never answers. */
  readonly tookMs?: number;
  /** BCP 47 primary languages; all of them. */
  readonly languages?: readonly string[];
}

/** A detector of turn ends with set answers, and a list of what it was asked. */
export interface SimulatedTurnEnds extends TurnEndDetector {
  /** Samples of each question. */
  readonly asked: readonly number[];
  /** Questions that are not settled. */
  readonly open: number;
}

export function createSimulatedTurnEnds({
  timers,
  probability,
  tookMs = 30,
  languages = [],
}: SimulatedTurnEndsOptions): SimulatedTurnEnds {
  const asked: number[] = [];
  const closing = new AbortController();
  let open = 0;
  const closed = () => new ProviderError('unavailable', 'fake_turn_end', 'It is closed.');

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        callOff?.();
        signal.removeEventListener('abort', onAbort);
        closing.signal.removeEventListener('abort', onClose);
        end();
      };
      const onAbort = () => settle(() => reject(new AbortedError(signal.reason)));
      const onClose = () => settle(() => reject(closed()));
      const callOff = tookMs === Infinity ? undefined : timers.after(tookMs, () => settle(resolve));
      signal.addEventListener('abort', onAbort);
      closing.signal.addEventListener('abort', onClose);
    });
  }

  return {
    kind: 'turn_end',
    info: {
      id: 'fake_turn_end',
      name: 'Simulated turn ends',
      cost: 'free',
      local: true,
      standIn: true,
      languages,
      needs: '',
    },
    availability: () => ({ available: true }),
    asked,
    get open() {
      return open;
    },
    async judge(samples, signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (closing.signal.aborted) throw closed();
      asked.push(samples.length);
      open++;
      try {
        await wait(signal);
        return typeof probability === 'function' ? probability(samples) : probability;
      } finally {
        open--;
      }
    },
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };
}
