import type { HubEvent, KioskSession, KioskTurnRequest, ServerResponse } from '@malbeot/protocol';
import type { LightMyRequestResponse } from 'fastify';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { createAccounts, type Accounts } from '../src/accounts/accounts.ts';
import { authorizeOwned } from '../src/accounts/authorize.ts';
import { accountMigrations } from '../src/accounts/migrations.ts';
import type { App, AppDeps, AppSettings } from '../src/app.ts';
import { toPcm16 } from '../src/audio/pcm.ts';
import { readUtterance } from '../src/audio/utterance.ts';
import { decodeWav, encodeWav } from '../src/audio/wav.ts';
import { createKiosk, kioskMigrations } from '../src/experiences/kiosk/kiosk.ts';
import type { PaymentTerminal } from '../src/experiences/kiosk/payments/terminal.ts';
import type { KioskTables } from '../src/experiences/kiosk/store.ts';
import type { TalkSource } from '../src/experiences/experience.ts';
import { voiceFileRoutes } from '../src/http/voice-file-routes.ts';
import type { Hub } from '../src/hub/hub.ts';
import { createHub } from '../src/hub/memory-hub.ts';
import { systemRandom } from '../src/lib/ids.ts';
import { createMemoryIdempotency } from '../src/limits/memory-idempotency.ts';
import { createMemoryRateLimits } from '../src/limits/memory-rate-limits.ts';
import { createManualClock, type ManualClock } from '../src/providers/fake/manual-clock.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import { ToneVoice } from '../src/providers/fake/tone-voice.ts';
import type { LanguageModel } from '../src/providers/spec/llm.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import type { Database } from '../src/storage/database.ts';
import { createFileStore } from '../src/storage/file-store.ts';
import { createMigrator } from '../src/storage/migrator.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import type { TurnRecord } from '../src/telemetry/record-turn.ts';
import { createVoiceFiles } from '../src/voice-files/create-voice-files.ts';
import { voiceFileMigrations } from '../src/voice-files/tables.ts';
import type { VoiceFiles } from '../src/voice-files/voice-files.ts';
import { buildKit, recordingLogger, tokens, type Line } from './edge-kit.ts';

/** 2026-11-21, 18:00 in Seoul. */
export const START = Date.UTC(2026, 10, 21, 9);
export const IDLE_MS = 10 * 60_000;

const migrations = [...accountMigrations, ...voiceFileMigrations, ...kioskMigrations];

const recorded = decodeWav(readFileSync(new URL('../../web/test/fixtures/order-ko.wav', import.meta.url)));

/** A second of speech. Short: what `inject` takes is never whole for the server, and it would wait for the rest of more. */
export const speech = encodeWav(
  toPcm16(recorded.samples.subarray(0, recorded.sampleRate)),
  recorded.sampleRate,
);

export interface KioskKitOptions {
  readonly settings?: Partial<AppSettings>;
  /** What the fake ears hear, one after the other. */
  readonly hears?: readonly string[];
  /** Other ears than the fake ones. */
  readonly ears?: SpeechToText;
  readonly voiceFiles?: Pick<VoiceFiles, 'start'>;
  /** The model behind the rules; none when absent. */
  readonly llm?: LanguageModel;
  readonly hub?: Hub;
  /** Where orders are paid for; at the desk when absent. Its waits are those of the kit's clock. */
  readonly terminal?: (clock: ManualClock) => PaymentTerminal;
  /** The data folder of another kit: both are then two processes over one database. */
  readonly folder?: string;
  readonly clock?: ManualClock;
  /** How the conversations of the socket are held; nobody talks live when absent. */
  readonly talk?: AppDeps['talk'];
}

/** The real kiosk behind the real edge, over SQLite, with fake ears and a fake voice. */
export interface KioskKit {
  readonly app: App;
  /** Where the socket finds sessions to talk in. */
  readonly talks: TalkSource;
  readonly folder: string;
  readonly clock: ManualClock;
  readonly ears: ScriptedEars;
  readonly voice: ToneVoice;
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly database: Database;
  readonly lines: readonly Line[];
  readonly records: readonly TurnRecord[];
  /** What the staff were told so far. */
  readonly staffEvents: readonly HubEvent[];
  /** A turn by words or tap. */
  turn(body: KioskTurnRequest, headers?: Record<string, string>): Promise<Turned>;
  /** A turn by sound, compressed where the headers say so. */
  upload(parts: readonly Part[], headers?: Record<string, string>): Promise<Turned>;
  /** The session as it is kept. */
  session(sessionId: string): Promise<KioskSession>;
  /** Settles payments as the server does in the background; stops when `close` is called. */
  lookAfterPayments(): void;
  orders(): Promise<readonly { readonly order_number: number; readonly session_id: string }[]>;
  close(): Promise<void>;
}

export interface Turned {
  readonly status: number;
  readonly headers: LightMyRequestResponse['headers'];
  readonly body: ServerResponse;
}

export async function openKioskKit(options: KioskKitOptions = {}): Promise<KioskKit> {
  const { clock = createManualClock(START), hub = createHub() } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'malbeot-kiosk-')));
  const { log, lines } = recordingLogger();
  const database = await openDatabase(`sqlite:${join(folder, 'test.db')}`);
  await createMigrator({ database, migrations }).forward();
  const random = systemRandom;
  const accounts = createAccounts({ database, clock, random, secret: 'x'.repeat(40), log });
  const ears = new ScriptedEars({ hears: options.hears ?? ['불고기버거 두 개랑 콜라 하나 주세요'] });
  const voice = new ToneVoice();
  const voiceFiles = createVoiceFiles({
    database,
    files: createFileStore(join(folder, 'voices'), { durable: false }),
    voice,
    clock,
    random,
    log,
  });
  const records: TurnRecord[] = [];
  const kiosk = createKiosk({
    database,
    clock,
    random,
    log,
    ears: options.ears ?? ears,
    llm: options.llm ?? null,
    voiceFiles: options.voiceFiles ?? voiceFiles,
    hub,
    readUtterance,
    signSessionToken: accounts.issueSessionToken,
    authorizeSession: (session, who) =>
      authorizeOwned({ kind: 'session', ...session }, who, { profile: 'local', loopback: true }),
    menuPath: fileURLToPath(new URL('../assets/kiosk-menu.json', import.meta.url)),
    terminal: options.terminal?.(clock) ?? null,
    sleep: clock.sleep,
    settings: { sessionIdleMs: IDLE_MS, keepSessionsMs: IDLE_MS },
    recordTurn: (record) => void records.push(record),
  });
  const app = await buildKit({
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    deps: {
      log,
      clock,
      hub,
      experiences: [kiosk.experience],
      ...(options.talk === undefined ? {} : { talk: options.talk }),
      routes: voiceFileRoutes({ voiceFiles }),
      rateLimitStore: createMemoryRateLimits(),
      idempotency: createMemoryIdempotency({ clock }),
      access: {
        // People by the kit's names, kiosks and sessions by keys and tokens that were really given.
        async authenticate(headers) {
          const name = String(headers['authorization']).replace(/^Bearer /, '');
          return tokens[name] ?? accounts.authenticate(headers);
        },
        authorize: accounts.authorize,
      },
    },
  });

  const staffEvents: HubEvent[] = [];
  const listening = new AbortController();
  let lookingAfter: Promise<void> | undefined;
  const listened = listen(hub, staffEvents, listening.signal);

  const send = async (payload: Buffer, headers: Record<string, string>): Promise<Turned> =>
    toTurned(
      await app.inject({ method: 'POST', url: '/api/voice/process', payload, headers: atHome(headers) }),
    );

  return {
    app,
    talks: kiosk.experience.talks!,
    folder,
    clock,
    ears,
    voice,
    hub,
    accounts,
    database,
    lines,
    records,
    staffEvents,
    turn: (body, headers = {}) =>
      send(Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json', ...headers }),
    upload(parts, headers = {}) {
      const form = multipart(parts);
      const payload = headers['content-encoding'] === 'gzip' ? gzipSync(form) : form;
      return send(payload, { ...multipartType, ...headers });
    },
    async session(sessionId) {
      const answer = await app.inject({ url: `/api/kiosk/sessions/${sessionId}`, headers: atHome({}) });
      expect(answer.statusCode).toBe(200);
      return answer.json<KioskSession>();
    },
    lookAfterPayments() {
      lookingAfter = kiosk.lookAfterPayments(listening.signal);
    },
    orders: () =>
      database
        .tables<KioskTables>()
        .selectFrom('kiosk_orders')
        .select(['order_number', 'session_id'])
        .orderBy('order_number')
        .execute(),
    async close() {
      listening.abort();
      await listened;
      await app.close(0);
      await kiosk.close();
      await lookingAfter;
      await voiceFiles.close();
      await database.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(hub: Hub, events: HubEvent[], signal: AbortSignal): Promise<void> {
  for await (const event of hub.subscribe('staff', null, signal)) events.push(event);
}

const atHome = (headers: Record<string, string>) => ({ host: 'localhost:8080', ...headers });

/** An answer of `/api/voice/process`, checked to be what the contract says. */
export function toTurned({ statusCode, headers, payload }: LightMyRequestResponse): Turned {
  const body = JSON.parse(payload) as ServerResponse;
  expectServerResponse(body);
  // The place of an order's number, before it has one.
  expect(payload).not.toMatch(/\u{E000}|\\ue000/iu);
  return { status: statusCode, headers, body };
}

const text: unknown = expect.any(String);
const iso: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** Checks the fields of every answer, good or bad. */
export function expectServerResponse(body: ServerResponse): void {
  expect(Object.keys(body).sort()).toEqual([
    'error_info',
    'message',
    'meta',
    'order_data',
    'processing_time',
    'session_id',
    'success',
    'timestamp',
    'transcript',
    'tts_audio_url',
    'ui_actions',
  ]);
  expect(body).toMatchObject({
    success: expect.any(Boolean) as unknown,
    message: text,
    session_id: text,
    timestamp: iso,
    processing_time: expect.any(Number) as unknown,
    meta: { turn_id: text, request_id: text },
  });
  expect(body.success).toBe(body.error_info === null);
  const priorities = body.ui_actions.map(({ priority }) => priority);
  expect(priorities).toEqual([...priorities].sort((one, other) => other - one));
  if (body.error_info !== null) {
    const { error_message, recovery_actions } = body.error_info;
    expect(body.error_info.timestamp).toEqual(iso);
    expect(error_message).not.toBe('');
    expect(recovery_actions.length).toBeGreaterThan(0);
    expect(body.ui_actions.some(({ action_type }) => action_type === 'show_error')).toBe(true);
  }
}

export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly content: string | Uint8Array;
}

const BOUNDARY = 'xxBOUNDARYxx';
export const multipartType = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

/** A form as a browser sends it. */
export function multipart(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: audio/wav`}\r\n\r\n`,
    ),
    typeof content === 'string' ? Buffer.from(content) : content,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** The form of one sound in a session. */
export function soundForm(content: Uint8Array, fields: Readonly<Record<string, string>> = {}): Part[] {
  const before = Object.entries(fields).map(([name, value]) => ({ name, content: value }));
  return [...before, { name: 'audio_file', filename: '주문.wav', content }];
}
