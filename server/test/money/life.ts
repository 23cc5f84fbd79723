/**
 * The life of a process. Everything that it does beyond its own memory passes through here: once the life is over, nothing of
 * it goes on, as after SIGKILL.
 */
export interface Life {
  readonly isOver: boolean;
  /** Calls `work` when it ends, at once when it has. */
  onEnd(work: () => void): void;
  /** A step that reached the outside is done. Never resolves once the life is over: who waits for it waits for ever. */
  step(): Promise<void>;
  /** As {@link step}, inside a transaction, which has to be rolled back: throws {@link EndOfLife}. */
  stepOrThrow(): Promise<void>;
  /** Lets it end with the `steps`-th step from now. */
  endAfter(steps: number): void;
}

/** What ends the transactions of a process that died. Nobody in it lives to catch it. */
export class EndOfLife extends Error {
  override readonly name = 'EndOfLife';
}

/** `pause`: called with each step, answers the microtasks it takes, so that what runs side by side comes in every order. */
export function createLife(pause: () => number): Life {
  let stepsLeft = Number.POSITIVE_INFINITY;
  let isOver = false;
  let listeners: (() => void)[] = [];

  async function take(): Promise<void> {
    for (let left = pause(); left > 0; left--) await Promise.resolve();
    if (isOver || --stepsLeft > 0) return;
    isOver = true;
    for (const listener of listeners.splice(0)) listener();
  }

  return {
    get isOver() {
      return isOver;
    },
    onEnd(work) {
      if (isOver) work();
      else listeners = [...listeners, work];
    },
    async step() {
      await take();
      if (isOver) await never();
    },
    async stepOrThrow() {
      await take();
      if (isOver) throw new EndOfLife('The process died.');
    },
    endAfter: (steps) => void (stepsLeft = steps),
  };
}

/** Waits for ever, and is forgotten with whoever waits. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
