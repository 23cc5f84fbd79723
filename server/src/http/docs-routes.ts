import type { Answer } from '../experiences/experience.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { docsPage, docsStyle } from './docs-page.ts';
import { etagOf } from './etag.ts';
import { openApiDocument } from './openapi.ts';
import type { EdgeScope } from './route-scope.ts';

/** `/docs` and the documents behind it. Made when they are first asked for, from the routes there are then. */
export function registerDocsRoutes(scope: EdgeScope, version: string): void {
  const document = once(() => openApiDocument(scope.routes(), version));
  const add = (path: string, summary: string, mediaType: string, make: () => string) => {
    const answer = once(() => keptAnswer(make(), mediaType));
    scope.plain({
      method: 'GET',
      path,
      tag: 'documentation',
      summary,
      access: 'open',
      limit: 'none',
      responses: { 200: { description: summary, mediaType: mediaType.split(';', 1)[0]! } },
      handle: answer,
    });
  };
  add('/docs', 'The API as a page', 'text/html; charset=utf-8', () => docsPage(document()));
  add('/docs/style.css', 'The styles of that page', 'text/css; charset=utf-8', () => docsStyle);
  add('/docs/openapi.json', 'OpenAPI 3.1', 'application/json; charset=utf-8', () =>
    JSON.stringify(document()),
  );
  add('/docs/asyncapi.json', 'AsyncAPI 3', 'application/json; charset=utf-8', () =>
    JSON.stringify(asyncApiDocument(version)),
  );
}

function keptAnswer(text: string, mediaType: string): Answer {
  const bytes = Buffer.from(text);
  return {
    status: 200,
    headers: { etag: etagOf(bytes), 'cache-control': 'no-cache' },
    body: { type: 'bytes', bytes, mediaType },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
