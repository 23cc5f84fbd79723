import { z } from 'zod';
import { isId } from '../lib/ids.ts';
import { SPOKEN_EMOTIONS } from '../speech/emotion-style.ts';

const languageTag = z
  .string()
  .max(35)
  .refine(
    (tag) => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag),
    'is no language tag; send one such as ko or en-US',
  );

/** What `POST /api/tts/synthesize` takes. */
export const synthesizeBody = z.strictObject({
  text: z
    .string()
    .max(5_000)
    .refine((text) => /[\p{L}\p{N}]/u.test(text), 'there is nothing to say in it: no letter and no digit')
    .describe('What to say; at most 5,000 characters.'),
  voice: z.string().min(1).max(200).optional().describe('A voice of the provider, or a custom one (voi_…).'),
  provider: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Who to ask first; another one speaks where it can not.'),
  speed: z.number().min(0.25).max(4).optional().describe('1 is normal.'),
  pitch: z.number().min(0.5).max(2).optional().describe('1 is normal.'),
  emotion: z.enum(SPOKEN_EMOTIONS).default('neutral').describe('Moves pitch, speed and volume.'),
  language: languageTag.default('ko').describe('BCP 47.'),
  format: z
    .enum(['wav', 'mp3', 'ogg', 'pcm'])
    .default('wav')
    .describe('pcm: 16 bits, mono, little-endian, at the rate in X-Malbeot-Sample-Rate.'),
  stream: z
    .boolean()
    .default(true)
    .describe('Whether sound is sent while it is made, without a Content-Length.'),
});

export type SynthesizeBody = z.infer<typeof synthesizeBody>;

const userId = z
  .string()
  .max(200)
  .refine((id) => isId('usr', id), 'is not the id of a person: usr_ and 26 digits and letters')
  .optional();

export const providersQuery = z.object({ user_id: userId });

/** What `POST /api/tts/test` takes. */
export const testBody = z.strictObject({
  user_id: userId,
  provider_id: z.string().min(1).max(80),
  voice: z.string().min(1).max(200).optional(),
});

export const testAnswer = z.object({
  audio_url: z.string(),
  provider: z.string(),
  cost_info: z.object({
    cost: z.number().nullable().describe('Null where no price is known.'),
    currency: z.string(),
    units: z.number().int().describe('Characters spoken.'),
  }),
});

export const providersAnswer = z.object({
  current: z.string().nullable(),
  providers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      cost: z.enum(['free', 'free_tier', 'low_cost', 'paid']),
      speed: z.enum(['very_fast', 'fast', 'medium', 'by_hardware']).nullable(),
      recommended: z.boolean(),
      local: z.boolean(),
      stand_in: z.boolean(),
      languages: z.array(z.string()),
      needs: z.string(),
      tried_with: z.enum(['real', 'replay', 'random_weights', 'nothing']),
      available: z.boolean(),
      reason: z.string().nullable(),
      action: z.string().nullable(),
      voices: z.array(z.object({ id: z.string(), name: z.string(), languages: z.array(z.string()) })),
      takes_reference: z.boolean(),
      circuit: z.enum(['closed', 'open', 'half-open']).nullable(),
    }),
  ),
});

/** What `GET /api/stt/providers` answers. */
export const earsAnswer = providersAnswer.extend({
  browser_ears: z.boolean().describe('Whether pages may listen with the recogniser of the browser.'),
});

/** Databases refuse NUL, and nobody is called by the others. */
const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !/(?![\t\n\r])\p{Cc}/u.test(text), 'has a control character in it; leave it out');

/** The text fields of `POST /api/tts/voices`. */
export const newVoiceFields = z.strictObject({
  text: words(1_000),
  name: words(80),
  language: languageTag,
  consent: z.literal('true'),
  consent_by: words(200),
});

export const customVoiceAnswer = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  text: z.string(),
  consent_by: z.string(),
  created_at: z.string(),
  duration_ms: z.number(),
});
