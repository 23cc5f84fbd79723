import { createMemoryStore, createTurnQueue, VoiceClient } from '../src/index.ts';
import type {
  ClientMetric,
  HeldConversation,
  QueueStore,
  TurnDelivery,
  TurnQueue,
  TurnQueueOptions,
  VoiceClientOptions,
} from '../src/index.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const PATIENCE_MS = 15_000;

/** A client with a queue, before a scripted server, where no time passes by itself. */
export interface QueueBench {
  readonly server: ScriptedServer;
  readonly records: Map<string, Uint8Array<ArrayBuffer>>;
  readonly metrics: ClientMetric[];
  readonly deliveries: TurnDelivery[];
  readonly held: HeldConversation[];
  /** Milliseconds since the epoch; a test moves it. */
  now: number;
  /** The waits between tries that are under way. */
  waits(): readonly number[];
  /** Ends the waits between tries. */
  endWaits(): void;
  /** Whoever waits for an answer has waited long enough. */
  losePatience(): void;
  /** A client over the same records: the first one, or the one after a restart. */
  open(options?: Partial<TurnQueueOptions>, clientOptions?: VoiceClientOptions): Opened;
  close(): Promise<void>;
}

export interface Opened {
  readonly voice: VoiceClient<TurnQueue>;
  readonly queue: TurnQueue;
}

export async function startQueueBench(): Promise<QueueBench> {
  const server = await startScriptedServer();
  const records = new Map<string, Uint8Array<ArrayBuffer>>();
  const sleepers = new Set<{ readonly ms: number; readonly wake: () => void }>();
  const opened: TurnQueue[] = [];
  const wake = (which: (ms: number) => boolean) => {
    for (const sleeper of sleepers) if (which(sleeper.ms)) sleeper.wake();
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => () => {
        sleepers.delete(sleeper);
        settle();
      };
      const sleeper = { ms, wake: end(resolve) };
      sleepers.add(sleeper);
      signal?.addEventListener(
        'abort',
        end(() => reject(new Error('aborted'))),
        { once: true },
      );
    });

  const bench: QueueBench = {
    server,
    records,
    metrics: [],
    deliveries: [],
    held: [],
    now: Date.UTC(2026, 10, 21, 9),
    waits: () => [...sleepers].map(({ ms }) => ms).filter((ms) => ms !== PATIENCE_MS),
    endWaits: () => wake((ms) => ms !== PATIENCE_MS),
    losePatience: () => wake((ms) => ms === PATIENCE_MS),
    open(options = {}, clientOptions = {}) {
      const queue = createTurnQueue({
        store: createMemoryStore(records),
        now: () => bench.now,
        sleep,
        random: () => 1,
        answerWithinMs: PATIENCE_MS,
        onDelivered: (delivery) => void bench.deliveries.push(delivery),
        onHeld: (held) => void bench.held.push(held),
        ...options,
      });
      opened.push(queue);
      const voice = new VoiceClient({
        baseUrl: server.baseUrl,
        sleep: () => Promise.resolve(),
        maxTries: 1,
        onMetric: (metric) => void bench.metrics.push(metric),
        ...clientOptions,
        queue,
      });
      return { voice, queue };
    },
    async close() {
      await Promise.all(opened.map((queue) => queue.close()));
      await server.close();
    },
  };
  return bench;
}

/** A store whose writes fail while `isBroken` says so. */
export function breakableStore(
  records: Map<string, Uint8Array<ArrayBuffer>>,
  isBroken: (name: string) => boolean,
): QueueStore {
  const store = createMemoryStore(records);
  return {
    ...store,
    write: (name, bytes) =>
      isBroken(name) ? Promise.reject(new Error('no space left on device')) : store.write(name, bytes),
  };
}
