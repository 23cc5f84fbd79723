import { VoiceClient, type Sleep, type TurnQueue } from '@malbeot/client';
import type { OrderData } from '@malbeot/protocol';

import type { KioskTables } from '../../server/src/experiences/kiosk/store.ts';
import { openKioskKit, type KioskKit } from '../../server/test/kiosk-kit.ts';

/** What the ears of the shop hear in every sound. */
const HEARD = '감자튀김 하나 주세요';

/** The real kiosk on a real port, on a clock of its own, behind a network that can fail. */
export interface Shop {
  readonly kit: KioskKit;
  readonly url: string;
  readonly network: Network;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Lets time pass until `done`; time stands still while the shop is at work. */
  until(done: () => boolean | Promise<boolean>, stepMs?: number, limitMs?: number): Promise<void>;
  pass(ms: number): Promise<void>;
  client<Queue extends TurnQueue>(queue: Queue): VoiceClient<Queue>;
  orders(): Promise<readonly PlacedOrder[]>;
  close(): Promise<void>;
}

export interface PlacedOrder {
  readonly session: string;
  readonly total: number;
  readonly items: string;
}

export type Weather =
  | 'fine'
  /** Nothing gets through. */
  | 'down'
  /** Requests arrive; their answers are lost. */
  | 'answers-lost';

export interface Network {
  weather: Weather;
  /** The weather of the next turns, one each, before `weather` counts again. */
  readonly next: Weather[];
  /** Requests under way. */
  readonly busy: number;
  /** Turns that reached the server, by idempotency key. */
  readonly reached: ReadonlyMap<string, number>;
}

export async function openShop(): Promise<Shop> {
  const kit = await openKioskKit({
    hears: [HEARD],
    settings: {
      rateLimits: { turnsPerKiosk: 60, turnsPerAddress: 120, signIn: 10, runs: 120, reads: 600 },
    },
  });
  const { clock } = kit;
  const { url } = await kit.app.listen({ port: 0, host: '127.0.0.1' });
  const reached = new Map<string, number>();
  const network = { weather: 'fine' as Weather, next: [] as Weather[], busy: 0, reached };

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const key = new Headers(init?.headers).get('idempotency-key');
    const weather = (key === null ? undefined : network.next.shift()) ?? network.weather;
    if (weather === 'down') throw new TypeError('There is no network.');
    network.busy += 1;
    try {
      const response = await globalThis.fetch(input, init);
      const body = await response.arrayBuffer();
      if (key !== null) reached.set(key, (reached.get(key) ?? 0) + 1);
      if (weather === 'answers-lost') throw new TypeError('The answer was lost.');
      return new Response(response.status === 204 ? null : body, response);
    } finally {
      network.busy -= 1;
    }
  };

  const sleep: Sleep = (ms, signal) => clock.sleep(ms, signal ?? new AbortController().signal);

  async function until(
    done: () => boolean | Promise<boolean>,
    stepMs = 500,
    limitMs = 6 * 60 * 60_000,
  ): Promise<void> {
    const endsAt = clock.now() + limitMs;
    for (let calm = 0; !(await done());) {
      const isBusy = network.busy > 0;
      await new Promise((resolve) => (isBusy ? setTimeout(resolve, 1) : setImmediate(resolve)));
      calm = isBusy ? 0 : calm + 1;
      if (calm < 4) continue;
      calm = 0;
      if (clock.now() > endsAt) throw new Error(`It did not come to an end within ${limitMs} ms.`);
      clock.advance(stepMs);
    }
  }

  return {
    kit,
    url,
    network,
    now: () => clock.now(),
    sleep,
    until,
    async pass(ms) {
      const from = clock.now();
      await until(() => clock.now() >= from + ms, Math.max(500, ms / 100));
    },
    client: (queue) =>
      new VoiceClient({
        baseUrl: url,
        kioskId: 'counter-1',
        fetch,
        sleep,
        random: () => 0.5,
        queue,
      }),
    async orders() {
      const rows = await kit.database.tables<KioskTables>().selectFrom('kiosk_orders').selectAll().execute();
      return rows
        .map(({ session_id, content, total_amount }) => {
          const { order } = JSON.parse(content) as { readonly order: OrderData };
          const items = order.items.map(({ item_id, quantity }) => `${item_id} ${quantity}`).join(', ');
          return { session: session_id, total: total_amount, items };
        })
        .sort((one, other) => (one.items < other.items ? -1 : 1));
    },
    close: () => kit.close(),
  };
}
