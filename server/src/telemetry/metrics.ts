import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';

/** How a call to a provider ended; the kinds of ProviderError, `ok`, or `aborted` when it was called off. */
export type CallOutcome = 'ok' | 'aborted' | (string & {});

export interface ProviderCall {
  /** `stt`, `tts`, `llm`, … */
  readonly kind: string;
  readonly provider: string;
  readonly outcome: CallOutcome;
  readonly durationMs: number;
}

/** A provider of a chain as it stands now. */
export interface ProviderStanding {
  readonly kind: string;
  readonly provider: string;
  readonly available: boolean;
  readonly circuit: 'closed' | 'half-open' | 'open';
  /** How long it is waited for, in milliseconds, by stage. */
  readonly limitsMs: Readonly<Record<string, number>>;
}

export interface TurnCounts {
  readonly experience: string;
  /** How the person spoke: `audio`, `text`, `action`. */
  readonly way: string;
  /** `ok`, `not_heard`, `error`, `aborted`, … */
  readonly outcome: string;
  readonly stagesMs: Readonly<Record<string, number>>;
}

/** One statement that the database ran. */
export interface QueryTime {
  readonly durationMs: number;
  readonly failed: boolean;
}

export interface Metrics {
  readonly http: HttpMetrics;
  turn(turn: TurnCounts): void;
  providerCall(call: ProviderCall): void;
  /** A provider passed over, with the reason (`circuit open`, `unavailable`, …). */
  providerSkipped(kind: string, provider: string, reason: string): void;
  /** A provider went on with what another had begun. */
  providerTakenOver(kind: string, from: string, to: string): void;
  /** How the providers stand: read when `/metrics` is. Once a process. */
  providerStandings(read: () => readonly ProviderStanding[]): void;
  query(query: QueryTime): void;
  /** How long a write waited for its turn, in milliseconds. */
  writeWait(waitedMs: number): void;
  cacheRead(cache: string, hit: boolean): void;
  rateLimited(limit: string): void;
  /** A number that is read when `/metrics` is. The name carries its unit and starts with `malbeot_`. */
  gauge(name: string, help: string, read: () => number): void;
  /** A running total that is read when `/metrics` is; the name ends in `_total`. */
  total(name: string, help: string, read: () => number): void;
  readonly contentType: string;
  /** Everything in Prometheus' text format. */
  render(): Promise<string>;
  /** Ends the process measurements. */
  close(): void;
}

const DATABASE_BOUNDS = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const STAGE_BOUNDS = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The one set of metrics of a process, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const turns = new Counter({
    name: 'malbeot_turns_total',
    help: 'Turns by experience, way in and outcome.',
    labelNames: ['experience', 'way', 'outcome'],
    registers,
  });
  const stages = new Histogram({
    name: 'malbeot_turn_stage_seconds',
    help: 'Time a stage of a turn took.',
    labelNames: ['experience', 'stage'],
    buckets: STAGE_BOUNDS,
    registers,
  });
  const calls = new Counter({
    name: 'malbeot_provider_calls_total',
    help: 'Calls to providers by outcome.',
    labelNames: ['kind', 'provider', 'outcome'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'malbeot_provider_call_duration_seconds',
    help: 'Time a call to a provider took.',
    labelNames: ['kind', 'provider'],
    buckets: STAGE_BOUNDS,
    registers,
  });
  const skips = new Counter({
    name: 'malbeot_provider_skips_total',
    help: 'Providers passed over, by reason.',
    labelNames: ['kind', 'provider', 'reason'],
    registers,
  });
  const takeovers = new Counter({
    name: 'malbeot_provider_takeovers_total',
    help: 'Answers that one provider began and another went on with.',
    labelNames: ['kind', 'from', 'to'],
    registers,
  });
  const cacheReads = new Counter({
    name: 'malbeot_cache_reads_total',
    help: 'Reads of a cache, by result.',
    labelNames: ['cache', 'result'],
    registers,
  });
  const querySeconds = new Histogram({
    name: 'malbeot_database_query_duration_seconds',
    help: 'Time a statement took.',
    labelNames: ['outcome'],
    buckets: DATABASE_BOUNDS,
    registers,
  });
  const writeWaits = new Histogram({
    name: 'malbeot_database_write_wait_seconds',
    help: 'Time a write waited for the writes before it.',
    buckets: DATABASE_BOUNDS,
    registers,
  });
  const limited = new Counter({
    name: 'malbeot_rate_limited_total',
    help: 'Requests refused because there were too many.',
    labelNames: ['limit'],
    registers,
  });
  return {
    http: createHttpMetrics(registry),
    turn({ experience, way, outcome, stagesMs }) {
      turns.inc({ experience, way, outcome });
      for (const [stage, ms] of Object.entries(stagesMs)) stages.observe({ experience, stage }, ms / 1000);
    },
    providerCall({ kind, provider, outcome, durationMs }) {
      calls.inc({ kind, provider, outcome });
      callSeconds.observe({ kind, provider }, durationMs / 1000);
    },
    providerSkipped: (kind, provider, reason) => skips.inc({ kind, provider, reason }),
    providerTakenOver: (kind, from, to) => takeovers.inc({ kind, from, to }),
    providerStandings: (read) => registerStandings(registers, read),
    query: ({ durationMs, failed }) =>
      querySeconds.observe({ outcome: failed ? 'failed' : 'ok' }, durationMs / 1000),
    writeWait: (waitedMs) => writeWaits.observe(waitedMs / 1000),
    cacheRead: (cache, hit) => cacheReads.inc({ cache, result: hit ? 'hit' : 'miss' }),
    rateLimited: (limit) => limited.inc({ limit }),
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
    },
    total(name, help, read) {
      const counter: Counter = new Counter({
        name,
        help,
        registers,
        collect: () => {
          counter.reset();
          counter.inc(read());
        },
      });
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
    close: () => registry.clear(),
  };
}

const CIRCUIT_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

function registerStandings(registers: Registry[], read: () => readonly ProviderStanding[]): void {
  const labelNames = ['kind', 'provider'];
  const limits = new Gauge({
    name: 'malbeot_provider_limit_seconds',
    help: 'How long a provider is waited for while others are left to ask, by stage.',
    labelNames: [...labelNames, 'stage'],
    registers,
  });
  const available = new Gauge({
    name: 'malbeot_provider_available',
    help: '1 where the provider can run here, 0 where it can not.',
    labelNames,
    registers,
  });
  const circuits: Gauge = new Gauge({
    name: 'malbeot_provider_circuit_state',
    help: '0 closed, 1 half-open, 2 open: nobody asks this provider.',
    labelNames,
    registers,
    collect() {
      for (const { kind, provider, circuit, available: isAvailable, limitsMs } of read()) {
        circuits.set({ kind, provider }, CIRCUIT_VALUES[circuit]);
        available.set({ kind, provider }, isAvailable ? 1 : 0);
        for (const [stage, ms] of Object.entries(limitsMs)) {
          limits.set({ kind, provider, stage }, ms / 1000);
        }
      }
    },
  });
}
