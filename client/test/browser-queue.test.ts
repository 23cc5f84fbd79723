import type { QueueStore } from '../src/index.ts';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'tsdown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { describeQueueStore } from '../src/queue/queue-store.suite.ts';
import { answer } from './scripted-server.ts';
import { chromiumPath, launchChromium, whyNotHere } from '../../web/test/harness/chromium.ts';
import type { QueuePage } from './browser-page.ts';

declare const queuePage: QueuePage;

describe.skipIf(chromiumPath === null)(`the queue in a browser${whyNotHere}`, () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  /** True while the API can't be reached; the page itself always can. */
  let away: boolean;
  let said: { readonly text: string; readonly key: string; readonly session: string | undefined }[];

  beforeAll(async () => {
    const [built] = await build({
      entry: { page: fileURLToPath(new URL('browser-page.ts', import.meta.url)) },
      config: false,
      logLevel: 'error',
      write: false,
      format: 'esm',
      platform: 'browser',
      inputOptions: { resolve: { conditionNames: ['malbeot:source', 'import', 'default'] } },
    });
    const script = built?.chunks.find(({ fileName }) => fileName.startsWith('page'));
    const code = script?.type === 'chunk' ? script.code : '';
    server = createServer((request, reply) => {
      if (request.url === '/page.js')
        return void reply.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
      if (request.url === '/')
        return void reply
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><title>queue</title><script type="module" src="/page.js"></script>');
      if (away) return void request.socket.destroy();
      const json = (status: number, value: unknown) =>
        void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      // Whether a turn whose answer never came was taken.
      if (request.url === '/api/kiosk/sessions/ses_1')
        return json(200, { turns: said.length, order_data: { order_id: null } });
      if (request.url !== '/api/voice/process') return json(404, {});
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { text, session_id } = JSON.parse(Buffer.concat(chunks).toString()) as {
          text: string;
          session_id?: string;
        };
        said.push({ text, key: String(request.headers['idempotency-key']), session: session_id });
        json(200, answer({ message: text }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });
  beforeEach(() => {
    away = false;
    said = [];
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'queuePage' in globalThis);
    return page;
  }

  async function reload(page: Page): Promise<void> {
    await page.reload();
    await page.waitForFunction(() => 'queuePage' in globalThis);
  }

  /** The store of a page, so that the contract can be held against it from here. */
  function storeIn(page: Page): QueueStore {
    type Method = 'open' | 'read' | 'write' | 'remove' | 'close';
    const call = (method: Method, name = '', bytes: number[] = []) =>
      page.evaluate(
        async ([method, name, bytes]) => {
          const kept = globalThis as { store?: QueueStore };
          kept.store ??= queuePage.createStore('contract');
          const result = await kept.store[method](name, Uint8Array.from(bytes));
          return result instanceof Uint8Array ? { bytes: [...result] } : result;
        },
        [method, name, bytes] as const,
      );
    return {
      open: async () => (await call('open')) as unknown as string[],
      async read(name) {
        const result = (await call('read', name)) as { bytes: number[] } | null;
        return result === null ? null : Uint8Array.from(result.bytes);
      },
      write: async (name, bytes) => void (await call('write', name, [...bytes])),
      remove: async (name) => void (await call('remove', name)),
      close: async () => void (await call('close')),
    };
  }

  describe('the store in IndexedDB', () => {
    describeQueueStore(async () => {
      const page = await openPage();
      return {
        store: storeIn(page),
        async reopen() {
          await reload(page);
          return storeIn(page);
        },
      };
    });
  });

  it('keeps turns over a reload and delivers them in order, once', async () => {
    const page = await openPage();
    expect(await page.evaluate(() => queuePage.say(['하나']))).toEqual([false]);
    away = true;
    expect(await page.evaluate(() => queuePage.say(['둘', '셋', '넷']))).toEqual([true, true, true]);
    await reload(page);
    expect(await page.evaluate(() => queuePage.waiting())).toBe(3);
    away = false;
    // What a browser says when the network is back.
    await page.evaluate(() => void globalThis.dispatchEvent(new Event('online')));
    await expect.poll(() => page.evaluate(() => queuePage.waiting())).toBe(0);
    expect(said.map(({ text }) => text)).toEqual(['하나', '둘', '셋', '넷']);
    expect(new Set(said.map(({ key }) => key)).size).toBe(4);
    expect(said.map(({ session }) => session)).toEqual([undefined, 'ses_1', 'ses_1', 'ses_1']);
    expect(await page.evaluate(() => queuePage.delivered.map(({ answer }) => answer?.message))).toEqual([
      '둘',
      '셋',
      '넷',
    ]);
  });

  it('belongs to one page at a time', async () => {
    const page = await openPage();
    await page.evaluate(() => queuePage.say(['하나']));
    expect(await page.evaluate(() => queuePage.openError())).toBe('QUEUE_IN_USE');
  });
});
