import type { ClientMessage, ClientMessages, ClientMessageType } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { checkInput } from '../http/check-input.ts';

const MAX_TEXT_CHARACTERS = 1_000;
const MAX_SHOWN_CHARACTERS = 40;
/** Numbers of sounds are unsigned with 32 bits on the wire. */
const audioId = z.int().min(0).max(0xffff_ffff);

/** The data of each message of a client, held to the wire's types by the compiler. */
export const clientMessageSchemas = {
  start: z.object({
    sample_rate: z.literal([16_000, 24_000, 48_000]).describe('Hertz. Opus may name any of them.'),
    codec: z.enum(['pcm16', 'opus']),
    speech_rate: z
      .number()
      .min(0.5)
      .max(2)
      .exactOptional()
      .describe('How quickly the server speaks; 1 when absent.'),
    hands_free: z
      .boolean()
      .exactOptional()
      .describe(
        'False for push-to-talk: `end` says that the person has finished. True, the default: it is found out.',
      ),
    echo_cancelled: z
      .boolean()
      .exactOptional()
      .describe('True when the device takes its own loudspeaker out of the microphone’s sound.'),
  }),
  text: z.object({ message: z.string().trim().min(1).max(MAX_TEXT_CHARACTERS) }),
  played: z.object({
    audio_id: audioId,
    ms: z.number().min(0).max(86_400_000).describe('How far the loudspeaker got in this sound.'),
  }),
  interrupt: z.record(z.string(), z.never()),
  end: z.record(z.string(), z.never()),
  ping: z.object({ at: z.number().exactOptional().describe('Comes back in `pong`.') }),
  resume: z.object({ last_seq: z.int().min(0).describe('The last `seq` that arrived.') }),
} satisfies { readonly [Type in ClientMessageType]: ZodType<ClientMessages[Type]> };

const types = Object.keys(clientMessageSchemas) as ClientMessageType[];

/**
 * A client's message as it is on the wire.
 *
 * @throws {AppError} MALFORMED_BODY or INVALID_INPUT: what was given and what is allowed.
 */
export function readClientMessage(text: string): ClientMessage {
  const message = parse(text);
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new AppError('MALFORMED_BODY', {
      detail: `A message is an object {"type", "data"}; this is ${nameOf(message)}.`,
    });
  }
  const { type, data } = message as { readonly type?: unknown; readonly data?: unknown };
  const known = types.find((name) => name === type);
  if (known === undefined) {
    throw new AppError('INVALID_INPUT', {
      detail: `type: ${shown(type)} is no message; send one of ${types.join(', ')}.`,
    });
  }
  // A message without fields needs no data.
  const checked = checkInput(clientMessageSchemas[known] as ZodType, data ?? {}, 'body');
  return { type: known, data: checked } as ClientMessage;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AppError('MALFORMED_BODY', {
      detail: `A text message is JSON: {"type", "data"}; this begins with ${shown(text)}.`,
      cause: error,
    });
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length <= MAX_SHOWN_CHARACTERS ? json : `${json.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
