import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { RouteDefinition } from '../experiences/experience.ts';
import type { CustomVoices } from '../speech/custom-voices.ts';
import { checkInput } from './check-input.ts';
import { customVoiceAnswer, newVoiceFields } from './tts-schemas.ts';

export interface TtsVoiceRoutesOptions {
  readonly customVoices: CustomVoices;
}

/** 30 seconds of stereo at 48 kHz in floats are 11.5 MB. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const params = z.object({ id: z.string().max(200) });
type Params = z.infer<typeof params>;

const base = { tag: 'speech', access: 'talk' } as const;
const notFound = { 404: { description: 'There is no such custom voice among those that the caller sees' } };

/** Custom voices: from a recording of a person who has agreed. People see their own; staff and API keys all. */
export function ttsVoiceRoutes({ customVoices }: TtsVoiceRoutesOptions): RouteDefinition[] {
  const add: RouteDefinition = {
    ...base,
    method: 'POST',
    path: '/api/tts/voices',
    summary:
      'Keeps the voice of a person who has agreed: a recording of 3 to 30 seconds with the words said in it (text), a name, its language, consent=true and consent_by',
    limit: 'runs',
    upload: { fileFields: ['file', 'audio'], maxFileBytes: MAX_FILE_BYTES, maxFieldBytes: 4_096 },
    responses: {
      201: { description: 'The voice, for `voice` of synthesize', schema: customVoiceAnswer },
      409: { description: 'The owner has as many voices as one may have' },
      422: {
        description: 'A field is missing or wrong, nobody has agreed, or the recording can not be used',
      },
    },
    async handle({ upload, who, signal }) {
      if (upload === null) {
        throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
          detail: 'Send the recording as multipart/form-data, in the field "file".',
        });
      }
      const fields = checkInput(newVoiceFields, { ...upload.fields }, 'body');
      if (upload.file === null || upload.file.bytes.length === 0) {
        const message = 'is missing; a recording of 3 to 30 seconds is needed';
        throw new AppError('INVALID_INPUT', {
          detail: `body.file: ${message}`,
          issues: [{ path: 'body.file', message }],
        });
      }
      const { text, name, language, consent_by: consentBy } = fields;
      const voice = await customVoices.add(
        { bytes: upload.file.bytes, text, name, language, consentBy },
        who,
        signal,
      );
      const headers = { location: `/api/tts/voices/${voice.id}` };
      return { status: 201, headers, body: { type: 'json', value: voice } };
    },
  };

  const list: RouteDefinition = {
    ...base,
    method: 'GET',
    path: '/api/tts/voices',
    summary: 'The custom voices that the caller may use',
    limit: 'reads',
    responses: {
      200: { description: 'Oldest first', schema: z.object({ voices: z.array(customVoiceAnswer) }) },
    },
    async handle({ who }) {
      return { status: 200, body: { type: 'json', value: { voices: await customVoices.list(who) } } };
    },
  };

  const get: RouteDefinition<Params> = {
    ...base,
    method: 'GET',
    path: '/api/tts/voices/:id',
    summary: 'One custom voice',
    limit: 'reads',
    params,
    responses: { 200: { description: 'The voice', schema: customVoiceAnswer }, ...notFound },
    async handle({ params: { id }, who }) {
      return { status: 200, body: { type: 'json', value: await customVoices.get(id, who) } };
    },
  };

  const remove: RouteDefinition<Params> = {
    ...base,
    method: 'DELETE',
    path: '/api/tts/voices/:id',
    summary: 'Forgets a custom voice and its recording',
    limit: 'runs',
    params,
    responses: { 204: { description: 'It is gone' }, ...notFound },
    async handle({ params: { id }, who }) {
      await customVoices.remove(id, who);
      return { status: 204, body: { type: 'empty' } };
    },
  };

  return [add, list, get, remove] as RouteDefinition[];
}
