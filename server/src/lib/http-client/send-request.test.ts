import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { deferred } from '../deferred.ts';
import { readText, TooLongError } from './body.ts';
import { sendRequest } from './send-request.ts';

let server: Server;
let url: string;
let answer: (response: ServerResponse, socket: Socket) => void;
const connections = new Set<Socket>();
const open = () => new AbortController();

beforeEach(async () => {
  connections.clear();
  server = createServer((request, response) => {
    request.resume().once('end', () => answer(response, request.socket));
  });
  server.on('connection', (socket) => connections.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(
  () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    }),
);

const ask = async (signal = open().signal, mostBytes = 1_000) => {
  const { body } = await sendRequest(url, { headers: {}, body: Buffer.from('{}') }, signal);
  return readText(body as AsyncIterable<Uint8Array>, mostBytes);
};

describe('sendRequest', () => {
  it('keeps a connection for the next request', async () => {
    answer = (response) => void response.end('네');
    for (let turn = 0; turn < 5; turn++) {
      const controller = open();
      expect(await ask(controller.signal)).toBe('네');
      // What was read to its end is no longer called off.
      controller.abort();
    }
    expect(connections.size).toBe(1);
  });

  it('asks again on a new connection where the kept one was closed meanwhile', async () => {
    answer = (response) => void response.end('하나');
    expect(await ask()).toBe('하나');
    answer = (_, socket) => {
      answer = (next) => void next.end('둘');
      socket.destroy();
    };
    expect(await ask()).toBe('둘');
    expect(connections.size).toBe(2);
  });

  it('does not ask again where a new connection breaks', async () => {
    let asked = 0;
    answer = (_, socket) => {
      asked++;
      socket.destroy();
    };
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(asked).toBe(1);
  });

  it.each(['before the answer', 'in the middle of it'])(
    'hangs up when called off %s, also after the garbage collector has been by',
    async (when) => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const asked = deferred<void>();
      answer = (response) => {
        asked.resolve();
        if (when !== 'before the answer') response.writeHead(200).write('네');
      };
      const controller = open();
      const asking = ask(controller.signal);
      asking.catch(() => {});
      await asked.promise;
      for (let turn = 0; turn < 5; turn++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const [socket] = connections;
      const closed = new Promise((resolve) => {
        socket!.once('close', resolve);
      });
      controller.abort();
      await expect(asking).rejects.toThrow();
      await closed;
    },
  );

  it('reads no more than was agreed to', async () => {
    answer = (response) => void response.end('x'.repeat(2_000));
    await expect(ask()).rejects.toThrow(TooLongError);
  });

  it('follows no other address', async () => {
    answer = (response) => void response.writeHead(302, { location: url }).end();
    const { status, ok, headers } = await sendRequest(url, { headers: {} }, open().signal);
    expect({ status, ok, location: headers.get('location') }).toEqual({
      status: 302,
      ok: false,
      location: url,
    });
  });
});
