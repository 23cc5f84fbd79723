import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export interface AudioPageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds a page around audio modules as the product builds its pages, and serves it under a strict policy. */
export async function serveAudioPage(
  page: 'audio-page' | 'talk-audio-page' = 'audio-page',
): Promise<AudioPageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'malbeot-audio-page-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL(`../${page}`, import.meta.url)),
    build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
  });
  const server = createServer((request, reply) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path === '/' ? '/index.html' : path;
    readFile(join(folder, file)).then(
      (bytes) =>
        reply
          .writeHead(200, {
            'content-type': types[extname(file)] ?? 'application/octet-stream',
            'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'",
          })
          .end(bytes),
      () => reply.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
