import type { HubEvent } from '@malbeot/protocol';
import { z } from 'zod';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { RouteScope, ServerSentEvent } from '../experiences/experience.ts';
import type { Hub, HubCursor, Recipient } from '../hub/hub.ts';

const CURSOR = /^([\w-]{1,64}):(\d{1,15})$/;

const query = z.object({
  since: z
    .string()
    .regex(CURSOR)
    .optional()
    .describe('`epoch:seq` of the last event seen; the header Last-Event-ID wins.'),
  for: z
    .enum(['staff', 'role', 'me'])
    .default('staff')
    .describe('Whose events: all staff’s, one’s role’s, one’s own.'),
});

/** `GET /api/events`: what happens in the shop, as it happens. */
export function registerEventsRoute(scope: RouteScope, hub: Pick<Hub, 'subscribe'>): void {
  scope.route({
    method: 'GET',
    path: '/api/events',
    tag: 'events',
    summary: 'Realtime events for staff, as server-sent events that resume where they broke off',
    access: 'staff',
    limit: 'reads',
    query,
    responses: { 200: { description: 'Events; see AsyncAPI.', mediaType: 'text/event-stream' } },
    handle: ({ query, headers, who, signal }) => {
      const last = headers['last-event-id'];
      const since = readCursor(typeof last === 'string' && last !== '' ? last : query.since);
      const events = hub.subscribe(recipientOf(query.for, who), since, signal);
      return { status: 200, body: { type: 'events', events: toServerSent(events) } };
    },
  });
}

function readCursor(text: string | undefined): HubCursor | null {
  const match = text === undefined ? null : CURSOR.exec(text);
  return match === null ? null : { epoch: match[1]!, seq: Number(match[2]) };
}

function recipientOf(kind: 'staff' | 'role' | 'me', who: Who): Recipient {
  if (kind === 'staff') return 'staff';
  if (who.kind !== 'person' || (kind === 'role' && who.role === 'customer')) {
    throw new AppError('FORBIDDEN', {
      detail: `?for=${kind} needs a person who is signed in; ?for=staff does not.`,
    });
  }
  return kind === 'me' ? `user:${who.userId}` : `role:${who.role as Exclude<typeof who.role, 'customer'>}`;
}

async function* toServerSent(events: AsyncIterable<HubEvent>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events)
    yield { id: `${event.epoch}:${event.seq}`, event: event.type, data: event };
}
