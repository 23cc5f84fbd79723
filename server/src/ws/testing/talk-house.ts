import type { NumberedServerMessage, ServerMessageType } from '@malbeot/protocol';
import { decodeAudioFrame, type AudioFrame } from '@malbeot/protocol';
import { WebSocket, type ClientOptions } from 'ws';
import { buildKit, kitAccess, type KitOptions } from '../../../test/edge-kit.ts';
import type { Who } from '../../accounts/access.ts';
import type { App } from '../../app.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Experience, OpenTalk, TalkSource } from '../../experiences/experience.ts';
import type { AccessControl } from '../../http/edge.ts';
import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';
import { serverMessageSchemas } from '../server-messages.ts';
import type { TalkLimits } from '../talk-limits.ts';
import { createFakeConversation, type FakeConversation } from './fake-conversation.ts';

export const USER = 'usr_customer';
export const SESSION = 'ses_1';

const sessionTokens: Readonly<Record<string, Who>> = {
  'of-ses_1': { kind: 'session', sessionId: 'ses_1' },
  'of-ses_2': { kind: 'session', sessionId: 'ses_2' },
  other: { kind: 'person', userId: 'usr_other', name: '남', role: 'customer' },
};

/** The kit's tokens, those above, and `expired`. */
const talkAccess: AccessControl = {
  ...kitAccess,
  authenticate(headers) {
    const token = String(headers['authorization'] ?? '').replace(/^Bearer /, '');
    if (token === 'expired') throw new AppError('TOKEN_EXPIRED');
    return sessionTokens[token] ?? kitAccess.authenticate(headers);
  },
};

/** A server whose one experience has sessions `ses_…` of `usr_…`, with conversations that a test holds in hand. */
export interface TalkHouse {
  readonly app: App;
  readonly port: number;
  readonly clock: ManualClock;
  /** Every conversation that was begun. */
  readonly conversations: readonly FakeConversation[];
  /** The last one. */
  conversation(): FakeConversation;
  /** A client in /ws/{user}/{session}; the customer's, unless another path is given. */
  client(path?: string, options?: ClientOptions & { readonly protocols?: readonly string[] }): TestClient;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly limits?: Partial<TalkLimits>;
  readonly echoes?: boolean;
  readonly closesAfter?: Promise<void>;
  readonly kit?: KitOptions;
  /** Called before a session is opened. */
  readonly beforeOpen?: (sessionId: string) => Promise<void> | void;
  /** Makes of a session what its experience opens; the session itself when absent. */
  readonly opens?: (open: OpenTalk) => OpenTalk;
}

export async function openTalkHouse(options: HouseOptions = {}): Promise<TalkHouse> {
  const { limits = {}, kit = {}, beforeOpen = () => {}, opens = (open) => open } = options;
  const clock = createManualClock();
  const conversations: FakeConversation[] = [];
  const clients = new Set<TestClient>();
  const talks: TalkSource = {
    owns: (userId) => userId.startsWith('usr_'),
    async open(userId, sessionId) {
      await beforeOpen(sessionId);
      if (!/^ses_\w+$/.test(sessionId)) throw new AppError('NOT_FOUND', { detail: 'No such session.' });
      return opens(openTalkOf(userId, sessionId));
    },
  };
  const experience: Experience = {
    id: 'companion',
    path: '/companion',
    migrations: [],
    register: (scope) =>
      scope.route({
        method: 'POST',
        path: '/api/sessions/new',
        tag: 'test',
        summary: 'Begins a session',
        access: 'open',
        limit: 'none',
        handle: () => ({
          status: 201,
          body: {
            type: 'json',
            value: { session_id: SESSION, user_id: USER, token: 'of-ses_1', created_at: '' },
          },
        }),
      }),
    talks,
  };
  const app = await buildKit({
    settings: kit.settings ?? {},
    deps: {
      experiences: [experience],
      access: talkAccess,
      clock,
      timers: clock,
      talk: {
        openConversation(open, output) {
          const conversation = createFakeConversation(open, output, options);
          conversations.push(conversation);
          return conversation;
        },
        providersOf: ({ talk }) => ({ ears: 'fake', mind: talk.dialogue.mind, voice: null, vad: 'fake' }),
        limits,
      },
      ...kit.deps,
    },
  });
  const { port } = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    app,
    port,
    clock,
    conversations,
    conversation: () => conversations.at(-1)!,
    client(
      path = `/ws/${USER}/${SESSION}`,
      { protocols = ['malbeot', 'malbeot.token.customer'], ...rest } = {},
    ) {
      const client = new TestClient(`ws://127.0.0.1:${port}${path}`, [...protocols], rest);
      clients.add(client);
      return client;
    },
    async close() {
      for (const client of clients) client.socket.terminate();
      await app.close(500);
    },
  };
}

export function openTalkOf(userId: string, sessionId: string): OpenTalk {
  return {
    userId,
    sessionId,
    language: 'ko',
    state: null,
    history: [{ role: 'user', text: '전에 한 말' }],
    owner: { kind: 'conversation', userId, sessionId },
    talk: {
      experience: 'companion',
      mayBeginEarly: false,
      dialogue: { mind: 'fake', async *respond() {} },
      keep: () => Promise.resolve(),
    },
  };
}

/** A WebSocket that keeps what it gets. */
export class TestClient {
  readonly socket: WebSocket;
  readonly messages: NumberedServerMessage[] = [];
  readonly frames: AudioFrame[] = [];
  /** Messages and frames in the order in which they came. */
  readonly all: (NumberedServerMessage | AudioFrame)[] = [];
  closeCode: number | undefined;
  /** Status and body of the answer that let nobody in. */
  refused:
    | { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; body: string }
    | undefined;
  #waiting = new Set<() => void>();

  constructor(url: string, protocols: string[], options: ClientOptions) {
    this.socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data: Buffer, isBinary) => {
      const piece = isBinary
        ? decodeAudioFrame(data)!
        : (JSON.parse(data.toString()) as NumberedServerMessage);
      this.all.push(piece);
      // What is sent is what is documented.
      if ('seq' in piece) serverMessageSchemas[piece.type].parse(piece.data);
      if ('payload' in piece) this.frames.push({ ...piece, payload: new Uint8Array(piece.payload) });
      else this.messages.push(piece);
      this.#look();
    });
    this.socket.on('open', () => this.#look());
    this.socket.on('error', () => this.#look());
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.#look();
    });
    this.socket.on('unexpected-response', (_, answer) => {
      let body = '';
      answer.on('data', (piece: Buffer) => (body += piece.toString()));
      answer.on('end', () => {
        this.refused = { status: answer.statusCode!, headers: answer.headers, body };
        this.#look();
      });
    });
  }

  send(type: string, data: unknown = {}): void {
    this.socket.send(JSON.stringify({ type, data }));
  }

  /** Resolves as soon as `holds` does; the test's own limit ends it otherwise. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  opened(): Promise<void> {
    return this.until(() => this.socket.readyState === WebSocket.OPEN);
  }

  /** The next message of this type that has not been asked for. */
  async next<T extends ServerMessageType>(type: T): Promise<Extract<NumberedServerMessage, { type: T }>> {
    let found: NumberedServerMessage | undefined;
    await this.until(() => {
      const at = this.messages.findIndex((message) => message.type === type && !this.#taken.has(message));
      found = this.messages[at];
      return at !== -1;
    });
    this.#taken.add(found!);
    return found as Extract<NumberedServerMessage, { type: T }>;
  }
  readonly #taken = new Set<NumberedServerMessage>();

  async closed(): Promise<number> {
    await this.until(() => this.closeCode !== undefined);
    return this.closeCode!;
  }

  async refusal(): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; code: string }> {
    await this.until(() => this.refused !== undefined);
    const { status, headers, body } = this.refused!;
    return { status, headers, code: (JSON.parse(body) as { code: string }).code };
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}

/** Resolves when everything that is on its way through this process's sockets has most likely arrived: a ping and its pong. */
export async function settle(client: TestClient): Promise<void> {
  client.send('ping', { at: ++pings });
  const at = pings;
  await client.until(() =>
    client.messages.some((message) => message.type === 'pong' && message.data.at === at),
  );
}
let pings = 0;
