import type {
  KioskAction,
  KioskOrder,
  KioskSession,
  KioskTurnRequest,
  NewKioskSession,
  ServerResponse,
} from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import type { Who } from '../../accounts/access.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Hub } from '../../hub/hub.ts';
import { acceptedLanguage } from '../../lib/accepted-language.ts';
import type { Clock } from '../../lib/clock.ts';
import { isId } from '../../lib/ids.ts';
import type { Answer, RouteScope, ScopedRequest, Upload } from '../experience.ts';
import { earlyErrorAnswer, NO_FILE } from './error-answer.ts';
import type { MenuStore } from './menu-store.ts';
import { menuSchema } from './menu.ts';
import type { Payments } from './payments/payments.ts';
import { standingOrder } from './placing.ts';
import type { KioskSessions } from './sessions.ts';
import type { KioskStore, SavedSession } from './store.ts';
import type { KioskInput } from './turn-course.ts';
import type { ProcessTurn } from './turns.ts';

const MAX_AUDIO_BYTES = 10 * 1024 * 1024;
const MAX_TEXT_CHARACTERS = 1_000;
const MAX_QUANTITY = 1_000;
const FILE_FIELDS = ['audio_file', 'file', 'audio'];

const id = z.string().min(1).max(80);
const options = z.record(id, z.union([id, z.array(id).max(20)]));
const line = z.int().min(0).max(1_000);
const quantity = z.int().min(1).max(MAX_QUANTITY);
const language = z.enum(['ko', 'en']);

const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('add'),
    item_id: id,
    options: options.optional(),
    quantity: quantity.optional(),
  }),
  z.strictObject({ type: z.literal('set_quantity'), line, quantity: z.int().min(0).max(MAX_QUANTITY) }),
  z.strictObject({ type: z.literal('set_options'), line, options }),
  z.strictObject({ type: z.literal('remove'), line }),
  z.strictObject({ type: z.literal('clear') }),
  z.strictObject({ type: z.literal('confirm'), read_back: id.optional() }),
  z.strictObject({ type: z.literal('pay'), method: id }),
  z.strictObject({ type: z.literal('cancel') }),
  z.strictObject({ type: z.literal('dine'), where: z.enum(['in', 'out']) }),
  z.strictObject({ type: z.literal('language'), language }),
  z.strictObject({ type: z.literal('repeat') }),
  z.strictObject({ type: z.literal('call_staff') }),
  z.strictObject({ type: z.literal('start_over') }),
]);

const turnSchema = z
  .strictObject({
    text: z.string().trim().min(1).max(MAX_TEXT_CHARACTERS).optional(),
    action: actionSchema.optional(),
    session_id: id.nullish(),
    kiosk_id: id.nullish(),
    language: language.nullish(),
  })
  .refine(({ text, action }) => (text === undefined) !== (action === undefined), {
    message:
      'Give exactly one of text and action; sound comes as multipart/form-data in the field audio_file.',
  });

/** Fields that come beside the sound. */
const fieldsSchema = z.object({
  session_id: id.nullish(),
  kiosk_id: id.nullish(),
  language: language.nullish(),
});

const newSessionSchema = z.strictObject({ kiosk_id: id.nullish(), language: language.nullish() });

const sessionParams = z.object({ id });
const orderParams = z.object({ id });

export interface KioskRoutesOptions {
  readonly process: ProcessTurn;
  readonly sessions: KioskSessions;
  readonly store: KioskStore;
  readonly menus: MenuStore;
  readonly hub: Pick<Hub, 'publish'>;
  readonly clock: Clock;
  readonly payments: Pick<Payments, 'cancel'>;
  /** Told of a session that was ended: whoever talks in it live can be let go. */
  readonly onSessionEnded?: ((sessionId: string) => void) | undefined;
  /** @throws {AppError} FORBIDDEN when `who` may not see the orders of this session. */
  readonly authorizeOrder: (
    session: { readonly sessionId: string; readonly kioskId: string | null },
    who: Who,
  ) => void;
}

type Fields = z.infer<typeof fieldsSchema>;

/** Registers the kiosk's routes. */
export function registerKioskRoutes(scope: RouteScope, options: KioskRoutesOptions): void {
  registerTurn(scope, options);
  registerMenu(scope, options);
  registerSessions(scope, options);
}

function registerTurn(scope: RouteScope, { process, clock }: KioskRoutesOptions): void {
  const response = (description: string) => ({ description, schema: z.custom<ServerResponse>() });
  scope.route<unknown, unknown, KioskTurnRequest>({
    method: 'POST',
    path: '/api/voice/process',
    tag: 'kiosk',
    summary: 'One turn at the kiosk: a WAV, words or a tap go in, one ServerResponse comes out',
    access: 'kiosk',
    limit: 'turns',
    idempotent: true,
    body: turnSchema as unknown as ZodType<KioskTurnRequest>,
    upload: { fileFields: FILE_FIELDS, maxFileBytes: MAX_AUDIO_BYTES, maxFieldBytes: 1_000 },
    responses: {
      200: response('Heard, or asked again: success tells which.'),
      400: response('No sound, wrong fields.'),
      404: response('No such session, or it is over (details.code SESSION_EXPIRED).'),
      413: response('More than 10 MB.'),
      415: response('Not a WAV.'),
      422: response('A WAV that can not be read.'),
      429: response('Too many turns; Retry-After tells when.'),
      503: response('Nobody can hear or understand now.'),
    },
    handle: ({ id: requestId, body, upload, who, headers, signal }) => {
      const { input, fields } = upload === null ? fromJson(body) : fromUpload(upload);
      const { session_id, kiosk_id, language } = fields;
      const key = headers['idempotency-key'];
      const turn = {
        input,
        sessionId: session_id ?? null,
        kioskId: kiosk_id ?? null,
        language: language ?? null,
        errorLanguage: acceptedLanguage(headers['accept-language']),
        idempotencyKey: typeof key === 'string' ? key : null,
        ageMs: readAge(headers['x-request-age']),
        requestId,
        who,
      };
      return process(turn, signal);
    },
    toErrorAnswer: (error, request) => earlyErrorAnswer(error, request, clock.now()),
  });
}

/** Milliseconds in `X-Request-Age`; 0 without one that can be read. */
function readAge(header: string | readonly string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}

function fromJson(body: KioskTurnRequest): { readonly input: KioskInput; readonly fields: Fields } {
  const { text, action } = body;
  return {
    input: text === undefined ? { type: 'tap', tap: action as KioskAction } : { type: 'text', text },
    fields: body,
  };
}

function fromUpload({ file, fields }: Upload): { readonly input: KioskInput; readonly fields: Fields } {
  // An empty field is what a form sends for "none".
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const parsed = fieldsSchema.safeParse(given);
  if (!parsed.success) {
    throw new AppError('INVALID_INPUT', {
      detail: 'A field beside the sound is not valid.',
      issues: parsed.error.issues.map(({ path, message }) => ({ path: `body.${path.join('.')}`, message })),
    });
  }
  if (file === null) {
    const error = new AppError('INVALID_INPUT', {
      detail: `The form holds no file in the fields ${FILE_FIELDS.join(', ')}. Send the WAV in audio_file.`,
      fields: { reason: NO_FILE },
    });
    return { input: { type: 'unusable', error }, fields: parsed.data };
  }
  return { input: { type: 'audio', bytes: file.bytes }, fields: parsed.data };
}

const menuAnswer = (json: Buffer, etag: string): Answer => ({
  status: 200,
  headers: { etag, 'cache-control': 'no-cache' },
  body: { type: 'bytes', bytes: json, mediaType: 'application/json; charset=utf-8' },
});

function registerMenu(scope: RouteScope, { menus }: KioskRoutesOptions): void {
  let last: { readonly json: Buffer; readonly answer: Answer } | undefined;
  scope.route({
    method: 'GET',
    path: '/api/kiosk/menu',
    tag: 'kiosk',
    summary: 'The menu in force, with options, pictures and what is sold out',
    access: 'open',
    limit: 'reads',
    responses: { 200: { description: 'The menu; ETag names its version.', schema: menuSchema } },
    handle: () => {
      const current = menus.current();
      if (current instanceof Promise) return current.then(({ json, etag }) => menuAnswer(json, etag));
      if (last?.json !== current.json)
        last = { json: current.json, answer: menuAnswer(current.json, current.etag) };
      return last.answer;
    },
  });
  scope.route({
    method: 'PUT',
    path: '/api/kiosk/menu',
    tag: 'kiosk',
    summary: 'Puts a menu in force; orders that stand lose what it no longer offers, and say so',
    access: 'manager',
    limit: 'runs',
    body: menuSchema,
    maxBodyBytes: 2 * 1024 * 1024,
    responses: {
      200: { description: 'The menu as it is in force now.', schema: menuSchema },
      409: { description: 'Another menu came in force meanwhile (If-Match).' },
      422: { description: 'The menu is not valid; every fault is named.' },
    },
    async handle({ body, headers, who }) {
      const expected = headers['if-match'];
      const by = who.kind === 'person' ? who.userId : who.kind;
      const { json, etag } = await menus.replace(body, typeof expected === 'string' ? expected : null, by);
      return menuAnswer(json, etag);
    },
  });
}

function registerSessions(scope: RouteScope, options: KioskRoutesOptions): void {
  const { sessions, store, menus, hub, clock } = options;
  const open = ({ params, who }: ScopedRequest<{ id: string }>) =>
    sessions.open({ sessionId: params.id, kioskId: null, language: null, who });
  const common = { tag: 'kiosk', access: 'kiosk', limit: 'reads', params: sessionParams } as const;

  const toSession = async (saved: SavedSession): Promise<KioskSession> => {
    const { menu } = await menus.current();
    const { state } = saved;
    const { order, lines } = await standingOrder(store, menu, state);
    return {
      session_id: saved.sessionId,
      kiosk_id: saved.kioskId,
      language: state.language,
      order_data: order,
      lines,
      dine: state.dine,
      question: state.asking === null ? null : state.lastMessage,
      turns: state.turns,
      created_at: new Date(saved.createdAt).toISOString(),
      expires_at: new Date(saved.expiresAt).toISOString(),
    };
  };

  scope.route<unknown, unknown, z.infer<typeof newSessionSchema>>({
    method: 'POST',
    path: '/api/kiosk/sessions',
    tag: 'kiosk',
    access: 'kiosk',
    limit: 'turns',
    summary: 'Begins a session before its first turn, to talk in over the socket /ws/kiosk/{session_id}',
    body: newSessionSchema,
    responses: {
      201: {
        description: 'The session, with its token where a new one was begun.',
        schema: z.custom<NewKioskSession>(),
      },
    },
    async handle({ body, who }) {
      const { kiosk_id = null, language: spoken = null } = body;
      const begun = await sessions.open({ sessionId: null, kioskId: kiosk_id, language: spoken, who });
      const isNew = begun.saved.version === 0;
      const saved = isNew ? (await store.save(begun.saved, null)).session : begun.saved;
      const value: NewKioskSession = { ...(await toSession(saved)), session_token: begun.token };
      return { status: 201, body: { type: 'json', value } };
    },
  });
  scope.route({
    ...common,
    method: 'GET',
    path: '/api/kiosk/sessions/:id',
    summary: 'A session as it stands, for a screen that begins again',
    responses: {
      200: { description: 'The session.', schema: z.custom<KioskSession>() },
      404: { description: 'No such session, or it is over.' },
    },
    async handle(request) {
      const { saved } = await open(request);
      const value = await toSession(saved);
      return { status: 200, body: { type: 'json', value } };
    },
  });
  scope.route({
    ...common,
    method: 'DELETE',
    path: '/api/kiosk/sessions/:id',
    summary: 'Starts over: ends the session; a placed order stays placed, a payment that waits is called off',
    responses: {
      204: { description: 'It is over.' },
      404: { description: 'No such session, or it is over.' },
    },
    async handle(request) {
      const { saved } = await open(request);
      const { orderId } = saved.state.order;
      await sessions.inOrder(saved.sessionId, request.signal, async () => {
        await store.end(saved.sessionId);
        options.onSessionEnded?.(saved.sessionId);
        // Nobody is there any more who would pay.
        if (orderId !== null) await options.payments.cancel(orderId);
      });
      return { status: 204, body: { type: 'empty' } };
    },
  });
  scope.route({
    ...common,
    method: 'POST',
    path: '/api/kiosk/sessions/:id/call-staff',
    limit: 'turns',
    summary: "Rings on the shop's page",
    responses: { 202: { description: 'It rings.', schema: z.object({ status: z.literal('called') }) } },
    async handle(request) {
      const { saved } = await open(request);
      const at = new Date(clock.now()).toISOString();
      await hub.publish('staff', 'staff_called', {
        kiosk_id: saved.kioskId,
        session_id: saved.sessionId,
        at,
      });
      return { status: 202, body: { type: 'json', value: { status: 'called' } } };
    },
  });
  scope.route({
    ...common,
    params: orderParams,
    method: 'GET',
    path: '/api/kiosk/orders/:id',
    summary: 'A placed order with its number',
    responses: {
      200: { description: 'The order.', schema: z.custom<KioskOrder>() },
      404: { description: 'No such order.' },
    },
    async handle({ params, who }) {
      const found = isId('ord', params.id) ? await store.findOrder(params.id) : null;
      if (found === null) throw new AppError('NOT_FOUND', { detail: 'There is no order with this id.' });
      options.authorizeOrder(found, who);
      const value: KioskOrder = {
        order_id: found.orderId,
        order_number: found.orderNumber,
        business_day: found.businessDay,
        kiosk_id: found.kioskId,
        order: found.order,
        lines: found.lines,
        dine: found.dine,
      };
      return { status: 200, body: { type: 'json', value } };
    },
  });
}
