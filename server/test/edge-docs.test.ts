import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App } from '../src/app.ts';
import { errorTable } from '../src/errors/table.ts';
import type { RouteScope } from '../src/experiences/experience.ts';
import { hubEventSchemas } from '../src/http/asyncapi.ts';
import type { OpenApiDocument } from '../src/http/openapi.ts';
import { voiceFileRoutes } from '../src/http/voice-file-routes.ts';
import { buildKit } from './edge-kit.ts';

let app: App;
let document: OpenApiDocument;

function routes(scope: RouteScope) {
  scope.route({
    method: 'POST',
    path: '/api/things/:thing_id/turns',
    summary: 'Adds <b>a turn</b>',
    tag: 'things & more',
    access: 'kiosk',
    limit: 'turns',
    idempotent: true,
    params: z.object({ thing_id: z.string().regex(/^thg_/) }),
    query: z.object({ language: z.enum(['ko', 'en']).default('ko'), page: z.coerce.number().int().min(1) }),
    body: z.object({ text: z.string().max(500) }),
    upload: { fileFields: ['audio_file'], maxFileBytes: 10, maxFieldBytes: 10 },
    responses: { 201: { description: 'Added.', schema: z.object({ turn_id: z.string() }) } },
    handle: () => ({ status: 201, body: { type: 'json', value: { turn_id: 't' } } }),
  });
}

beforeAll(async () => {
  app = await buildKit({
    routes,
    deps: { routes: voiceFileRoutes({ voiceFiles: { read: () => Promise.resolve(null) } }) },
  });
  document = (await app.inject('/docs/openapi.json')).json();
});
afterAll(() => app.close(0));

describe('OpenAPI', () => {
  it('has every route of the server, with its statuses', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(app.routes().length).toBeGreaterThan(15);
    const ids = new Set<string>();
    for (const { method, path, responses = {}, access, limit } of app.routes()) {
      const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect([path, operation?.summary]).not.toEqual([path, undefined]);
      const statuses = Object.keys(operation!.responses);
      expect(statuses).toEqual(expect.arrayContaining(Object.keys(responses)));
      expect(statuses).toContain('500');
      expect([path, statuses.includes('401')]).toEqual([path, access !== 'open']);
      expect([path, statuses.includes('429')]).toEqual([path, limit !== 'none']);
      for (const name of [...path.matchAll(/:(\w+)/g)].map((match) => match[1])) {
        expect(operation!.parameters).toContainEqual(
          expect.objectContaining({ name, in: 'path', required: true }),
        );
      }
      expect(ids.has(operation!.operationId)).toBe(false);
      ids.add(operation!.operationId);
    }
  });

  it('tells what a route takes and gives, as the server checks it', () => {
    const operation = document.paths['/api/things/{thing_id}/turns']!['post']!;
    expect(operation.parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ['thing_id', 'path', true],
      ['language', 'query', false],
      ['page', 'query', true],
      ['Idempotency-Key', 'header', false],
    ]);
    expect(Object.keys(operation.requestBody!.content)).toEqual(['multipart/form-data', 'application/json']);
    expect(operation.responses['201']!.content!['application/json']!.schema).toMatchObject({
      type: 'object',
      properties: { turn_id: { type: 'string' } },
    });
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['400', '401', '403', '409', '413', '415', '422', '429', '500', '503']),
    );
    expect(JSON.stringify(document)).not.toContain('$schema');
  });

  it('names only schemas that are there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1]!,
    );
    expect(refs.length).toBeGreaterThan(0);
    const { schemas } = document.components as { schemas: object };
    for (const ref of new Set(refs)) expect(Object.keys(schemas)).toContain(ref);
  });
});

describe('AsyncAPI', () => {
  it('has every event with its data', async () => {
    const { asyncapi, channels, components } = (await app.inject('/docs/asyncapi.json')).json<{
      asyncapi: string;
      channels: { events: { address: string; messages: object } };
      components: { messages: Record<string, { payload: { properties: { data: { properties: object } } } }> };
    }>();
    expect(asyncapi).toBe('3.0.0');
    expect(channels.events.address).toBe('/api/events');
    expect(Object.keys(channels.events.messages)).toEqual(Object.keys(hubEventSchemas));
    expect(Object.keys(components.messages['order_created']!.payload.properties.data.properties)).toContain(
      'total_amount',
    );
  });
});

describe('/docs', () => {
  it('shows every route and every error code, safely, and loads nothing from elsewhere', async () => {
    const page = await app.inject('/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("style-src 'self'");
    for (const { path } of app.routes()) expect(page.body).toContain(path.replaceAll(/:(\w+)/g, '{$1}'));
    for (const code of Object.keys(errorTable)) expect(page.body).toContain(`id="${code}"`);
    expect(page.body).toContain('Adds &lt;b&gt;a turn&lt;/b&gt;');
    expect(page.body).not.toMatch(/<script|<style|style=|(?:src|href)="https?:/);
    expect((await app.inject('/docs/style.css')).headers['content-type']).toBe('text/css; charset=utf-8');
  });

  it('is not sent twice to who has it', async () => {
    const { headers } = await app.inject('/docs');
    const again = await app.inject({ url: '/docs', headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.statusCode).toBe(304);
    // The browser keeps the page and takes the policy that comes with this.
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
  });
});
