/** One request in the log of traffic: what is needed to find a fault, and nothing that was said, no key and no token. */
export interface TrafficEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Method and path, ids left out: `GET /api/kiosk/orders/:id`. */
  readonly route: string;
  /** HTTP status; null where nothing answered. */
  readonly status: number | null;
  /** Why nothing usable came; null otherwise. */
  readonly code: string | null;
  readonly ms: number;
  /** Bytes of the body sent; null where the platform built it while sending. */
  readonly sent: number | null;
  /** Bytes of the body that came back. */
  readonly received: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** To look up in the server's log. */
  readonly request_id: string | null;
  readonly session_id: string | null;
}

/** Keeps the last requests. Never throws and never holds a request up. */
export interface TrafficLog {
  write(entry: TrafficEntry): void;
  /** What is kept, oldest first. */
  entries(): Promise<readonly TrafficEntry[]>;
  /** Finishes what was written. */
  close(): Promise<void>;
}

/** A log in memory of the last `limit` requests (default 200): for browsers, and wherever no folder is at hand. */
export function createTrafficRing({ limit = 200 }: { readonly limit?: number } = {}): TrafficLog {
  const kept: TrafficEntry[] = [];
  return {
    write(entry) {
      kept.push(entry);
      if (kept.length > limit) kept.shift();
    },
    entries: () => Promise.resolve([...kept]),
    close: () => Promise.resolve(),
  };
}

/** Where a request goes, for logs and metrics: no host, no query, no ids. Ids of voices and sessions open doors. */
export function routeOf(method: string, url: URL, base: URL): string {
  if (url.origin !== base.origin) return `${method} (another server)`;
  const path = url.pathname
    .split('/')
    .map((segment) => (/^[a-z]{2,5}_|^.{24,}$/.test(decodeSegment(segment)) ? ':id' : segment))
    .join('/');
  return `${method} ${path}`;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
