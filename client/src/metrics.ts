/** What the client tells of its work, for dashboards and alarms. Nothing a person said is in it. Times in milliseconds. */
export type ClientMetric =
  /** A request goes out. `bytes`: its body as it is sent; null where the platform builds it while sending. */
  | {
      readonly type: 'try-start';
      readonly route: string;
      readonly attempt: number;
      readonly bytes: number | null;
    }
  /** Its end. `status` is null and `code` says why where nothing usable came; `bytes` is what came back. */
  | {
      readonly type: 'try-end';
      readonly route: string;
      readonly attempt: number;
      readonly status: number | null;
      readonly code: string | null;
      readonly durationMs: number;
      readonly bytes: number;
    }
  /** The same request will be tried again after `waitMs`. */
  | {
      readonly type: 'retry-wait';
      readonly route: string;
      readonly attempt: number;
      readonly waitMs: number;
    }
  /** What the offline queue holds now: turns that are not delivered, their bytes with those kept beside them. */
  | { readonly type: 'queue-depth'; readonly turns: number; readonly bytes: number }
  /** A turn stays in the offline queue because nothing can be reached or others wait before it. */
  | { readonly type: 'turn-queued'; readonly number: number; readonly bytes: number }
  /** A queued turn is with the server; `waitedMs` since it was said. */
  | { readonly type: 'turn-delivered'; readonly number: number; readonly waitedMs: number }
  /** A queued turn can't be sent without a person's decision. */
  | { readonly type: 'turn-held'; readonly number: number; readonly reason: string }
  /** The queue's own store fails; what is kept is tried again. */
  | { readonly type: 'queue-error'; readonly code: string }
  /** A turn was not taken, or what was held was given up. */
  | { readonly type: 'turn-dropped'; readonly number: number | null; readonly reason: string };

/** Takes metrics. What it throws is ignored. */
export type MetricHook = (metric: ClientMetric) => void;

/** A hook that never throws into the client; does nothing without one. */
export function guardedHook<Told>(hook: ((told: Told) => unknown) | undefined): (told: Told) => void {
  if (hook === undefined) return () => undefined;
  return (told) => {
    try {
      const result = hook(told);
      if (result instanceof Promise) result.catch(() => undefined);
    } catch {
      // Measuring must never cost an order.
    }
  };
}
