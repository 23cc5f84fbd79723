import { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { Answer, RouteDefinition } from '../experiences/experience.ts';
import type { CustomVoices } from '../speech/custom-voices.ts';
import type { Synthesis, Synthesizer } from '../speech/synthesizer.ts';
import type { VoiceCatalogue } from '../speech/voice-catalogue.ts';
import { noVoice } from '../speech/speech-errors.ts';
import type { VoiceFiles } from '../voice-files/voice-files.ts';
import { speechOrder } from '../speech/order-speech.ts';
import {
  providersAnswer,
  providersQuery,
  synthesizeBody,
  testAnswer,
  testBody,
  type SynthesizeBody,
} from './tts-schemas.ts';
import { voiceFileRoutes } from './voice-file-routes.ts';

export interface SpeakingRoutesOptions {
  readonly synthesizer: Synthesizer;
  readonly catalogue: VoiceCatalogue;
  readonly customVoices: Pick<CustomVoices, 'get' | 'reference'>;
  readonly voiceFiles: Pick<VoiceFiles, 'start' | 'read'>;
}

/** What a voice says to be tried out. */
export const TEST_SENTENCE = '안녕하세요! 이 목소리가 마음에 드시나요?';

/** The doors of the mouth: speech, who can speak, and trying a voice out. */
export function speakingRoutes(options: SpeakingRoutesOptions): RouteDefinition[] {
  return [
    synthesizeRoute(options),
    providersRoute(options),
    testRoute(options),
    ...testFileRoutes(options),
  ] as RouteDefinition[];
}

function synthesizeRoute(options: SpeakingRoutesOptions): RouteDefinition<unknown, unknown, SynthesizeBody> {
  return {
    method: 'POST',
    path: '/api/tts/synthesize',
    summary: 'Speaks a text; the sound is sent while it is made',
    tag: 'speech',
    access: 'talk',
    limit: 'runs',
    body: synthesizeBody,
    maxBodyBytes: 64 * 1024,
    responses: {
      200: {
        description:
          'The sound: audio/wav, audio/mpeg, audio/ogg or audio/pcm. `X-Malbeot-Provider`: who speaks. `X-Malbeot-Skipped`: who was passed over, and why. `X-Malbeot-Cache`: hit or miss. `X-Malbeot-Sample-Rate`: of pcm. `Server-Timing`: milliseconds waited for a place (wait) and from there to the first byte (first-sound). A stream that breaks off ends without its last chunk.',
        mediaType: 'audio/wav',
      },
      404: { description: 'The custom voice is not there, or belongs to somebody else' },
      422: {
        description:
          'The input is not valid; for a provider or a voice the detail names those that are known',
      },
      503: { description: 'No voice can speak this now, or too much is being spoken (OVERLOADED)' },
      504: { description: 'The voice gave no sound in time' },
    },
    async handle({ body, who, signal }) {
      const order = await speechOrder(options, body, who);
      const synthesis = await options.synthesizer.synthesize(order, signal);
      return toAnswer(synthesis, body.format);
    },
  };
}

function toAnswer(synthesis: Synthesis, format: SynthesizeBody['format']): Answer {
  const { body, mediaType, provider, skipped, cached, waitMs, firstSoundMs } = synthesis;
  const headers: Record<string, string> = {
    'x-malbeot-provider': provider,
    'x-malbeot-cache': cached ? 'hit' : 'miss',
    'server-timing': `wait;dur=${waitMs.toFixed(1)}, first-sound;dur=${firstSoundMs.toFixed(1)}`,
  };
  if (format === 'pcm') headers['x-malbeot-sample-rate'] = String(synthesis.sampleRate);
  if (skipped.length > 0) {
    headers['x-malbeot-skipped'] = skipped
      .map(({ provider: id, reason }) => `${id};reason="${reason}"`)
      .join(', ');
  }
  if (body.type === 'whole') {
    return { status: 200, headers, body: { type: 'bytes', bytes: body.bytes, mediaType } };
  }
  const stream = Readable.from(body.bytes, { objectMode: false });
  // Also for a client that left before anything was read.
  stream.once('close', body.cancel);
  // Who sends it waits for the client then, and reads no more that could fail.
  body.stalled.addEventListener('abort', () => stream.destroy(body.stalled.reason as Error), { once: true });
  // A proxy that collects the answer would undo what streaming is for.
  headers['x-accel-buffering'] = 'no';
  return { status: 200, headers, body: { type: 'stream', stream, mediaType } };
}

function providersRoute({
  catalogue,
}: SpeakingRoutesOptions): RouteDefinition<unknown, z.infer<typeof providersQuery>> {
  return {
    method: 'GET',
    path: '/api/tts/providers',
    summary: 'Every voice that this server knows: whether it can speak here, and what it needs',
    tag: 'speech',
    access: 'talk',
    limit: 'reads',
    query: providersQuery,
    responses: { 200: { description: 'In order of preference', schema: providersAnswer } },
    handle({ query, who }) {
      refuseOthers(query.user_id, who);
      return { status: 200, body: { type: 'json', value: catalogue.list() } };
    },
  };
}

function testRoute(
  options: SpeakingRoutesOptions,
): RouteDefinition<unknown, unknown, z.infer<typeof testBody>> {
  const { catalogue, voiceFiles } = options;
  return {
    method: 'POST',
    path: '/api/tts/test',
    summary: 'Lets one voice say a sentence, to be tried out',
    tag: 'speech',
    access: 'talk',
    limit: 'runs',
    body: testBody,
    responses: {
      200: { description: 'Where its sound is, for an hour', schema: testAnswer },
      404: { description: 'The custom voice is not there, or belongs to somebody else' },
      503: { description: 'This voice can not speak now; the detail says why and what to do' },
    },
    async handle({ body, who }) {
      refuseOthers(body.user_id, who);
      const asked = synthesizeBody.parse({
        text: TEST_SENTENCE,
        provider: body.provider_id,
        voice: body.voice,
      });
      const { request } = await speechOrder(options, asked, who);
      const provider = catalogue.list().providers.find(({ id }) => id === body.provider_id)!;
      // Nobody wants to try one voice and hear another.
      if (!provider.available) {
        throw noVoice({ available: false, reason: provider.reason ?? '', action: provider.action ?? '' });
      }
      const started = await voiceFiles.start(request);
      if (started === null) throw new AppError('PROVIDER_UNAVAILABLE', { retryAfterSeconds: 5 });
      const costInfo = {
        // Prices of what is not free are the operator's and the provider's.
        cost: provider.cost === 'free' ? 0 : null,
        currency: 'USD',
        units: TEST_SENTENCE.length,
      };
      return {
        status: 200,
        body: {
          type: 'json',
          value: {
            audio_url: `/api/tts/files/${started.fileId}`,
            provider: started.provider,
            cost_info: costInfo,
          },
        },
      };
    },
  };
}

/** The same files as a kiosk's voices, for those who may talk but have no kiosk. */
function testFileRoutes({ voiceFiles }: SpeakingRoutesOptions): RouteDefinition[] {
  return voiceFileRoutes({ voiceFiles }).map((route) => ({
    ...route,
    path: '/api/tts/files/:file_id',
    summary: 'The sound of a voice that is tried out; waits up to 3 seconds while it is being made',
    tag: 'speech',
    access: 'talk',
  }));
}

/** @throws {AppError} FORBIDDEN for a person who names another one. */
function refuseOthers(userId: string | undefined, who: Who): void {
  if (userId === undefined || who.kind !== 'person' || who.userId === userId) return;
  throw new AppError('FORBIDDEN', { detail: 'This belongs to another person.' });
}
