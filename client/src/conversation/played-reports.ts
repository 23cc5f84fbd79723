/** Tells the server how far the loudspeaker got, often enough and no more. */
export interface PlayedReports {
  /** Goes out at once, or when enough time has passed since the last; `isFinal` always at once. */
  report(audioId: number, ms: number, isFinal: boolean): void;
  /** Sends what waits. */
  flush(): void;
  /** Forgets what waits. */
  clear(): void;
}

export interface PlayedReportsOptions {
  readonly everyMs: number;
  readonly send: (audioId: number, ms: number) => void;
}

export function createPlayedReports({ everyMs, send }: PlayedReportsOptions): PlayedReports {
  let waiting: { readonly audioId: number; readonly ms: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    if (waiting === null) return;
    const { audioId, ms } = waiting;
    waiting = null;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      flush();
    }, everyMs);
    send(audioId, ms);
  };

  return {
    flush,
    report(audioId, ms, isFinal) {
      // How far another sound got must not be lost over this one.
      if (waiting !== null && waiting.audioId !== audioId) flush();
      waiting = { audioId, ms };
      if (isFinal || timer === undefined) flush();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      waiting = null;
    },
  };
}
