import type { ExperienceId } from '@malbeot/protocol';
import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { Access, Who } from '../accounts/access.ts';
import type { Owned } from '../accounts/authorize.ts';
import type { Said, ScreenAction } from '../conversation/dialogue.ts';
import type { Talk } from '../conversation/ports.ts';
import type { AppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Migration } from '../storage/migration.ts';

/** Rate limits by name; their numbers are settings. */
export type LimitName = 'turns' | 'sign-in' | 'runs' | 'reads' | 'none';

/** One request as an experience sees it. Everything in it is already authorised, limited and checked. */
export interface ScopedRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly id: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Given when the route takes uploads and the request was multipart. */
  readonly upload: Upload | null;
  readonly who: Who;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Ends when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: { readonly field: string; readonly filename: string; readonly bytes: Buffer } | null;
}

/** What a multipart route takes. Bytes are counted while they stream in, after inflation. */
export interface UploadRule {
  readonly fileFields: readonly string[];
  readonly maxFileBytes: number;
  readonly maxFieldBytes: number;
}

/** What a handler gives back. An object becomes JSON; bytes and streams go out as they are. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

export type AnswerBody =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly type: 'stream'; readonly stream: Readable; readonly mediaType: string }
  | { readonly type: 'events'; readonly events: AsyncIterable<ServerSentEvent> }
  | { readonly type: 'empty' };

export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  /** Becomes JSON. */
  readonly data: unknown;
}

/** One route. From it come the handler, the checks, the limits, the access table and the OpenAPI entry. */
export interface RouteDefinition<Params = unknown, Query = unknown, Body = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Without version: `/api/kiosk/menu`, parameters as `:id`. It is served under `/api/v1/…` too. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly limit: LimitName;
  readonly params?: ZodType<Params>;
  readonly query?: ZodType<Query>;
  readonly body?: ZodType<Body>;
  /** Largest JSON body, inflated; 1 MiB when absent. */
  readonly maxBodyBytes?: number;
  readonly upload?: UploadRule;
  /** With an `Idempotency-Key` header, a repeat within 10 minutes gets the first answer. */
  readonly idempotent?: boolean;
  /** JSON answers by status, for OpenAPI. */
  readonly responses?: Readonly<
    Record<number, { readonly description: string; readonly schema?: ZodType; readonly mediaType?: string }>
  >;
  handle(request: ScopedRequest<Params, Query, Body>): Promise<Answer> | Answer;
  /** Errors in an experience's own shape; absent: problem+json. Also for limits, authorisation and bad bodies. */
  toErrorAnswer?(error: AppError, request: Pick<ScopedRequest, 'id' | 'headers'>): Answer;
}

/** Where an experience registers its routes; given by `http/`. */
export interface RouteScope {
  route<Params, Query, Body>(definition: RouteDefinition<Params, Query, Body>): void;
}

/** A session that somebody wants to talk in, live. */
export interface OpenTalk {
  readonly talk: Talk;
  readonly userId: string;
  readonly sessionId: string;
  /** BCP 47. */
  readonly language: string;
  /** As the last turn left it; null in a new session. */
  readonly state: unknown;
  /** What was said before, oldest first. */
  readonly history: readonly Said[];
  /** Whose it is: the edge lets nobody else in. */
  readonly owner: Owned;
  /**
   * Told that a live conversation begins, once, with its way to the screen for what is known only when its turn is over; what it
   * returns is called when the conversation is over.
   */
  readonly onLive?: (show: ShowLate) => () => void;
  /**
   * What was said in the session, where `own` is what was said in the live conversation; the same when absent. For experiences
   * in whose sessions others can talk beside it.
   */
  readonly said?: (own: readonly Said[]) => readonly Said[];
}

/** Shows what the turn `turnId` came to after somebody spoke over it. Never throws; does nothing once the conversation is over. */
export type ShowLate = (turnId: string, action: ScreenAction) => void;

/** Gives the socket `/ws/{user_id}/{session_id}` the sessions of an experience. */
export interface TalkSource {
  /** True for a first segment that this experience answers for. */
  owns(userId: string): boolean;
  /** @throws {AppError} NOT_FOUND for a session that is not there, not this user's or over. */
  open(userId: string, sessionId: string, signal: AbortSignal): Promise<OpenTalk>;
}

/** One experience: a folder, and a line in `compose.ts`. */
export interface Experience {
  readonly id: ExperienceId;
  /** Its page. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  register(scope: RouteScope): void;
  /** Absent where nobody talks live. */
  readonly talks?: TalkSource;
  /** Begins background work, such as sweeps; stopped by `signal`. */
  start?(signal: AbortSignal): Promise<void>;
}
