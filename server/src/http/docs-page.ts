import { errorTable } from '../errors/table.ts';
import type { OpenApiDocument, Operation } from './openapi.ts';

/** The styles of `/docs`, served apart because pages may hold none of their own. */
export const docsStyle = `:root { color-scheme: light dark; --line: #8885; --soft: #8881; --accent: light-dark(#0b5cad, #7cb8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 62rem; font: 1rem/1.55 system-ui, sans-serif; background: light-dark(#fff, #15171a); color: light-dark(#1c1e21, #e8e6e3); }
a { color: var(--accent); }
h1 { margin: 0; } h2 { margin: 2.5rem 0 .5rem; } h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 1rem 0; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; }
summary { cursor: pointer; padding: .55rem .8rem; display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; }
details[open] > summary { border-bottom: 1px solid var(--line); background: var(--soft); }
details > div { padding: .3rem .9rem 1rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .7rem; border-radius: .4rem; background: var(--soft); }
.method { font-weight: 700; min-width: 4.2em; }
.what { opacity: .8; }
.badge { margin-left: auto; font-size: .8rem; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); }
tr:target { background: light-dark(#fff3bf, #4a3f00); }
`;

/** The API as one page that needs nothing but itself: no script, nothing from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const { version } = document.info as { readonly version: string };
  const sections = document.tags.map(({ name }) => section(name, document));
  const links = document.tags
    .map(({ name }) => `<a href="#tag-${slug(name)}">${escape(name)}</a>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Malbeot API</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header>
<h1>Malbeot API</h1>
<p>Version ${escape(version)}. Every <code>/api/…</code> path is also served under <code>/api/v1/…</code>.
Machine-readable: <a href="/docs/openapi.json">OpenAPI</a>, <a href="/docs/asyncapi.json">AsyncAPI</a>.</p>
<nav aria-label="Parts">${links}
<a href="#errors">errors</a></nav>
</header>
<main>
${sections.join('\n')}
${errorSection()}
</main>
</body>
</html>
`;
}

function section(tag: string, document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => entry(method.toUpperCase(), path, operation)),
  );
  return `<section aria-labelledby="tag-${slug(tag)}"><h2 id="tag-${slug(tag)}">${escape(tag)}</h2>\n${entries.join('\n')}\n</section>`;
}

function entry(method: string, path: string, operation: Operation): string {
  const open = operation.security.length === 0 ? 'open' : 'credentials';
  return `<details id="${operation.operationId}">
<summary><span class="method">${method}</span> <code>${escape(path)}</code> <span class="what">${escape(operation.summary)}</span>
<span class="badge">${open}</span></summary>
<div>
<p>${escape(operation.description).replaceAll('\n\n', '<br>')}</p>
${parameters(operation)}
${requestBody(operation)}
<h3>Answers</h3>
${responses(operation)}
<h3>Try it</h3>
<pre>${escape(curlOf(method, path, operation))}</pre>
</div>
</details>`;
}

function parameters({ parameters: list }: Operation): string {
  if (list.length === 0) return '';
  const rows = list.map(
    ({ name, in: place, required, schema, description }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}</td><td>${required ? 'required' : 'optional'}</td><td>${escape(description ?? brief(schema))}</td></tr>`,
  );
  return `<h3>Parameters</h3>\n<table><tbody>${rows.join('\n')}</tbody></table>`;
}

function requestBody({ requestBody: body }: Operation): string {
  if (body === undefined) return '';
  const parts = Object.entries(body.content).map(
    ([type, { schema }]) =>
      `<p><code>${escape(type)}</code></p><pre>${escape(JSON.stringify(schema, null, 2))}</pre>`,
  );
  return `<h3>Body${body.required ? '' : ' (optional)'}</h3>\n${parts.join('\n')}`;
}

function responses(operation: Operation): string {
  const rows = Object.entries(operation.responses).map(([status, { description, content }]) => {
    const types = Object.keys(content ?? {}).map((type) => `<code>${escape(type)}</code>`);
    const [schema] = Object.values(content ?? {}).map((given) => given.schema as Record<string, unknown>);
    const shape =
      schema === undefined || '$ref' in schema || Object.keys(schema).length === 0
        ? ''
        : `<details><summary>shape</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`;
    return `<tr><td>${status}</td><td>${escape(description)} ${types.join(' ')}${shape}</td></tr>`;
  });
  return `<table><tbody>${rows.join('\n')}</tbody></table>`;
}

function brief(schema: unknown): string {
  const { type, enum: values, pattern, format, default: fallback } = schema as Record<string, unknown>;
  const kind = Array.isArray(values)
    ? values.map(String).join(' | ')
    : typeof type === 'string'
      ? type
      : 'any';
  const form = [format, pattern].filter((part) => typeof part === 'string').join(' ');
  return [kind, form, fallback === undefined ? '' : `default ${JSON.stringify(fallback)}`]
    .filter((part) => part !== '')
    .join(', ');
}

function curlOf(method: string, path: string, operation: Operation): string {
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} http://localhost:8080${path}`];
  if (operation.security.length > 0) lines.push(`-H 'Authorization: Bearer TOKEN'`);
  const content = operation.requestBody?.content ?? {};
  const multipart = content['multipart/form-data'];
  if (multipart !== undefined) {
    const [field] = Object.keys((multipart.schema as { readonly properties: object }).properties);
    lines.push(`-F '${field ?? 'file'}=@sound.wav'`);
  } else if (content['application/json'] !== undefined) {
    lines.push(
      `-H 'Content-Type: application/json'`,
      `-d '${JSON.stringify(exampleOf(content['application/json'].schema))}'`,
    );
  }
  return lines.join(' \\\n  ');
}

/** A value of the schema's shape, with the required fields only. */
function exampleOf(schema: unknown): unknown {
  const {
    type,
    const: constant,
    enum: values,
    properties,
    required,
    anyOf,
    oneOf,
    items,
    minimum,
  } = schema as Record<string, unknown>;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0] as unknown;
  const branch = (anyOf ?? oneOf) as unknown[] | undefined;
  if (branch !== undefined) return exampleOf(branch[0]);
  switch (type) {
    case 'object': {
      const all = (properties ?? {}) as Record<string, unknown>;
      return Object.fromEntries(
        ((required ?? []) as string[]).map((name) => [name, exampleOf(all[name] ?? {})]),
      );
    }
    case 'array':
      return items === undefined ? [] : [exampleOf(items)];
    case 'integer':
    case 'number':
      return minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return '…';
    default:
      return {};
  }
}

function errorSection(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, title, remedy }]) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${escape(title)}.<br>${escape(remedy)}</td></tr>`,
  );
  return `<section aria-labelledby="errors"><h2 id="errors">errors</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457), but for the kiosk's turns, which answer in their own shape.</p>
<table><tbody>${rows.join('\n')}</tbody></table></section>`;
}

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^\w]+/g, '-');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
