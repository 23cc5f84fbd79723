import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HubEvents, HubEventType } from '@malbeot/protocol';
import type { Page } from 'playwright-core';

/** What the staff's board hears in place of the server's events, for those that no simulated terminal brings about. */
export interface EventStream {
  readonly tell: <T extends HubEventType>(type: T, data: HubEvents[T]) => void;
  readonly close: () => Promise<void>;
}

/** From its next connection on the page hears these events and no others. */
export async function replaceEvents(page: Page): Promise<EventStream> {
  const listeners = new Set<ServerResponse>();
  let seq = 0;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    listeners.add(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await page.route('**/api/events', (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
  return {
    tell(type, data) {
      seq += 1;
      const event = { seq, epoch: 'test', type, data, at: new Date().toISOString() };
      for (const listener of listeners) listener.write(`id: test:${seq}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    async close() {
      await page.unroute('**/api/events');
      for (const listener of listeners) listener.end();
      server.close();
      server.closeIdleConnections();
      await once(server, 'close');
    },
  };
}
