import type {
  KioskAction,
  KioskPayment,
  KioskPaymentRequest,
  KioskTurnRequest,
  ServerResponse,
} from '@malbeot/protocol';
import type { Dialogue } from '../../src/conversation/dialogue.ts';
import type { Heard } from '../../src/conversation/heard.ts';
import { AppError } from '../../src/errors/app-error.ts';
import type { Answer, RouteDefinition, ScopedRequest, Upload } from '../../src/experiences/experience.ts';
import { createKioskDialogue, type KioskDialogueState } from '../../src/experiences/kiosk/dialogue.ts';
import type { Menu } from '../../src/experiences/kiosk/menu.ts';
import type { Paying } from '../../src/experiences/kiosk/payments/paying.ts';
import { createPayments, type Payments } from '../../src/experiences/kiosk/payments/payments.ts';
import { registerPaymentRoutes } from '../../src/experiences/kiosk/payments/routes.ts';
import type { PaymentTerminal } from '../../src/experiences/kiosk/payments/terminal.ts';
import { registerKioskRoutes } from '../../src/experiences/kiosk/routes.ts';
import type { KioskState } from '../../src/experiences/kiosk/state.ts';
import { createKioskSessions } from '../../src/experiences/kiosk/sessions.ts';
import { createKioskStore, type KioskStore } from '../../src/experiences/kiosk/store.ts';
import { createKioskTurns } from '../../src/experiences/kiosk/turns.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { newId, type RandomBytes } from '../../src/lib/ids.ts';
import type { ManualClock } from '../../src/providers/fake/manual-clock.ts';
import type { SpeechToText } from '../../src/providers/spec/stt.ts';
import type { Database } from '../../src/storage/database.ts';
import { silentLogger, type Logger } from '../../src/telemetry/logger.ts';
import type { Life } from './life.ts';
import { createProcessMenus, type MenuInForce } from './menus.ts';
import { lived, mortalDatabase, mortalSleep, mortalTerminal } from './mortal.ts';

/** A session without a turn for this long is over. */
export const IDLE_MS = 10 * 60_000;

/** Parts that a check of the checks breaks on purpose. */
export interface Broken {
  readonly store?: (store: KioskStore) => KioskStore;
  readonly payments?: (payments: Payments) => Payments;
  readonly terminal?: (terminal: PaymentTerminal) => PaymentTerminal;
  /** What a turn begins with. */
  readonly before?: (state: KioskState) => KioskState;
  /** What a turn comes to. */
  readonly after?: (done: KioskDialogueState, before: KioskState) => KioskDialogueState;
}

export interface ShopProcessOptions {
  readonly life: Life;
  readonly database: Database;
  readonly clock: ManualClock;
  readonly random: RandomBytes;
  readonly terminal: PaymentTerminal;
  readonly menu: MenuInForce;
  readonly broken: Broken;
  /** Told of every turn that failed for a reason that no customer can give. */
  readonly onFailure: (error: unknown) => void;
}

/** One turn, as it comes in. */
export interface TurnRequest {
  readonly key: string;
  /** How long ago the customer did it; more than nothing when it comes again. */
  readonly ageMs?: number;
  readonly sessionId: string | null;
  /** Words as text, words as sound, or a tap. */
  readonly input:
    | { readonly type: 'text' | 'sound'; readonly words: string }
    | { readonly type: 'tap'; readonly tap: KioskAction };
}

export interface Answered<Body> {
  readonly status: number;
  readonly body: Body;
}

/** A server process: the real turns, sessions, payments and routes, without HTTP. */
export interface ShopProcess {
  readonly life: Life;
  turn(request: TurnRequest): Promise<Answered<ServerResponse>>;
  /** `POST /api/kiosk/orders/{id}/payment`. */
  beginPayment(orderId: string, body: KioskPaymentRequest, key: string): Promise<Answered<KioskPayment>>;
  /** `DELETE /api/kiosk/sessions/{id}`. */
  endSession(sessionId: string): Promise<Answered<null>>;
  /** What the process does at its start and every few seconds. */
  lookAfterPayments(): Promise<void>;
}

export function startShopProcess(options: ShopProcessOptions): ShopProcess {
  const { life, clock, random, broken, onFailure } = options;
  const database = mortalDatabase(options.database, life);
  const menus = createProcessMenus(options.menu, clock);
  const real = createKioskStore({ database, clock });
  const store = broken.store?.(real) ?? real;
  const device = broken.terminal?.(options.terminal) ?? options.terminal;
  const log: Logger = { ...silentLogger, error: ({ err }) => onFailure(err) };
  const hub: Pick<Hub, 'publish'> = {
    publish: (_to, type, data) =>
      lived(life, () => Promise.resolve({ seq: 1, epoch: 'e', type, data, at: '' })),
  };
  const sleep = mortalSleep(clock.sleep, life);
  const parts = { database, clock, random, log, hub };
  const begun = createPayments({ ...parts, orders: store, terminal: mortalTerminal(device, life), sleep });
  const payments = broken.payments?.(begun) ?? begun;
  const authorizeSession = () => {};
  const signSessionToken = () => Promise.resolve('token');
  const voiceFiles = { start: () => Promise.resolve(null) };
  const sessions = createKioskSessions({
    ...parts,
    store,
    menus,
    idleMs: IDLE_MS,
    signSessionToken,
    authorizeSession,
  });
  const isBroken = broken.before !== undefined || broken.after !== undefined;
  const dialogueOver = (menu: Menu, paying: Paying, arrivedAt: number) => {
    const dialogue = createKioskDialogue({
      menu: () => menu,
      clock,
      newOrderId: () => newId('ord', random),
      paying,
      arrivedAt,
    });
    return isBroken ? breakDialogue(dialogue, broken) : dialogue;
  };
  const process = createKioskTurns({
    ...parts,
    store,
    sessions,
    menus,
    dialogueOver,
    payments,
    voiceFiles,
    readUtterance,
    ears,
    recordTurn: () => {},
  });
  const routes = new Map<string, RouteDefinition<never, never, never>>();
  const scope = {
    route(route: RouteDefinition<never, never, never>) {
      routes.set(`${route.method} ${route.path}`, route);
    },
  } as Parameters<typeof registerKioskRoutes>[0];
  registerKioskRoutes(scope, {
    ...parts,
    process,
    sessions,
    store,
    menus,
    payments,
    authorizeOrder: authorizeSession,
  });
  registerPaymentRoutes(scope, {
    ...parts,
    store,
    payments,
    terminal: device,
    voiceFiles,
    authorizeOrder: authorizeSession,
  });

  async function ask<Body>(
    route: string,
    { key, ageMs = 0, params = {}, body, upload = null }: Asking,
  ): Promise<Answered<Body>> {
    const request = {
      id: `req ${key}`,
      params,
      body,
      upload,
      query: {},
      who: { kind: 'nobody' },
      log,
      headers: {
        'x-request-age': String(ageMs),
        'idempotency-key': key,
      },
      signal: new AbortController().signal,
    } as unknown as ScopedRequest<never, never, never>;
    const answer = await lived(life, async () => routes.get(route)!.handle(request)).catch(refusal);
    return { status: answer.status, body: (answer.body.type === 'json' ? answer.body.value : null) as Body };
  }

  return {
    life,
    turn: ({ key, ageMs = 0, sessionId, input }) =>
      ask('POST /api/voice/process', {
        key,
        ageMs,
        ...(input.type === 'sound' ? asUpload(sessionId, input.words) : asJson(sessionId, input)),
      }),
    beginPayment: (id, body, key) => ask('POST /api/kiosk/orders/:id/payment', { params: { id }, body, key }),
    endSession: (id) => ask('DELETE /api/kiosk/sessions/:id', { params: { id }, key: 'end' }),
    lookAfterPayments: async () => void (await payments.recover(new AbortController().signal)),
  };
}

function breakDialogue(
  dialogue: Dialogue<Heard | KioskAction>,
  { before: begin = (state) => state, after: end = (done) => done }: Broken,
): Dialogue<Heard | KioskAction> {
  return {
    mind: dialogue.mind,
    async *respond(input, context, signal) {
      const before = begin(context.state as KioskState);
      for await (const event of dialogue.respond(input, { ...context, state: before }, signal)) {
        const done = event.type === 'state' ? end(event.state as KioskDialogueState, before) : null;
        yield done === null ? event : { type: 'state', state: done };
      }
    },
  };
}

type Asking = Partial<ScopedRequest> & {
  readonly key: string;
  readonly ageMs?: number;
  readonly params?: object;
};

/** Only what a route refuses has a status; anything else is a fault. */
function refusal(error: unknown): Answer {
  if (!(error instanceof AppError)) throw error;
  return { status: error.status, body: { type: 'empty' } };
}

function asJson(sessionId: string | null, input: Exclude<TurnRequest['input'], { type: 'sound' }>) {
  const said: KioskTurnRequest = input.type === 'tap' ? { action: input.tap } : { text: input.words };
  return { body: sessionId === null ? said : { ...said, session_id: sessionId } };
}

/** Sound whose samples are its words. */
function asUpload(sessionId: string | null, words: string): { upload: Upload } {
  const fields: Record<string, string> = sessionId === null ? {} : { session_id: sessionId };
  return {
    upload: { fields, file: { field: 'audio_file', filename: 'words.wav', bytes: Buffer.from(words) } },
  };
}

const readUtterance = (bytes: Uint8Array) =>
  Promise.resolve({
    samples: Float32Array.from(Buffer.from(bytes).toString(), (character) => character.codePointAt(0)!),
    durationMs: 1_000,
    silent: bytes.length === 0,
  });

/** Hears what {@link asUpload} put into the sound. */
const ears: SpeechToText = {
  kind: 'stt',
  info: { id: 'ears', name: 'Ears' } as unknown as SpeechToText['info'],
  availability: () => ({ state: 'ready' }) as never,
  transcribe: ({ samples, language }) =>
    Promise.resolve({
      text: String.fromCodePoint(...samples),
      language: language ?? 'ko',
      confidence: 0.9,
      provider: 'ears',
    }),
};
