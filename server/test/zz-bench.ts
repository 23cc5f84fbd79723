import { buildKit } from './edge-kit.ts';
import { createLogger } from '../src/telemetry/pino-logger.ts';
import { etagOf } from '../src/http/etag.ts';
import { defaultRateLimits } from '../src/http/rate-limit.ts';
import { createServer } from 'node:http';
const bytes = Buffer.from(JSON.stringify({ date: '2026-11-21', x: '좋은 하루가 될 거예요. '.repeat(36) }));
const answer = { status: 200, headers: { etag: etagOf(bytes), 'cache-control': 'no-cache' }, body: { type: 'bytes', bytes, mediaType: 'application/json; charset=utf-8' } } as const;
const log = createLogger({ level: 'info' });
const app = await buildKit({
  settings: { rateLimits: { ...defaultRateLimits, reads: 10_000_000 }, corsOrigins: ['http://localhost'], profile: 'local' },
  deps: { log },
  routes: (scope) => scope.route({ method: 'GET', path: '/api/kiosk/menu', summary: 'menu', tag: 'kiosk', access: 'open', limit: 'reads', handle: () => answer }),
});
const { port } = await app.listen({ port: Number(process.env['PORT'] ?? 8201), host: '127.0.0.1' });
const bare = createServer((_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }); response.end(bytes); });
if (process.env['BARE']) bare.listen(Number(process.env['BARE']), '127.0.0.1');
console.error('on', port, bytes.length);
process.on('SIGTERM', () => void app.close(1000).then(() => process.exit(0)));
