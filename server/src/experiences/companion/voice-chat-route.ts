import type { VoiceChatReply } from '@malbeot/protocol';
import { z } from 'zod';
import { AppError } from '../../errors/app-error.ts';
import { acceptedLanguage } from '../../lib/accepted-language.ts';
import { childOf } from '../../lib/abort.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import type { Answer, RouteScope, ScopedRequest, ServerSentEvent, Upload } from '../experience.ts';
import { language, NO_STORE, sessionId, userId } from './session-routes.ts';
import type { VoiceChatRequest } from './voice-chat-course.ts';
import type { VoiceChat, VoiceChatEvent } from './voice-chat.ts';

const MAX_AUDIO_BYTES = 10 * 1024 * 1024;
const MAX_FIELD_BYTES = 5_000;
const MAX_TEXT_CHARACTERS = 1_000;
const FILE_FIELDS = ['audio', 'audio_file', 'file'] as const;
/** A reply has a few sentences; a reader who takes none of this many events has left. */
const MOST_EVENTS_WAITING = 1_000;

const text = z
  .string()
  .transform((given) => given.normalize('NFC').trim())
  .refine((given) => given.length >= 1 && given.length <= MAX_TEXT_CHARACTERS, {
    error: `needs 1 to ${MAX_TEXT_CHARACTERS} characters`,
  });
const fields = {
  user_id: userId.nullish(),
  session_id: sessionId.nullish(),
  language: language.nullish(),
};
const bodySchema = z.strictObject({ text, ...fields });
const formSchema = z.strictObject({ text: text.optional(), ...fields });
const query = z.object({
  stream: z
    .enum(['0', '1', 'false', 'true'])
    .default('0')
    .transform((given) => given === '1' || given === 'true'),
});

type Body = z.infer<typeof bodySchema>;
type Query = z.infer<typeof query>;
type Fields = z.infer<typeof formSchema>;

/** `POST /api/voice-chat`: one turn of talk over HTTP. */
export function registerVoiceChat(scope: RouteScope, { chat }: { readonly chat: VoiceChat }): void {
  scope.route<unknown, Query, Body>({
    method: 'POST',
    path: '/api/voice-chat',
    tag: 'companion',
    summary:
      'One turn with the companion: a sound of any common kind (field audio) or words (text) in, a reply out; with ?stream=1 as events while it happens (session, transcript, emotion, reply_delta, audio, done), to which an Idempotency-Key does not apply',
    access: 'conversation',
    limit: 'turns',
    idempotent: true,
    query,
    body: bodySchema,
    upload: { fileFields: FILE_FIELDS, maxFileBytes: MAX_AUDIO_BYTES, maxFieldBytes: MAX_FIELD_BYTES },
    responses: {
      200: {
        description: 'What was heard and said; an empty transcript where no words were heard.',
        schema: z.custom<VoiceChatReply>(),
      },
      400: { description: 'The body can not be read.' },
      403: { description: 'The session belongs to somebody else.' },
      404: { description: 'No such session or person, or the session is over (code SESSION_EXPIRED).' },
      413: { description: 'The file is too large.' },
      415: { description: 'The file is no sound that can be read.' },
      422: {
        description:
          'A field is not valid, nothing to hear came, or the sound is damaged or longer than a minute.',
      },
      429: { description: 'Too many turns; Retry-After tells when.' },
      503: { description: 'Nobody can hear now, or too many turns of the session wait.' },
    },
    async handle(request) {
      const turn = toRequest(request);
      if (turn.inPieces) return stream(chat, turn, request.signal);
      const value = await chat.run(turn, () => {}, request.signal);
      return { status: 200, headers: NO_STORE, body: { type: 'json', value } };
    },
  });
}

function toRequest(request: ScopedRequest<unknown, Query, Body>): VoiceChatRequest {
  const { upload, body, who, headers, id: requestId } = request;
  const given: Fields = upload === null ? body : readForm(upload);
  const input = upload === null ? ({ type: 'text', text: body.text } as const) : inputOf(upload, given);
  return {
    input,
    sessionId: given.session_id ?? null,
    wish: {
      userId: given.user_id ?? null,
      externalId: null,
      language: given.language ?? null,
      fallbackLanguage: acceptedLanguage(headers['accept-language']),
      character: null,
    },
    inPieces: request.query.stream,
    requestId,
    who,
  };
}

function readForm({ fields: sent }: Upload): Fields {
  // An empty field is what a form sends for "none".
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
  const parsed = formSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: ['body', ...path.map(String)].join('.'),
    message,
  }));
  throw new AppError('INVALID_INPUT', { detail: `${issues[0]!.path}: ${issues[0]!.message}`, issues });
}

function inputOf({ file }: Upload, { text: words }: Fields): VoiceChatRequest['input'] {
  const bytes = file === null || file.bytes.length === 0 ? null : file.bytes;
  if (bytes !== null && words !== undefined) throw notAudio('came beside text; send one of them');
  if (bytes !== null) return { type: 'audio', bytes };
  if (words !== undefined) return { type: 'text', text: words };
  throw notAudio(`is missing; send a sound in the field ${FILE_FIELDS[0]}, or text`);
}

function notAudio(message: string): AppError {
  const path = 'body.audio';
  return new AppError('INVALID_INPUT', { detail: `${path}: ${message}`, issues: [{ path, message }] });
}

/** The turn as events. What fails before the first of them is an answer of its own. */
async function stream(chat: VoiceChat, turn: VoiceChatRequest, signal: AbortSignal): Promise<Answer> {
  const node = childOf(signal);
  const queue = new BoundedQueue<ServerSentEvent>(MOST_EVENTS_WAITING);
  const emit = ({ event, data }: VoiceChatEvent) => {
    if (!queue.tryPush({ event, data })) node.abort();
  };
  const run = chat.run(turn, emit, node.signal).then(
    () => queue.close(),
    (error: unknown) => queue.close(error),
  );
  const events = queue[Symbol.asyncIterator]();
  const leave = async () => {
    node.abort();
    await run;
    node.unlink();
  };
  let first: IteratorResult<ServerSentEvent>;
  try {
    first = await events.next();
  } catch (error) {
    await leave();
    throw error;
  }
  return { status: 200, headers: NO_STORE, body: { type: 'events', events: tell(first, events, leave) } };
}

async function* tell(
  first: IteratorResult<ServerSentEvent>,
  events: AsyncIterator<ServerSentEvent>,
  leave: () => Promise<void>,
): AsyncGenerator<ServerSentEvent, void, void> {
  try {
    for (let next = first; next.done !== true; next = await events.next()) yield next.value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    yield { event: 'error', data: { code: error.code, message: error.message } };
  } finally {
    await leave();
  }
}
