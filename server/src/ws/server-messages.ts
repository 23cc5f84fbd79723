import type { ServerMessages, ServerMessageType } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';

const turnId = z.string().describe('The turn that this belongs to.');
const audioId = z.int().min(0).describe('The sound; its binary frames carry it too.');
const ms = z.number().nullable().describe('Milliseconds; null where there was no such point.');
const provider = z.string().nullable();
const nothing = z.object({}).strict();

/** The data of each message of the server, for its documentation; held to the wire's types by the compiler. */
export const serverMessageSchemas = {
  ready: z.object({
    session_id: z.string(),
    user_id: z.string(),
    experience: z.string(),
    language: z.string().describe('BCP 47.'),
    providers: z
      .object({ ears: provider, mind: z.string(), voice: provider, vad: z.string() })
      .describe('What hears, thinks and speaks; null for a part that is switched off or missing.'),
    resume_ms: z.int().describe('How long a lost connection may stay away.'),
  }),
  speech_started: z.object({ at_ms: z.number() }),
  speech_stopped: z.object({ at_ms: z.number(), duration_ms: z.number() }),
  transcript_partial: z.object({
    text: z.string(),
    stable: z.string().describe('The beginning of `text` that no longer changes.'),
  }),
  transcript_final: z.object({
    turn_id: turnId,
    text: z.string(),
    kind: z
      .enum(['words', 'backchannel', 'echo', 'nothing'])
      .describe("`backchannel`: nobody answers it. `echo`: the server's own voice."),
    confidence: z.number().nullable(),
  }),
  reply_delta: z.object({ turn_id: turnId, text: z.string() }),
  emotion: z.object({ turn_id: turnId, name: z.string(), intensity: z.number() }),
  action: z.object({ turn_id: turnId, type: z.string(), data: z.unknown() }),
  duck: z.object({ decibels: z.number().describe('Play quieter by so much, at once.') }),
  restore: nothing,
  audio_start: z.object({
    turn_id: turnId,
    audio_id: audioId,
    sample_rate: z.int().describe('Hertz of the frames that follow.'),
    text: z.string().describe('The sentence that is spoken.'),
  }),
  visemes: z.object({
    audio_id: audioId,
    frames: z.array(
      z.object({
        at_ms: z.number(),
        viseme: z.enum(['A', 'I', 'U', 'E', 'O', 'closed', 'rest']),
      }),
    ),
  }),
  audio_end: z.object({ audio_id: audioId, duration_ms: z.number() }),
  reply_done: z.object({
    turn_id: turnId,
    text: z.string(),
    timings: z.object({
      endpoint_ms: ms,
      final_ms: ms,
      first_token_ms: ms,
      first_audio_ms: ms,
      done_ms: z.number(),
      speculative: z.boolean().describe('The reply had been begun before the words were certain.'),
    }),
    providers: z.object({ ears: provider, mind: z.string(), voice: provider }),
  }),
  interrupted: z.object({
    turn_id: turnId,
    heard_text: z.string().describe('What the loudspeaker had said of the reply.'),
  }),
  resumed: z.object({ from_seq: z.int().describe('The number after the last that arrived.') }),
  resync: z.object({
    history: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
  }),
  pong: z.object({ at: z.number().nullable().describe('As it was in `ping`.') }),
  error: z.object({
    code: z.enum([
      'BAD_MESSAGE',
      'BAD_AUDIO',
      'NOT_STARTED',
      'TOO_FAST',
      'EARS_UNAVAILABLE',
      'VOICE_UNAVAILABLE',
      'MIND_UNAVAILABLE',
      'TURN_FAILED',
      'SESSION_ENDED',
      'REPLACED',
      'SHUTTING_DOWN',
    ]),
    message: z
      .string()
      .describe(
        'For the person, in the language of the session. Of BAD_MESSAGE, BAD_AUDIO, NOT_STARTED and TOO_FAST for whoever writes the client, in English.',
      ),
    fatal: z.boolean().describe('The connection ends with it.'),
  }),
} satisfies { readonly [Type in ServerMessageType]: ZodType<ServerMessages[Type]> };
