import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, request as httpRequest } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../src/app.ts';
import { buildKit } from './edge-kit.ts';

let folder: string;
let app: App | undefined;
let port: number;

const files = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') });

function makeCertificate(name: string) {
  const { certFile, keyFile } = files();
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, '-keyout', keyFile, '-out', certFile, '-days', '2', ...subject],
    { stdio: 'ignore' },
  );
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malbeot-tls-'));
  makeCertificate('first');
  app = await buildKit({ settings: { tls: files(), server: { headersTimeoutMs: 300 } } });
  ({ port } = await app.listen({ port: 0, host: '127.0.0.1' }));
});
afterEach(async () => {
  await app?.close(0);
  rmSync(folder, { recursive: true });
});

interface Got {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
  readonly subject: string | undefined;
}

function ask(get: typeof httpsGet | typeof httpGet, path: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = {
      port,
      path,
      rejectUnauthorized: false,
      agent: false,
      headers: { host: `localhost:${port}` },
    };
    get(options, (response) => {
      let body = '';
      const certificate = (response.socket as TLSSocket).getPeerCertificate?.();
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body,
          subject: certificate?.subject?.CN as string | undefined,
        }),
      );
    }).on('error', reject);
  });
}

describe('TLS by files', () => {
  it('serves HTTPS, with HSTS', async () => {
    const { status, headers, body } = await ask(httpsGet, '/api/ping');
    expect([status, body]).toEqual([200, '{"status":"ok"}']);
    expect(headers['strict-transport-security']).toContain('max-age=31536000');
  });

  it('sends plain HTTP on the same port to HTTPS, method and all', async () => {
    const { status, headers } = await ask(httpGet, '/kiosk?a=1');
    expect([status, headers['location']]).toEqual([308, `https://localhost:${port}/kiosk?a=1`]);
    const posted = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest({ port, method: 'POST', path: '/api/x', agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.on('error', reject);
      outgoing.end('x'.repeat(1_000));
    });
    expect(posted).toBe(308);
  });

  it('sends nobody to a host that is none', async () => {
    const got = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nHost: evil/..@x\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(got).toMatch(/^HTTP\/1\.1 400 /);
    expect(got).not.toContain('evil');
  });

  it('lets go of a connection that says nothing', async () => {
    await new Promise<void>((resolve) =>
      connect(port, '127.0.0.1')
        .on('close', () => resolve())
        .resume(),
    );
  });

  it('takes renewed files into use, and keeps the old while they are not whole', async () => {
    expect((await ask(httpsGet, '/api/ping')).subject).toBe('first');
    writeFileSync(files().certFile, 'half a file');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await ask(httpsGet, '/api/ping')).subject).toBe('first');
    makeCertificate('second');
    const deadline = Date.now() + 15_000;
    let subject: string | undefined;
    while (subject !== 'second' && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ({ subject } = await ask(httpsGet, '/api/ping'));
    }
    expect(subject).toBe('second');
  });

  it('does not start on files that are no pair', async () => {
    writeFileSync(files().keyFile, 'no key');
    await expect(buildKit({ settings: { tls: files() } })).rejects.toThrow(
      'are not a certificate and its key',
    );
  });
});
