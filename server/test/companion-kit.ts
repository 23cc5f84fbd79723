import type { EndedSession, NewSession, SessionStats, VoiceChatReply } from '@malbeot/protocol';
import type { LightMyRequestResponse } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts, type Accounts } from '../src/accounts/accounts.ts';
import { authorizeOwned } from '../src/accounts/authorize.ts';
import { accountMigrations } from '../src/accounts/migrations.ts';
import type { App, AppDeps, AppSettings } from '../src/app.ts';
import { createAudioDecoder } from '../src/audio/decode/audio-decoder.ts';
import type { Who } from '../src/accounts/access.ts';
import {
  companionMigrations,
  createCompanion,
  type Companion,
} from '../src/experiences/companion/companion.ts';
import { voiceFileRoutes } from '../src/http/voice-file-routes.ts';
import { newId, systemRandom } from '../src/lib/ids.ts';
import { createMemoryIdempotency } from '../src/limits/memory-idempotency.ts';
import { createMemoryRateLimits } from '../src/limits/memory-rate-limits.ts';
import { createManualClock, type ManualClock } from '../src/providers/fake/manual-clock.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import { ToneVoice } from '../src/providers/fake/tone-voice.ts';
import type { LanguageModel } from '../src/providers/spec/llm.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import { createHearing } from '../src/speech/hearing.ts';
import { createFileStore } from '../src/storage/file-store.ts';
import { createMigrator } from '../src/storage/migrator.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import type { TurnRecord } from '../src/telemetry/record-turn.ts';
import { createVoiceFiles } from '../src/voice-files/create-voice-files.ts';
import { voiceFileMigrations } from '../src/voice-files/tables.ts';
import { buildKit, recordingLogger, type Line } from './edge-kit.ts';
import { multipart, multipartType, type Part } from './kiosk-kit.ts';

/** 2026-11-21, 18:00 in Seoul. */
export const START = Date.UTC(2026, 10, 21, 9);
export const IDLE_MS = 60 * 60_000;
export const KEEP_MS = 24 * 60 * 60_000;

/** People with an account, by the name that the kit takes as their token. */
export const people = {
  minji: { kind: 'person', userId: newId('usr'), name: '민지', role: 'customer' },
  junho: { kind: 'person', userId: newId('usr'), name: '준호', role: 'admin' },
} as const satisfies Readonly<Record<string, Who>>;

const tokens: Readonly<Record<string, Who>> = {
  ...people,
  program: { kind: 'api-key', keyId: 'key_1', name: 'program' },
  device: { kind: 'device', keyId: 'dev_1', kioskId: 'front' },
};

export interface CompanionKitOptions {
  readonly settings?: Partial<AppSettings>;
  readonly hears?: readonly string[];
  readonly ears?: SpeechToText;
  readonly llm?: LanguageModel;
  /** How live conversations are held; nobody talks live when absent. */
  readonly talk?: NonNullable<AppDeps['talk']>;
}

/** The real companion behind the real edge, over SQLite, with fake ears and a fake voice. */
export interface CompanionKit {
  readonly app: App;
  readonly clock: ManualClock;
  readonly accounts: Accounts;
  readonly companion: Companion;
  readonly ears: ScriptedEars;
  readonly voice: ToneVoice;
  readonly records: readonly TurnRecord[];
  readonly lines: readonly Line[];
  readonly ended: readonly string[];
  /** Who calls: at home without a name; elsewhere by a token or a session's own. */
  call(method: 'GET' | 'POST', path: string, options?: CallOptions): Promise<LightMyRequestResponse>;
  begin(body?: object, options?: CallOptions): Promise<NewSession>;
  say(text: string, session?: Pick<NewSession, 'session_id'>): Promise<VoiceChatReply>;
  upload(parts: readonly Part[], path?: string, options?: CallOptions): Promise<LightMyRequestResponse>;
  stats(session: Pick<NewSession, 'session_id'>): Promise<SessionStats>;
  end(session: Pick<NewSession, 'session_id'>): Promise<EndedSession>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Name among the kit's tokens, or a token that was given. */
  readonly as?: string;
  /** From another machine. */
  readonly away?: boolean;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function openCompanionKit(options: CompanionKitOptions = {}): Promise<CompanionKit> {
  const clock = createManualClock(START);
  const folder = await mkdtemp(join(tmpdir(), 'malbeot-companion-'));
  const { log, lines } = recordingLogger();
  const database = await openDatabase(`sqlite:${join(folder, 'test.db')}`);
  const migrations = [...accountMigrations, ...voiceFileMigrations, ...companionMigrations];
  await createMigrator({ database, migrations }).forward();
  const random = systemRandom;
  const accounts = createAccounts({ database, clock, random, secret: 'x'.repeat(40), log });
  const ears = new ScriptedEars({ hears: options.hears ?? ['안녕하세요'] });
  const voice = new ToneVoice();
  const decoder = createAudioDecoder();
  const voiceFiles = createVoiceFiles({
    database,
    files: createFileStore(join(folder, 'voices'), { durable: false }),
    voice,
    clock,
    random,
    log,
  });
  const records: TurnRecord[] = [];
  const ended: string[] = [];
  const heardBy = options.ears ?? ears;
  const companion = createCompanion({
    database,
    clock,
    timers: clock,
    random,
    log,
    ears: heardBy,
    hearing: createHearing({ ears: heardBy, decoder, clock }),
    voiceFiles,
    llm: options.llm ?? null,
    issueSessionToken: accounts.issueSessionToken,
    authorizeConversation: (owner, who) =>
      authorizeOwned({ kind: 'conversation', ...owner }, who, { profile: 'local', loopback: true }),
    onSessionEnded: (sessionId) => void ended.push(sessionId),
    settings: { sessionIdleMs: IDLE_MS, keepSessionsMs: KEEP_MS },
    recordTurn: (record) => void records.push(record),
  });
  const app = await buildKit({
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    deps: {
      log,
      clock,
      experiences: [companion.experience],
      ...(options.talk === undefined ? {} : { talk: options.talk }),
      // A busy machine takes its time.
      routes: voiceFileRoutes({ voiceFiles, waitMs: 30_000 }),
      rateLimitStore: createMemoryRateLimits(),
      idempotency: createMemoryIdempotency({ clock }),
      access: {
        async authenticate(headers) {
          const name = String(headers['authorization'] ?? headers['x-device-key']).replace(/^Bearer /, '');
          return tokens[name] ?? accounts.authenticate(headers);
        },
        authorize: accounts.authorize,
      },
    },
  });

  const call: CompanionKit['call'] = (method, path, { as, away = false, body, headers = {} } = {}) =>
    app.inject({
      method,
      url: path,
      remoteAddress: away ? '203.0.113.9' : '127.0.0.1',
      headers: {
        host: away ? 'talk.example' : 'localhost:8080',
        ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object }),
    });
  const good = (answer: LightMyRequestResponse): LightMyRequestResponse => {
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.payload}`);
    return answer;
  };

  return {
    app,
    clock,
    accounts,
    companion,
    ears,
    voice,
    records,
    lines,
    ended,
    call,
    async begin(body, more = {}) {
      const given = body === undefined ? {} : { body };
      return good(await call('POST', '/api/sessions/new', { ...more, ...given })).json<NewSession>();
    },
    async say(text, session) {
      const where = session === undefined ? {} : { session_id: session.session_id };
      return good(await call('POST', '/api/voice-chat', { body: { text, ...where } })).json<VoiceChatReply>();
    },
    upload: (parts, path = '/api/voice-chat', more = {}) =>
      call('POST', path, { ...more, body: multipart(parts), headers: { ...multipartType, ...more.headers } }),
    stats: async ({ session_id }) =>
      good(await call('GET', `/api/sessions/${session_id}/stats`)).json<SessionStats>(),
    end: async ({ session_id }) =>
      good(await call('POST', `/api/sessions/${session_id}/end`)).json<EndedSession>(),
    async close() {
      await app.close(0);
      await voiceFiles.close();
      await decoder.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Events of a stream, in order. */
export function eventsOf(
  payload: string,
): { readonly event: string; readonly data: Record<string, unknown> }[] {
  return [...payload.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!) as Record<string, unknown>,
  }));
}
