interface ErrorEntry {
  readonly status: number;
  /** Short, the same every time, in English: the RFC 9457 `title`. */
  readonly title: string;
  /** What the caller can do, for `docs/errors.md`. */
  readonly remedy: string;
}

/** Every code on the wire. A test holds this table and `docs/errors.md` together. */
export const errorTable = {
  INVALID_INPUT: {
    status: 422,
    title: 'The input is not valid',
    remedy: 'Correct the fields named in `errors`.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    title: 'The request can not be read',
    remedy: 'Send well-formed HTTP; the detail says what is wrong with the path or the headers.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The address and headers are too large',
    remedy: 'Send less than 16 KiB of address and headers together.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request took too long to arrive',
    remedy: 'Send it again, on a better connection or with less in it.',
  },
  MALFORMED_BODY: {
    status: 400,
    title: 'The body can not be read',
    remedy: 'Send well-formed JSON or multipart in the content type that the header names.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The content type is not supported',
    remedy: 'Send one of the types that the detail names.',
  },
  UNSUPPORTED_ENCODING: {
    status: 415,
    title: 'The content encoding is not supported',
    remedy: 'Send the body as it is, or with `Content-Encoding: gzip`.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send less; the detail names the limit. Compressed bodies count by their inflated size.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Nobody is signed in',
    remedy: 'Send a token, an API key or a device key, as the detail says.',
  },
  TOKEN_EXPIRED: {
    status: 401,
    title: 'The token has expired',
    remedy: 'Ask for a new access token with the refresh token, or sign in again.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'This is not allowed',
    remedy: 'Use an account or a key with the role that the detail names.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'The page that asks is not allowed',
    remedy: 'Add its origin to `CORS_ORIGINS`, or open the page from this server.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is no such thing',
    remedy: 'Check the path and the id; it may have been deleted or have expired.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The method is not allowed here',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  UPGRADE_REQUIRED: {
    status: 426,
    title: 'This address speaks another protocol',
    remedy: 'Connect with a WebSocket (version 13).',
  },
  SESSION_EXPIRED: {
    status: 404,
    title: 'The session is over',
    remedy: 'Start a new session by leaving `session_id` out.',
  },
  CONFLICT: {
    status: 409,
    title: 'This clashes with what stands',
    remedy: 'Read the newest version, apply the change to it and try again.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The idempotency key stands for another request',
    remedy: 'Use a new key for a new request.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The first request with this key is still running',
    remedy: 'Wait a moment and send the same request again.',
  },
  RATE_LIMITED: { status: 429, title: 'Too many requests', remedy: 'Wait as long as `Retry-After` says.' },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'None of the wanted formats can be given',
    remedy: 'Ask for one of the formats that the detail names.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'The range lies outside the file',
    remedy: 'Ask for a range within the size in `Content-Range`.',
  },
  PROVIDER_UNAVAILABLE: {
    status: 503,
    title: 'No provider can do this now',
    remedy: 'Try again later; `/api/health` says which part is down and what to do.',
  },
  AUDIO_NOT_WAV: {
    status: 415,
    title: 'The sound is not a WAV file',
    remedy: 'Send a WAV; the detail says what came and what is accepted. Content decides, not the name.',
  },
  AUDIO_UNREADABLE: {
    status: 422,
    title: 'The sound can not be read',
    remedy: 'Record again; the detail says what is wrong with the file.',
  },
  VOICE_NOT_READY: {
    status: 503,
    title: 'The voice is not ready yet',
    remedy: 'Ask again in a second; show the words meanwhile.',
  },
  TIMEOUT: {
    status: 504,
    title: 'The answer took too long',
    remedy: 'Try again; `/api/health` says which part is slow.',
  },
  OVERLOADED: { status: 503, title: 'The server is full', remedy: 'Wait as long as `Retry-After` says.' },
  SHUTTING_DOWN: { status: 503, title: 'The server is going down', remedy: 'Try again in a moment.' },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong here',
    remedy: 'Look up `request_id` in the server log.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof errorTable;
