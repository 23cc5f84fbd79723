import type { HubEvents, HubEventType } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import { talkDocument } from './asyncapi-talk.ts';
import { schemaOf } from './openapi.ts';

const at = z.iso.datetime().describe('ISO 8601.');

const paymentFields = {
  order_id: z.string(),
  order_number: z.int(),
  kiosk_id: z.string().nullable(),
  payment_id: z.string(),
  amount: z.int().describe('Won.'),
  method: z.string(),
  terminal: z.string(),
};

/** The data of each event, held to the wire's types by the compiler. */
export const hubEventSchemas = {
  staff_called: z.object({ kiosk_id: z.string().nullable(), session_id: z.string(), at }),
  order_created: z.object({
    order_id: z.string(),
    order_number: z.int(),
    kiosk_id: z.string().nullable(),
    total_amount: z.int().describe('Won.'),
    item_count: z.int(),
    at,
  }),
  order_paid: z.object({
    ...paymentFields,
    simulated: z.boolean().describe('True when no money moved.'),
    at,
  }),
  payment_attention: z.object({
    ...paymentFields,
    attempts: z.int().describe('How often it was tried to take the charge back.'),
    at,
  }),
  resync: z.object({ reason: z.string() }),
} satisfies { readonly [Type in HubEventType]: ZodType<HubEvents[Type]> };

const EVENTS_TOLD: Readonly<Record<HubEventType, string>> = {
  staff_called: 'A customer at a kiosk asks for a person.',
  order_created: 'An order was confirmed at a kiosk.',
  order_paid: 'A placed order was paid for on the terminal.',
  payment_attention: 'A charge that may stand could not be taken back yet: look at the terminal.',
  resync: 'What was missed is no longer kept: reload from the database.',
};

/** The AsyncAPI 3 document of what goes over streams: events for staff, and realtime talk both ways. */
export function asyncApiDocument(version: string): Readonly<Record<string, unknown>> {
  const types = Object.keys(hubEventSchemas) as HubEventType[];
  const messages = Object.fromEntries(types.map((type) => [type, messageOf(type)]));
  const talk = talkDocument();
  return {
    asyncapi: '3.0.0',
    info: { title: 'Malbeot', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: '/api/events',
        title: 'Events for signed-in staff',
        description:
          'Server-sent events. `id` is `epoch:seq`; a reader that comes back with `Last-Event-ID` or `?since=epoch:seq` ' +
          'gets what it missed, or `resync` when that is no longer kept. Comments come every 15 seconds.',
        bindings: { http: { bindingVersion: '0.3.0' } },
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
      talk: talk.channel,
    },
    operations: {
      sendEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        messages: types.map((type) => ({ $ref: `#/channels/events/messages/${type}` })),
      },
      ...talk.operations,
    },
    components: { messages: { ...messages, ...talk.messages } },
  };
}

function messageOf(type: HubEventType) {
  return {
    name: type,
    summary: EVENTS_TOLD[type],
    payload: {
      type: 'object',
      required: ['seq', 'epoch', 'type', 'data', 'at'],
      properties: {
        seq: {
          type: 'integer',
          minimum: 1,
          description: 'Numbered per recipient, without gaps within an epoch.',
        },
        epoch: { type: 'string', description: 'Changes when numbering starts anew.' },
        type: { const: type },
        data: schemaOf(hubEventSchemas[type], 'output'),
        at: { type: 'string', format: 'date-time' },
      },
    },
  };
}
