import { STATUS_CODES } from 'node:http';
import { z, type ZodType } from 'zod';
import type { Access } from '../accounts/access.ts';
import { errorTable, type ErrorCode } from '../errors/table.ts';
import { DEFAULT_MAX_BODY_BYTES } from './body.ts';
import type { EdgeRoute } from './route-scope.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who gets in, for people. */
export const accessTold: Readonly<Record<Access, string>> = {
  open: 'Anyone.',
  kiosk: 'Anyone on this machine in the local profile; elsewhere a device key or the session’s own token.',
  person: 'A person with their own token, who sees what is theirs; an API key sees all.',
  talk: 'Anyone on this machine in the local profile; elsewhere an API key or a person’s token.',
  conversation:
    'Anyone on this machine in the local profile; elsewhere an API key, the person’s token, a device key or the session’s own token.',
  staff: 'Signed-in staff.',
  manager: 'A signed-in manager or admin.',
  admin: 'A signed-in admin.',
};

const SECURITY: Readonly<Record<Access, readonly Json[]>> = {
  open: [],
  kiosk: [{ device_key: [] }, { bearer: [] }, {}],
  person: [{ bearer: [] }],
  talk: [{ bearer: [] }, {}],
  conversation: [{ device_key: [] }, { bearer: [] }, {}],
  staff: [{ bearer: [] }],
  manager: [{ bearer: [] }],
  admin: [{ bearer: [] }],
};

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Json;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
  };
  readonly responses: Readonly<Record<string, ResponseEntry>>;
  readonly security: readonly Json[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

export interface ResponseEntry {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}

/** The OpenAPI 3.1 document of `routes`, made from what the server itself checks with. */
export function openApiDocument(routes: readonly EdgeRoute[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Malbeot',
      version,
      description:
        'A self-hosted server for voice experiences. Every `/api/…` path is also served under `/api/v1/…`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token, a session’s token or an API key.',
        },
        device_key: { type: 'apiKey', in: 'header', name: 'X-Device-Key' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorTable) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

function operationOf(route: EdgeRoute): Operation {
  const body = requestBodyOf(route);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [
      `Who gets in: ${accessTold[route.access]}`,
      route.limit === 'none' ? '' : `Rate limit: ${route.limit}.`,
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(route),
    security: SECURITY[route.access],
  };
}

function operationId({ method, path }: EdgeRoute): string {
  const words = path.split(/[^\w]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words].join('_');
}

/** zod's own JSON Schema (2020-12, which OpenAPI 3.1 speaks). What has no JSON form may be anything. */
export function schemaOf(schema: ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return rest;
}

function parametersOf(route: EdgeRoute): Parameter[] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const described =
    route.params === undefined ? {} : propertiesOf(schemaOf(route.params, 'input')).properties;
  const inPath = names.map((name): Parameter => ({
    name,
    in: 'path',
    required: true,
    schema: described[name] ?? { type: 'string' },
  }));
  const query =
    route.query === undefined
      ? { properties: {}, required: [] }
      : propertiesOf(schemaOf(route.query, 'input'));
  const inQuery = Object.entries(query.properties).map(([name, schema]): Parameter => ({
    name,
    in: 'query',
    required: query.required.includes(name),
    schema,
  }));
  const key: Parameter = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'A repeat with the same key within 10 minutes gets the first answer.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  };
  return [...inPath, ...inQuery, ...(route.idempotent === true ? [key] : [])];
}

function propertiesOf(schema: Record<string, unknown>) {
  return {
    properties: (schema['properties'] ?? {}) as Record<string, unknown>,
    required: (schema['required'] ?? []) as string[],
  };
}

function requestBodyOf({
  body,
  upload,
  maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
}: EdgeRoute): Operation['requestBody'] {
  if (body === undefined && upload === undefined) return undefined;
  const content: Record<string, { schema: unknown }> = {};
  if (upload !== undefined) {
    const files = upload.fileFields.map((field) => [
      field,
      { type: 'string', contentMediaType: 'application/octet-stream' },
    ]);
    content['multipart/form-data'] = {
      schema: {
        type: 'object',
        description: `One file of at most ${upload.maxFileBytes} bytes, in one of these fields; further fields are text.`,
        properties: Object.fromEntries(files) as Json,
        additionalProperties: { type: 'string' },
      },
    };
  }
  if (body !== undefined) {
    const schema = { description: `At most ${maxBodyBytes} bytes.`, ...schemaOf(body, 'input') };
    content['application/json'] = { schema };
  }
  return { required: body === undefined || !body.safeParse(undefined).success, content };
}

function responsesOf(route: EdgeRoute): Record<string, ResponseEntry> {
  const responses: Record<string, ResponseEntry> = {};
  for (const [status, { description, schema, mediaType }] of Object.entries(route.responses ?? {})) {
    const type = mediaType ?? (schema === undefined ? undefined : 'application/json');
    const content =
      type === undefined
        ? {}
        : { content: { [type]: { schema: schema === undefined ? {} : schemaOf(schema, 'output') } } };
    responses[status] = { description, ...content };
  }
  if (!Object.keys(responses).some((status) => status.startsWith('2')))
    responses['200'] = { description: 'OK' };
  for (const [status, codes] of errorsOf(route)) {
    responses[status] ??= {
      description: `${STATUS_CODES[status] ?? ''}: ${codes.join(', ')}`,
      ...(route.toErrorAnswer === undefined
        ? { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
        : {}),
    };
  }
  return responses;
}

/** What the edge itself answers in front of this route, by status. */
function errorsOf(route: EdgeRoute): Map<number, ErrorCode[]> {
  const codes: ErrorCode[] = ['INTERNAL', 'SHUTTING_DOWN'];
  if (route.access !== 'open') codes.push('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'FORBIDDEN');
  if (route.method !== 'GET') codes.push('ORIGIN_REFUSED');
  if (route.limit !== 'none') codes.push('RATE_LIMITED');
  if (route.params !== undefined || route.query !== undefined || route.body !== undefined)
    codes.push('INVALID_INPUT');
  if (route.body !== undefined || route.upload !== undefined) {
    codes.push('MALFORMED_BODY', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNSUPPORTED_ENCODING');
  }
  if (route.upload !== undefined) codes.push('OVERLOADED');
  if (route.idempotent === true) codes.push('IDEMPOTENCY_IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED');
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
