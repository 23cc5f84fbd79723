import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type {
  Answer,
  RouteDefinition,
  RouteScope,
  ScopedRequest,
  Upload,
} from '../experiences/experience.ts';
import type { RouteCounts } from '../telemetry/http-metrics.ts';
import { bringsBody, DEFAULT_MAX_BODY_BYTES, parseJson, readBody } from './body.ts';
import { checkInput } from './check-input.ts';
import type { Edge } from './edge.ts';
import { Exchange, type RouteLabel } from './exchange.ts';
import { answerOnce, readIdempotencyKey } from './idempotency.ts';
import { readMultipart } from './multipart.ts';
import { addressKey, isLocalRequest } from './origin.ts';
import { problemAnswer, toAppError, withErrorHeaders } from './problem.ts';
import { refuseOverLimit, type Counted } from './rate-limit.ts';
import { sendAnswer } from './send.ts';

/** A route as the edge serves it; its own ones also lie outside `/api`. */
export type EdgeRoute = Omit<RouteDefinition, 'path'> & { readonly path: string };

export interface EdgeScope extends RouteScope {
  /** Adds a route at its path only, without `/api/v1`. */
  plain(route: EdgeRoute): void;
  /** Every route so far, in the order of registration, each once. */
  routes(): readonly EdgeRoute[];
  /** Answers for every other method of the known paths: 405, and what a browser asks before it asks. Call it last. */
  close(): void;
}

/** Registers routes with all that stands in front of a handler: who may, how often, what is valid, how it is answered. */
export function createRouteScope(fastify: FastifyInstance, edge: Edge): EdgeScope {
  const routes: EdgeRoute[] = [];
  const methods = new Map<string, Set<string>>();

  const serve = (path: string, route: EdgeRoute) => {
    const label = routeLabel(edge, route.path);
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(route.method));
    if (route.method === 'GET') known.add('HEAD');
    register(
      fastify,
      route.method === 'GET' ? ['GET', 'HEAD'] : [route.method],
      path,
      (request, response) => {
        const exchange = new Exchange(edge, label, request, response);
        void run(exchange, route, () => answerRoute(exchange, route, request));
      },
    );
  };

  return {
    route(definition) {
      const route = definition as unknown as EdgeRoute;
      routes.push(route);
      serve(route.path, route);
      serve(route.path.replace(/^\/api\//, '/api/v1/'), route);
    },
    plain(route) {
      routes.push(route);
      serve(route.path, route);
    },
    routes: () => routes,
    close() {
      for (const [path, known] of methods) registerRest(fastify, edge, path, [...known]);
    },
  };
}

/** The counters of a route template, looked up once a method. */
export function routeLabel(edge: Edge, template: string): RouteLabel {
  const byMethod = new Map<string, RouteCounts>();
  return {
    template,
    counts(method) {
      let counts = byMethod.get(method);
      if (counts === undefined) byMethod.set(method, (counts = edge.metrics.http.route(method, template)));
      return counts;
    },
  };
}

/**
 * Hands the raw request over as soon as its route is known: Fastify routes and injects, the edge reads bodies (so that
 * who may send one is known first) and writes answers.
 */
export function register(
  fastify: FastifyInstance,
  methods: readonly string[],
  path: string,
  answer: (request: FastifyRequest, response: ServerResponse) => void,
): void {
  fastify.route({
    method: [...methods],
    url: path,
    exposeHeadRoute: false,
    onRequest: (request: FastifyRequest, reply: FastifyReply) => {
      reply.hijack();
      answer(request, reply.raw);
    },
    handler: () => {},
  });
}

/** Makes an answer and sends it; whatever is thrown becomes an error in the route's shape. Never rejects. */
export async function run(
  exchange: Exchange,
  route: Pick<EdgeRoute, 'toErrorAnswer'>,
  work: () => Answer | Promise<Answer>,
): Promise<void> {
  try {
    await sendAnswer(exchange, await work());
  } catch (error) {
    try {
      if (exchange.clientLeft) return exchange.finishLeft();
      await sendAnswer(exchange, errorAnswer(exchange, route, error));
    } catch (second) {
      exchange.log.error({ err: second }, 'an error could not be answered');
      exchange.response.destroy();
      exchange.finish(500);
    }
  }
}

/** The answer for something thrown, in the shape of the route. What nobody foresaw is logged here. */
export function errorAnswer(
  exchange: Exchange,
  route: Pick<EdgeRoute, 'toErrorAnswer'>,
  thrown: unknown,
): Answer {
  const error = toAppError(thrown, exchange.edge.stopping);
  exchange.errorCode = error.code;
  if (error.status >= 500) logFailure(exchange, error);
  else if (error.status === 401 || error.status === 403 || error.status === 429) logRefusal(exchange, error);
  const request = { id: exchange.id, headers: exchange.request.headers };
  const answer = route.toErrorAnswer?.(error, request) ?? problemAnswer(error, exchange.id);
  return withErrorHeaders(answer, error);
}

function logFailure(exchange: Exchange, error: AppError): void {
  const fields = { code: error.code, err: error.code === 'INTERNAL' ? error.cause : error };
  if (error.code === 'INTERNAL') exchange.log.error(fields, 'a request failed');
  else exchange.log.warn(fields, 'a request could not be served');
}

/** Security events carry a field of their own, so that they can be kept apart. */
function logRefusal(exchange: Exchange, error: AppError): void {
  const { counted } = exchange;
  // One line for each window and caller, however many requests they send.
  if (error.code === 'RATE_LIMITED' && counted !== undefined && counted.count !== counted.limit + 1) return;
  exchange.log.warn({ security: true, code: error.code, client: exchange.address }, 'a request was refused');
}

async function answerRoute(exchange: Exchange, route: EdgeRoute, incoming: FastifyRequest): Promise<Answer> {
  const { edge, request } = exchange;
  if (edge.stopping) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 2 });
  refuseForeignPage(exchange);
  const who = await admit(exchange, route);
  const params =
    route.params === undefined ? incoming.params : checkInput(route.params, incoming.params, 'params');
  const query = route.query === undefined ? incoming.query : checkInput(route.query, incoming.query, 'query');
  const key = route.idempotent === true ? readIdempotencyKey(request.headers['idempotency-key']) : null;
  const { raw, upload } = await readInput(exchange, route);
  const body =
    upload === null && route.body !== undefined ? checkInput(route.body, jsonOf(raw), 'body') : undefined;
  const scoped = new EdgeRequest(exchange, params, query, body, upload, who);
  if (key === null) return route.handle(scoped);
  // The answer must be there when the client comes back for it.
  exchange.outliveClient();
  const path = request.url ?? route.path;
  return answerOnce(
    edge.idempotency,
    { key, method: route.method, path, who, body: raw, upload },
    async () => route.handle(scoped),
    (error) => errorAnswer(exchange, route, error),
  );
}

/** @throws {AppError} ORIGIN_REFUSED for a change that another site's page asks for. */
function refuseForeignPage({ method, request, host, edge }: Exchange): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (edge.origins.mayWrite(request.headers, host)) return;
  throw new AppError('ORIGIN_REFUSED', {
    detail: `A page of ${String(request.headers.origin).slice(0, 200)} asks for a change on this server.`,
  });
}

const NOBODY: Who = { kind: 'nobody' };

/** Who asks: known, within the limits, allowed here. Credentials that don't hold count against the address. */
async function admit(exchange: Exchange, route: EdgeRoute): Promise<Who> {
  const { edge, request, address } = exchange;
  const { headers } = request;
  let who: Who = NOBODY;
  let refused: unknown;
  if (headers.authorization !== undefined || headers['x-device-key'] !== undefined) {
    try {
      who = await edge.access.authenticate(headers);
    } catch (error) {
      refused = error ?? new AppError('UNAUTHENTICATED');
    }
  }
  exchange.whoKind = who.kind;
  if (route.limit !== 'none') {
    const counting = edge.limiter.count(route.limit, who, addressKey(address));
    const counted = counting instanceof Promise ? await counting : counting;
    if (counted !== undefined) withinLimit(exchange, route, counted);
  }
  if (refused !== undefined) throw refused;
  if (route.access !== 'open') {
    edge.access.authorize(route.access, who, {
      profile: edge.profile,
      loopback: isLocalRequest(address, headers),
    });
  }
  return who;
}

function withinLimit(exchange: Exchange, route: EdgeRoute, counted: Counted): void {
  exchange.counted = counted;
  if (counted.count > counted.limit) exchange.edge.metrics.rateLimited(route.limit);
  refuseOverLimit(counted, exchange.edge.clock.now());
}

interface Input {
  /** The JSON body's bytes; empty for uploads. */
  readonly raw: Buffer;
  readonly upload: Upload | null;
}

const NOTHING = Buffer.alloc(0);

async function readInput(exchange: Exchange, route: EdgeRoute): Promise<Input> {
  const { request } = exchange;
  if ((route.body === undefined && route.upload === undefined) || !bringsBody(request))
    return { raw: NOTHING, upload: null };
  const given = request.headers['content-type'] ?? '';
  const mediaType = given.split(';', 1)[0]!.trim().toLowerCase();
  if (route.upload !== undefined && mediaType === 'multipart/form-data') {
    const upload = await readMultipart(request, route.upload, (bytes) => exchange.holdUploadBytes(bytes));
    return { raw: NOTHING, upload };
  }
  if (route.body !== undefined && (mediaType === 'application/json' || mediaType.endsWith('+json'))) {
    return { raw: await readBody(request, route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES), upload: null };
  }
  const accepted = [route.body && 'application/json', route.upload && 'multipart/form-data']
    .filter(Boolean)
    .join(' or ');
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
    detail: `The body came as ${mediaType === '' ? 'no type at all' : JSON.stringify(mediaType.slice(0, 80))}; send ${accepted}.`,
  });
}

function jsonOf(raw: Buffer): unknown {
  return raw.length === 0 ? undefined : parseJson(raw);
}

/** What a handler sees of an exchange; its signal and its log are made when they are asked for. */
class EdgeRequest implements ScopedRequest {
  readonly #exchange: Exchange;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly upload: Upload | null;
  readonly who: Who;

  constructor(
    exchange: Exchange,
    params: unknown,
    query: unknown,
    body: unknown,
    upload: Upload | null,
    who: Who,
  ) {
    this.#exchange = exchange;
    this.params = params;
    this.query = query;
    this.body = body;
    this.upload = upload;
    this.who = who;
  }

  get id() {
    return this.#exchange.id;
  }
  get headers() {
    return this.#exchange.request.headers;
  }
  get signal() {
    return this.#exchange.signal;
  }
  get log() {
    return this.#exchange.log;
  }
}

const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ASKABLE =
  'authorization, content-type, content-encoding, idempotency-key, x-device-key, x-request-id, last-event-id, if-none-match, range';

function registerRest(fastify: FastifyInstance, edge: Edge, path: string, known: readonly string[]): void {
  const allow = [...known, 'OPTIONS'].join(', ');
  const label = routeLabel(edge, path);
  const rest = ALL_METHODS.filter((method) => !known.includes(method));
  register(fastify, rest, path, (request, response) => {
    const exchange = new Exchange(edge, label, request, response);
    void run(exchange, {}, () =>
      exchange.method === 'OPTIONS' ? preflight(exchange, allow) : refuseMethod(exchange, allow),
    );
  });
}

function preflight(exchange: Exchange, allow: string): Answer {
  const { headers } = exchange.request;
  const known = exchange.edge.origins.allowed(headers.origin) !== null;
  if (!known || headers['access-control-request-method'] === undefined) {
    return { status: 204, headers: { allow }, body: { type: 'empty' } };
  }
  return {
    status: 204,
    headers: {
      allow,
      'access-control-allow-methods': allow,
      'access-control-allow-headers': ASKABLE,
      'access-control-max-age': '600',
    },
    body: { type: 'empty' },
  };
}

function refuseMethod(exchange: Exchange, allow: string): Answer {
  const error = new AppError('METHOD_NOT_ALLOWED', {
    detail: `${exchange.method} is not possible here; ${allow} are.`,
  });
  exchange.errorCode = error.code;
  const answer = withErrorHeaders(problemAnswer(error, exchange.id), error);
  return { ...answer, headers: { ...answer.headers, allow } };
}
