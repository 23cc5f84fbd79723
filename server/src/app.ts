import {
  fastify as createFastify,
  type FastifyInstance,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import { AppError } from './errors/app-error.ts';
import type { Experience, RouteDefinition } from './experiences/experience.ts';
import { registerAuthRoutes, type AuthService } from './http/auth-routes.ts';
import { registerDocsRoutes } from './http/docs-routes.ts';
import type { AccessControl, ActiveRequest, Edge, Profile } from './http/edge.ts';
import { registerEventsRoute } from './http/events-route.ts';
import { Exchange } from './http/exchange.ts';
import {
  createNodeServer,
  defaultServerLimits,
  type NodeServer,
  type ServerLimits,
  type TlsFiles,
} from './http/node-server.ts';
import { createOriginPolicy } from './http/origin.ts';
import { registerPages } from './http/page-routes.ts';
import { registerPlatformRoutes, type PlatformServices } from './http/platform-routes.ts';
import { createRateLimiter, type RateLimits } from './http/rate-limit.ts';
import { createRequestIds } from './http/request-id.ts';
import { createRouteScope, routeLabel, run, type EdgeRoute, type EdgeScope } from './http/route-scope.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createWebFiles } from './http/web-files.ts';
import type { Hub } from './hub/hub.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { deferred } from './lib/deferred.ts';
import type { IdempotencyStore, RateLimitStore } from './limits/stores.ts';
import type { Logger } from './telemetry/logger.ts';
import { systemTimers, type Timers } from './lib/timers.ts';
import type { Metrics } from './telemetry/metrics.ts';
import {
  createConversationSocket,
  type ConversationSocket,
  type ConversationSocketOptions,
} from './ws/conversation-socket.ts';
import { defaultTalkLimits, type TalkLimits } from './ws/talk-limits.ts';
import { createUpgrades, type Upgrades } from './ws/upgrades.ts';

export interface AppSettings {
  readonly version: string;
  readonly profile: Profile;
  /** Whose `X-Forwarded-*` count: nobody's, everybody's, so many hops', or those of these addresses and networks. */
  readonly trustProxy: boolean | number | readonly string[];
  /** Origins of other sites whose pages may use the API. */
  readonly corsOrigins: readonly string[];
  /** Origin of `ASSET_BASE_URL`, or null. */
  readonly assetOrigin: string | null;
  /** Null turns rate limits off. */
  readonly rateLimits: RateLimits | null;
  readonly tls: TlsFiles | null;
  /** Folder of the built pages. */
  readonly webFolder: string;
  /** Paths that the pages answer, besides those of the experiences. */
  readonly pagePaths: readonly string[];
  readonly server?: Partial<ServerLimits>;
  /** Bytes of uploads in memory at once; 256 MiB when absent. */
  readonly maxUploadBytes?: number;
}

export interface AppDeps {
  readonly settings: AppSettings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly access: AccessControl;
  readonly auth: AuthService;
  readonly platform: PlatformServices;
  readonly hub: Pick<Hub, 'subscribe'>;
  readonly rateLimitStore: RateLimitStore;
  readonly idempotency: IdempotencyStore;
  /** Routes that belong to no experience, such as the voices of replies. */
  readonly routes?: readonly RouteDefinition[];
  readonly experiences: readonly Experience[];
  /** How the conversations of experiences with `talks` are held; absent where nobody talks live. */
  readonly talk?: Pick<ConversationSocketOptions, 'openConversation' | 'providersOf'> & {
    readonly limits?: Partial<TalkLimits>;
  };
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface App {
  /** Opens the port; 0 takes any free one. Rejects with Node's error, `EADDRINUSE` for a taken port. */
  listen(options: {
    readonly port: number;
    readonly host: string;
  }): Promise<{ readonly url: string; readonly port: number }>;
  /** A request without a port. */
  inject(options: InjectOptions | string): Promise<LightMyRequestResponse>;
  /** Every route once, with who may use it. */
  routes(): readonly EdgeRoute[];
  /** Ends the live conversation of a session that is over; its client is told so. */
  endTalk(sessionId: string): Promise<void>;
  /**
   * Takes nothing new, ends streams, lets requests finish, calls off what is left shortly before `graceMs` and is closed by
   * then. Safe to call twice.
   */
  close(graceMs?: number): Promise<void>;
}

const MIB = 1024 * 1024;
const GRACE_MS = 20_000;
const CLOSE_IDLE_EVERY_MS = 50;

/** The server, from its parts: one port, all routes, everything that stands in front of them. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const { settings, experiences } = deps;
  const edge = createEdge(deps);
  let node: NodeServer | undefined;
  const fastify = createFastify({
    logger: false,
    trustProxy: trustOf(settings.trustProxy),
    genReqId: () => '',
    exposeHeadRoutes: false,
    forceCloseConnections: false,
    serverFactory: (handler) => {
      const limits = { ...defaultServerLimits, ...settings.server };
      node = createNodeServer({
        handler,
        tls: settings.tls,
        limits,
        log: deps.log,
        newRequestId: edge.newRequestId,
      });
      return node.server;
    },
    frameworkErrors: (error, request, reply) => {
      reply.hijack();
      const exchange = new Exchange(edge, routeLabel(edge, '(unreadable)'), request, reply.raw);
      void run(exchange, {}, () => {
        throw new AppError('MALFORMED_REQUEST', {
          detail: 'The address can not be read: check its percent-encoding.',
          cause: error,
        });
      });
    },
  });
  const scope = createRouteScope(fastify, edge);
  registerAll(scope, deps);
  scope.close();
  const pagePaths = ['/', ...settings.pagePaths, ...experiences.map(({ path }) => path)];
  const upgrades = createUpgrades(edge.newRequestId);
  const socket = createSocket(edge, upgrades, deps);
  socket?.register(fastify);
  registerPages(fastify, edge, createWebFiles(settings.webFolder), pagePaths);
  await fastify.ready();
  if (socket !== undefined) upgrades.listen(node!.server, fastify);

  let closing: Promise<void> | undefined;
  return {
    endTalk: async (sessionId) => socket?.endSession(sessionId),
    routes: scope.routes,
    inject: (options) => fastify.inject(options),
    listen: ({ port, host }) => listen(node!, port, host),
    close: (graceMs = GRACE_MS) => (closing ??= close(edge, fastify, node!, socket, graceMs)),
  };
}

function trustOf(
  trusted: AppSettings['trustProxy'],
): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (typeof trusted === 'boolean') return trusted;
  return typeof trusted === 'number' ? (_, hop) => hop < trusted : [...trusted];
}

function createEdge({
  settings,
  log,
  metrics,
  access,
  rateLimitStore,
  idempotency,
  clock = systemClock,
}: AppDeps): Edge {
  const { assetOrigin } = settings;
  return {
    clock,
    log,
    metrics,
    profile: settings.profile,
    access,
    idempotency,
    limiter: createRateLimiter({ store: rateLimitStore, limits: settings.rateLimits, clock, log }),
    origins: createOriginPolicy(settings.corsOrigins),
    headers: {
      plain: securityHeaders({ encrypted: false, assetOrigin }),
      encrypted: securityHeaders({ encrypted: true, assetOrigin }),
    },
    maxUploadBytes: settings.maxUploadBytes ?? 256 * MIB,
    newRequestId: createRequestIds(),
    active: new Set(),
    stopping: false,
  };
}

function registerAll(
  scope: EdgeScope,
  { settings, platform, metrics, auth, hub, routes = [], experiences }: AppDeps,
): void {
  registerPlatformRoutes(scope, platform, metrics);
  registerAuthRoutes(scope, auth);
  registerEventsRoute(scope, hub);
  for (const route of routes) scope.route(route);
  for (const experience of experiences) experience.register(scope);
  registerDocsRoutes(scope, settings.version);
}

function listen(
  { server, encrypted }: NodeServer,
  port: number,
  host: string,
): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ url: `${encrypted ? 'https' : 'http'}://${name}:${taken}`, port: taken });
    });
  });
}

function createSocket(
  edge: Edge,
  upgrades: Upgrades,
  { talk, experiences, timers = systemTimers }: AppDeps,
): ConversationSocket | undefined {
  if (talk === undefined) return undefined;
  return createConversationSocket({
    edge,
    upgrades,
    sources: experiences.flatMap(({ talks }) => (talks === undefined ? [] : [talks])),
    openConversation: talk.openConversation,
    providersOf: talk.providersOf,
    limits: { ...defaultTalkLimits, ...talk.limits },
    timers,
  });
}

async function close(
  edge: Edge,
  fastify: FastifyInstance,
  node: NodeServer,
  socket: ConversationSocket | undefined,
  graceMs: number,
): Promise<void> {
  const { server } = node;
  edge.stopping = true;
  const callOff = (which: (request: ActiveRequest) => boolean) => {
    for (const exchange of edge.active) if (which(exchange)) exchange.abort('The server stops.');
  };
  const closed = deferred<void>();
  if (server.listening) server.close(() => closed.resolve());
  else closed.resolve();
  node.dispose();
  callOff(({ endless }) => endless);
  const silent = socket?.close();
  // Connections become idle one by one, as their last answers go out.
  const idling = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const late = setTimeout(() => callOff(() => true), graceMs * 0.8);
  const gaveUp = deferred<void>();
  const end = setTimeout(() => {
    server.closeAllConnections();
    socket?.terminate();
    gaveUp.resolve();
  }, graceMs);
  await Promise.all([closed.promise, Promise.race([silent, gaveUp.promise])]);
  clearInterval(idling);
  clearTimeout(late);
  clearTimeout(end);
  await fastify.close();
}
