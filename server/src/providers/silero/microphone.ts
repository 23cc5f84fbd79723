import { AbortedError } from '../../lib/abort.ts';

/** One frame that somebody waits for. */
export interface Asked {
  readonly microphone: number;
  readonly frame: Float32Array;
  /** What its level says of it. */
  readonly byLevel: number;
  /** Answers it. False when it was answered before. */
  settle(answer: number | Error): boolean;
}

/** The frames of one open microphone that are asked about. */
export interface Microphone {
  readonly id: number;
  /** Frames that wait to be sent. */
  readonly waiting: number;
  /** Makes a frame to be answered, hands it to `enter`, and waits for its answer or for `signal`. Leaves no listener. */
  ask(
    frame: Float32Array,
    byLevel: number,
    signal: AbortSignal,
    enter: (asked: Asked) => void,
  ): Promise<number>;
  /** Puts a frame in line. Gives the oldest where there are too many, which is out of the line then. */
  push(asked: Asked): Asked | undefined;
  /** Takes up to `most` out of the line, the oldest first. */
  take(most: number): readonly Asked[];
  /** Answers everything that is open, sent or not, with `error`. */
  close(error: Error): void;
}

/** 3 s of sound; who is so far behind learns more from what is said now. */
const MOST_WAITING = 94;

export function createMicrophone(id: number): Microphone {
  const line: Asked[] = [];
  /** All that are not answered, by the signal that may call them off; one listener a signal. */
  const open = new Map<AbortSignal, Set<Asked>>();

  function watch(signal: AbortSignal, asked: Asked): () => void {
    let all = open.get(signal);
    if (all === undefined) {
      all = new Set();
      open.set(signal, all);
      signal.addEventListener('abort', onAbort, { once: true });
    }
    all.add(asked);
    const watched = all;
    return () => {
      watched.delete(asked);
      if (watched.size > 0 || open.get(signal) !== watched) return;
      open.delete(signal);
      signal.removeEventListener('abort', onAbort);
    };
  }

  function onAbort(this: AbortSignal): void {
    const all = open.get(this);
    for (const asked of all ?? []) {
      const place = line.indexOf(asked);
      if (place >= 0) line.splice(place, 1);
      asked.settle(new AbortedError(this.reason));
    }
  }

  return {
    id,
    get waiting() {
      return line.length;
    },
    ask: (frame, byLevel, signal, enter) =>
      new Promise((resolve, reject) => {
        let isSettled = false;
        const asked: Asked = {
          microphone: id,
          frame,
          byLevel,
          settle(answer) {
            if (isSettled) return false;
            isSettled = true;
            unwatch();
            if (typeof answer === 'number') resolve(answer);
            else reject(answer);
            return true;
          },
        };
        const unwatch = watch(signal, asked);
        enter(asked);
      }),
    push(asked) {
      line.push(asked);
      return line.length > MOST_WAITING ? line.shift() : undefined;
    },
    take: (most) => line.splice(0, Math.min(most, line.length)),
    close(error) {
      line.length = 0;
      for (const all of open.values()) for (const asked of all) asked.settle(error);
    },
  };
}
