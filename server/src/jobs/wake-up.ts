/** Lets one waiter sleep until something happens. A call that comes while nobody sleeps is not lost. */
export interface WakeUp {
  wake(): void;
  /** Resolves at `wake`, after `ms`, or when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let pending = false;
  let sleeper: (() => void) | undefined;
  return {
    wake() {
      if (sleeper === undefined) pending = true;
      else sleeper();
    },
    sleep(ms, signal) {
      if (pending || signal.aborted) {
        pending = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          sleeper = undefined;
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener('abort', end, { once: true });
        sleeper = end;
      });
    },
  };
}
