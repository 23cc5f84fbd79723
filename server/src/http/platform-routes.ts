import type { ExperienceList, Health, Language } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import type { Answer } from '../experiences/experience.ts';
import { acceptedLanguage } from '../lib/accepted-language.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { EdgeRoute, EdgeScope } from './route-scope.ts';

/** What the platform's own routes tell. */
export interface PlatformServices {
  /** Every part with its true state, told in `language`. Answers from what is known; asks nobody. */
  health(language: Language): Health | Promise<Health>;
  /** False while the server can't take work yet. */
  ready(): boolean | Promise<boolean>;
  experiences(): ExperienceList;
}

const json = (value: unknown, status = 200): Answer => ({ status, body: { type: 'json', value } });

const pong = {
  status: 200,
  body: {
    type: 'bytes',
    bytes: Buffer.from('{"status":"ok"}'),
    mediaType: 'application/json; charset=utf-8',
  },
} as const satisfies Answer;

const statusSchema = z.object({ status: z.literal('ok') });

const partStatus = z.enum(['ok', 'degraded', 'down']);
const healthSchema = z.object({
  status: partStatus,
  version: z.string(),
  uptime_seconds: z.number(),
  parts: z.record(
    z.string(),
    z.object({
      status: partStatus,
      provider: z.string().nullable(),
      stand_in: z.boolean(),
      detail: z.string(),
      action: z.string().nullable(),
    }),
  ),
}) satisfies ZodType<Health>;

const experienceListSchema = z.object({
  experiences: z.array(
    z.object({
      id: z.enum(['kiosk', 'desk', 'storybook', 'fortune', 'companion']),
      state: z.enum(['ready', 'planned']),
      path: z.string().nullable(),
    }),
  ),
}) satisfies ZodType<ExperienceList>;

/** `/api/ping`, `/api/health`, `/api/experiences`, and for machines `/health`, `/ready`, `/metrics`. */
export function registerPlatformRoutes(scope: EdgeScope, services: PlatformServices, metrics: Metrics): void {
  const common = { tag: 'platform', access: 'open', limit: 'none', method: 'GET' } as const;
  scope.route({
    ...common,
    path: '/api/ping',
    summary: 'Answers at once: the server runs',
    responses: { 200: { description: 'It runs.', schema: statusSchema } },
    handle: () => pong,
  });
  scope.route({
    ...common,
    limit: 'reads',
    path: '/api/health',
    summary:
      'Every part with its state: real or a stand-in, and what to do about it, in the language of Accept-Language',
    responses: {
      200: { description: 'The server can serve.', schema: healthSchema },
      503: { description: 'A part that nothing works without is down.', schema: healthSchema },
    },
    handle: async ({ headers }) => {
      const health = await services.health(acceptedLanguage(headers['accept-language']));
      return { ...json(health, health.status === 'down' ? 503 : 200), headers: { vary: 'Accept-Language' } };
    },
  });
  scope.route({
    ...common,
    limit: 'reads',
    path: '/api/experiences',
    summary: 'The five experiences and whether each can be used now',
    responses: { 200: { description: 'The five.', schema: experienceListSchema } },
    handle: () => json(services.experiences()),
  });
  const outside: EdgeRoute[] = [
    {
      ...common,
      path: '/health',
      summary: 'For supervisors: the process is alive',
      responses: { 200: { description: 'It is alive.', schema: statusSchema } },
      handle: () => pong,
    },
    {
      ...common,
      path: '/ready',
      summary: 'For load balancers: the server takes work',
      responses: {
        200: { description: 'It takes work.', schema: statusSchema },
        503: { description: 'Not now.' },
      },
      handle: async () => ((await services.ready()) ? pong : json({ status: 'not_ready' }, 503)),
    },
    {
      ...common,
      path: '/metrics',
      access: 'manager',
      summary: 'Counts and times for Prometheus',
      responses: { 200: { description: 'Prometheus text.', mediaType: 'text/plain' } },
      handle: async () => ({
        status: 200,
        body: { type: 'bytes', bytes: Buffer.from(await metrics.render()), mediaType: metrics.contentType },
      }),
    },
  ];
  for (const route of outside) scope.plain(route);
}
