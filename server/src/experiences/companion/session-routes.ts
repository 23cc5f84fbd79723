import type { EndedSession, Language, NewSession, PersonStats, SessionStats } from '@malbeot/protocol';
import { z } from 'zod';
import { acceptedLanguage } from '../../lib/accepted-language.ts';
import { isId } from '../../lib/ids.ts';
import type { RouteScope } from '../experience.ts';
import type { CompanionSessions } from './sessions.ts';
import type { CompanionEnding } from './ending.ts';
import type { CompanionStats } from './stats.ts';

const NOT_AN_ID = 'is not an id of this server (usr_ and 26 characters)';
const controlCharacters = /\p{Cc}/u;
/** What people said is for who asked alone. */
export const NO_STORE = { 'cache-control': 'no-store' } as const;

/** `usr_…` */
export const userId = z.string().refine((text) => isId('usr', text), {
  error: `${NOT_AN_ID}; a name of your own for a person goes into external_id`,
});
/** `ses_…` */
export const sessionId = z.string().refine((text) => isId('ses', text), {
  error: 'is not an id of this server (ses_ and 26 characters); POST /api/sessions/new gives one',
});
/** `ko` or `en`, with or without a region. */
export const language = z
  .string()
  .refine((tag) => /^(ko|en)(-[a-z0-9]{2,8}){0,3}$/i.test(tag), {
    error: 'is not spoken here; allowed: ko, en, also with a region such as en-GB',
  })
  .transform((tag) => tag.slice(0, 2).toLowerCase() as Language);
const name = (longest: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => text.length >= 1 && text.length <= longest, {
      error: `needs 1 to ${longest} characters`,
    })
    .refine((text) => !controlCharacters.test(text), { error: 'must not hold control characters' });

const newSessionSchema = z
  .strictObject({
    user_id: userId.nullish(),
    external_id: name(120).nullish(),
    language: language.nullish(),
    character: name(80).nullish(),
  })
  .prefault({});

const openSession = z.object({ id: sessionId });
const statsParams = z.object({
  id: z.string().refine((text) => isId('ses', text) || isId('usr', text), {
    error: 'has to be a session (ses_…) or a person (usr_…)',
  }),
});

export interface SessionRoutesOptions {
  readonly sessions: CompanionSessions;
  readonly stats: CompanionStats;
  readonly ending: CompanionEnding;
}

/** `POST /api/sessions/new`, `GET /api/sessions/{id}/stats`, `POST /api/sessions/{id}/end`. */
export function registerSessionRoutes(scope: RouteScope, options: SessionRoutesOptions): void {
  const { sessions, stats, ending } = options;
  scope.route<unknown, unknown, z.infer<typeof newSessionSchema>>({
    method: 'POST',
    path: '/api/sessions/new',
    tag: 'companion',
    summary: 'Begins a session with the companion, for a person who is known or a new one',
    access: 'talk',
    limit: 'turns',
    idempotent: true,
    body: newSessionSchema,
    responses: {
      200: {
        description: 'The session, and a token that stands for it alone.',
        schema: z.custom<NewSession>(),
      },
      403: { description: 'A person asks for a session of somebody else.' },
      404: { description: 'No such person.' },
      409: { description: 'user_id and external_id are two people, or too many sessions are open.' },
      422: { description: 'A field is not valid; every fault is named.' },
    },
    async handle({ body, who, headers }) {
      const { session, token } = await sessions.begin(
        {
          userId: body.user_id ?? null,
          externalId: body.external_id ?? null,
          language: body.language ?? null,
          fallbackLanguage: acceptedLanguage(headers['accept-language']),
          character: body.character ?? null,
        },
        who,
      );
      const value: NewSession = {
        session_id: session.sessionId,
        user_id: session.userId,
        token,
        created_at: new Date(session.createdAt).toISOString(),
      };
      return { status: 200, headers: NO_STORE, body: { type: 'json', value } };
    },
  });

  scope.route<{ id: string }, unknown, unknown>({
    method: 'GET',
    path: '/api/sessions/:id/stats',
    tag: 'companion',
    summary: 'How a session went (ses_…), or all of a person’s together (usr_…)',
    access: 'conversation',
    limit: 'reads',
    params: statsParams,
    responses: {
      200: {
        description:
          'Of a session: turns, durations, latencies, providers, interruptions. Of a person: sessions, turns, minutes, favourite topics, first and last seen.',
        schema: z.union([z.custom<SessionStats>(), z.custom<PersonStats>()]),
      },
      403: { description: 'It belongs to another person.' },
      404: { description: 'There is no such session or person.' },
      422: { description: 'The id is neither ses_… nor usr_….' },
    },
    async handle({ params: { id }, who }) {
      const value: SessionStats | PersonStats = isId('ses', id)
        ? await stats.ofSession(await sessions.find(id, who))
        : await stats.ofPerson(await sessions.findPerson(id, who));
      return { status: 200, headers: NO_STORE, body: { type: 'json', value } };
    },
  });

  scope.route<{ id: string }, unknown, unknown>({
    method: 'POST',
    path: '/api/sessions/:id/end',
    tag: 'companion',
    summary: 'Ends a session and keeps a summary of it; a second time gives the same again',
    access: 'conversation',
    limit: 'turns',
    params: openSession,
    responses: {
      200: { description: 'The summary that is kept.', schema: z.custom<EndedSession>() },
      403: { description: 'It belongs to another person.' },
      404: { description: 'There is no such session.' },
      422: { description: 'The id is not ses_….' },
    },
    async handle({ params: { id }, who, signal }) {
      const value: EndedSession = await ending.end(id, who, signal);
      return { status: 200, headers: NO_STORE, body: { type: 'json', value } };
    },
  });
}
