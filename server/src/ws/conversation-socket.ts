import type { ServerMessages } from '@malbeot/protocol';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { authorizeOwned } from '../accounts/authorize.ts';
import { AppError } from '../errors/app-error.ts';
import type { OpenTalk, TalkSource } from '../experiences/experience.ts';
import { answerBrokenRequest } from '../http/broken-request.ts';
import type { Edge } from '../http/edge.ts';
import { Exchange } from '../http/exchange.ts';
import { errorAnswer, register, routeLabel } from '../http/route-scope.ts';
import { sendAnswer } from '../http/send.ts';
import { within, type Timers } from '../lib/timers.ts';
import { openConnection, type Connection } from './connection.ts';
import { admitCaller, chooseProtocol, refuseOtherThanWebSocket, type Caller } from './handshake.ts';
import { createIncoming } from './incoming.ts';
import { createLiveTalk, type LiveTalk, type OpenConversation } from './live-talk.ts';
import { createLiveTalks } from './live-talks.ts';
import { createTalkCounts } from './talk-counts.ts';
import { MAX_MESSAGE_BYTES, type TalkLimits } from './talk-limits.ts';
import type { Upgrades } from './upgrades.ts';

/** What hears, thinks and speaks in a talk, for `ready`. */
export type TalkProviders = ServerMessages['ready']['providers'];

export interface ConversationSocketOptions {
  readonly edge: Edge;
  readonly upgrades: Upgrades;
  /** Whose sessions are talked in, asked in this order. */
  readonly sources: readonly TalkSource[];
  readonly openConversation: OpenConversation;
  readonly providersOf: (open: OpenTalk) => TalkProviders;
  readonly limits: TalkLimits;
  readonly timers: Timers;
}

/** `WS /ws/{user_id}/{session_id}`: conversations, and the connections that come and go on them. */
export interface ConversationSocket {
  /** Adds its route. */
  register(fastify: FastifyInstance): void;
  /** Ends the conversation of a session that is over. */
  endSession(sessionId: string): Promise<void>;
  /** Tells every client that the server goes down, and ends all; settles when everything is kept and everybody is gone. */
  close(): Promise<void>;
  /** Breaks off every connection that is left. */
  terminate(): void;
}

const PATH = '/ws/:user_id/:session_id';
/** First segments that are no person's. */
const RESERVED = new Set(['chat']);
/** How long a new conversation waits for the one before it in the same session to be kept. */
const SETTLED_WITHIN_MS = 5_000;

export function createConversationSocket(options: ConversationSocketOptions): ConversationSocket {
  const { edge, upgrades, sources, openConversation, providersOf, limits, timers } = options;
  const { clock } = edge;
  const talks = createLiveTalks(limits);
  const counts = createTalkCounts(edge.metrics, {
    conversations: () => talks.size,
    connections: talks.connections,
  });
  const connections = new Set<Connection>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: chooseProtocol,
  });
  // What is still wrong after our own checks, such as a list of protocols that can't be read.
  server.on('wsClientError', (error, socket) => answerBrokenRequest(error, socket, edge.newRequestId()));

  /** The session that this caller asks for: its conversation, or what one is begun with. */
  async function findSession(
    userId: string,
    sessionId: string,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<LiveTalk | OpenTalk> {
    const source = RESERVED.has(userId) ? undefined : sources.find((each) => each.owns(userId));
    if (source === undefined) {
      throw new AppError('NOT_FOUND', { detail: 'Nobody answers for the first part of this path.' });
    }
    const known = await findTalk(userId, sessionId, caller, signal);
    if (known !== undefined) return known;
    const open = await source.open(userId, sessionId, signal);
    authorizeOwned(open.owner, caller.who, caller.place);
    // Another connection may have begun it meanwhile.
    return (await findTalk(userId, sessionId, caller, signal)) ?? open;
  }

  function beginTalk(open: OpenTalk, { address }: Caller): LiveTalk {
    if (edge.stopping) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 2 });
    talks.makeRoom(open.userId, address);
    const talk = createLiveTalk({
      open,
      openConversation,
      ready: {
        session_id: open.sessionId,
        user_id: open.userId,
        experience: open.talk.experience,
        language: open.language,
        providers: providersOf(open),
        resume_ms: limits.resumeMs,
      },
      clock,
      timers,
      counts,
      log: edge.log.child({ session_id: open.sessionId }),
      onEnd: talks.remove,
    });
    talks.add(talk);
    return talk;
  }

  async function findTalk(
    userId: string,
    sessionId: string,
    { who, place }: Caller,
    signal: AbortSignal,
  ): Promise<LiveTalk | undefined> {
    const closing = talks.closing(sessionId);
    if (closing !== undefined) await within(closing, { limitMs: SETTLED_WITHIN_MS, timers, signal });
    const talk = talks.find(sessionId);
    if (talk === undefined) return undefined;
    if (talk.userId !== userId)
      throw new AppError('NOT_FOUND', { detail: 'This person has no such session.' });
    authorizeOwned(talk.owner, who, place);
    return talk;
  }

  function connect(webSocket: WebSocket, talk: LiveTalk, { address }: Caller, exchange: Exchange): void {
    const openedAtMs = clock.monotonicMs();
    counts.connections++;
    const connection: Connection = openConnection(webSocket, {
      timers,
      counts,
      listener: {
        onText: (text) => incoming.text(text),
        onBytes: (bytes) => incoming.bytes(bytes),
        onDrain: () => talk.drained(),
        onClose(code) {
          connections.delete(connection);
          incoming.close();
          talk.detach(connection, code);
          const seconds = Math.round((clock.monotonicMs() - openedAtMs) / 100) / 10;
          exchange.log.info({ session_id: talk.sessionId, code, seconds }, 'a talk connection ended');
        },
      },
    });
    const incoming = createIncoming({
      conversation: talk.conversation,
      clock,
      counts,
      tell: (message) => talk.tell(connection, message),
      onFirst: (lastSeq) => talk.goOn(connection, lastSeq),
      closeConnection: connection.close,
    });
    connections.add(connection);
    talk.attach(connection, address);
  }

  async function answer(exchange: Exchange, userId: string, sessionId: string): Promise<void> {
    const { request, response } = exchange;
    try {
      const caller = await admitCaller(exchange);
      const session = await findSession(userId, sessionId, caller, exchange.signal);
      refuseOtherThanWebSocket(request, upgrades.asks(request));
      const talk = 'conversation' in session ? session : beginTalk(session, caller);
      const { socket, head } = upgrades.take(request, response);
      exchange.finish(101);
      server.handleUpgrade(request, socket, head, (webSocket) => connect(webSocket, talk, caller, exchange));
    } catch (error) {
      if (exchange.clientLeft) return exchange.finishLeft();
      const refusal = errorAnswer(exchange, {}, error);
      const isUpgrade = error instanceof AppError && error.code === 'UPGRADE_REQUIRED';
      const headers = isUpgrade ? { upgrade: 'websocket', 'sec-websocket-version': '13' } : {};
      await sendAnswer(exchange, { ...refusal, headers: { ...refusal.headers, ...headers } });
    }
  }

  return {
    register(fastify) {
      const label = routeLabel(edge, PATH);
      register(fastify, ['GET'], PATH, (request, response) => {
        const { user_id: userId, session_id: sessionId } = request.params as Record<string, string>;
        const exchange = new Exchange(edge, label, request, response);
        void answer(exchange, userId!, sessionId!);
      });
    },
    async endSession(sessionId) {
      await talks.find(sessionId)?.end('session-ended');
      await talks.closing(sessionId);
    },
    async close() {
      await Promise.all(talks.all().map((talk) => talk.end('shutting-down')));
    },
    terminate() {
      for (const connection of connections) connection.terminate();
    },
  };
}
