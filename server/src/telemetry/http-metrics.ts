import type { Registry } from 'prom-client';

/** Upper bounds in seconds: a cached read takes well under a millisecond, a turn with a cloud model some seconds. */
const BOUNDS = [
  0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** Counts of one route and method. */
export interface RouteCounts {
  /** Counts one answer. `durationMs` is from the first byte of the request to the last of the answer. */
  observe(status: number, durationMs: number): void;
}

export interface HttpMetrics {
  /** Counters for a route template and method; keep them, they are the same for every request of the route. */
  route(method: string, template: string): RouteCounts;
  /** Requests that are being answered now. */
  active: number;
  /** Bytes of uploads held in memory now. */
  uploadBytes: number;
}

interface Times {
  readonly labels: Readonly<Record<string, string>>;
  count: number;
  sumSeconds: number;
  readonly buckets: Float64Array;
}

/**
 * `malbeot_http_requests_total`, `malbeot_http_request_duration_seconds`, `malbeot_http_requests_active` and
 * `malbeot_http_upload_bytes`. The counters are plain numbers that turn into Prometheus' shape when they are read:
 * prom-client's own look-up by labels costs more than all else of a cached read.
 */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const all: Times[] = [];
  const known = new Map<string, RouteCounts>();
  const metrics: HttpMetrics = {
    active: 0,
    uploadBytes: 0,
    route(method, template) {
      const name = `${method} ${template}`;
      const found = known.get(name);
      if (found !== undefined) return found;
      const made = createRouteCounts(method, template, all);
      known.set(name, made);
      return made;
    },
  };
  register(
    registry,
    'malbeot_http_requests_total',
    'HTTP answers by route, method and class of status.',
    'counter',
    () => all.map(({ labels, count }) => ({ value: count, labels })),
  );
  register(
    registry,
    'malbeot_http_request_duration_seconds',
    'Time from request to answer.',
    'histogram',
    () => all.flatMap(histogramLines),
  );
  register(registry, 'malbeot_http_requests_active', 'Requests being answered now.', 'gauge', () => [
    { value: metrics.active, labels: {} },
  ]);
  register(registry, 'malbeot_http_upload_bytes', 'Bytes of uploads held in memory now.', 'gauge', () => [
    { value: metrics.uploadBytes, labels: {} },
  ]);
  return metrics;
}

function createRouteCounts(method: string, template: string, all: Times[]): RouteCounts {
  const byClass: (Times | undefined)[] = [];
  const add = (statusClass: number): Times => {
    const labels = { route: template, method, status: `${statusClass}xx` };
    const times: Times = { labels, count: 0, sumSeconds: 0, buckets: new Float64Array(BOUNDS.length) };
    byClass[statusClass] = times;
    all.push(times);
    return times;
  };
  return {
    observe(status, durationMs) {
      const statusClass = Math.floor(status / 100);
      const times = byClass[statusClass] ?? add(statusClass);
      const seconds = durationMs / 1000;
      times.count++;
      times.sumSeconds += seconds;
      for (let index = 0; index < BOUNDS.length; index++) {
        if (seconds <= BOUNDS[index]!) {
          times.buckets[index]!++;
          return;
        }
      }
    },
  };
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly metricName?: string;
}

function histogramLines({ labels, count, sumSeconds, buckets }: Times): Sample[] {
  const name = 'malbeot_http_request_duration_seconds';
  let below = 0;
  const lines: Sample[] = BOUNDS.map((bound, index) => {
    below += buckets[index]!;
    return { value: below, labels: { ...labels, le: String(bound) }, metricName: `${name}_bucket` };
  });
  lines.push({ value: count, labels: { ...labels, le: '+Inf' }, metricName: `${name}_bucket` });
  lines.push({ value: sumSeconds, labels, metricName: `${name}_sum` });
  lines.push({ value: count, labels, metricName: `${name}_count` });
  return lines;
}

function register(
  registry: Registry,
  name: string,
  help: string,
  type: 'counter' | 'gauge' | 'histogram',
  read: () => readonly Sample[],
): void {
  const get = () => Promise.resolve({ name, help, type, aggregator: 'sum', values: read() });
  // prom-client asks a metric for its name and `get` only; its type names its own classes.
  registry.registerMetric({ name, help, get, reset: () => {} } as unknown as Parameters<
    Registry['registerMetric']
  >[0]);
}
