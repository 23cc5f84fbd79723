import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { RouteDefinition } from '../experiences/experience.ts';
import { isId } from '../lib/ids.ts';
import type { VoiceFiles } from '../voice-files/voice-files.ts';

export interface VoiceFileRoutesOptions {
  readonly voiceFiles: Pick<VoiceFiles, 'read'>;
  /** How long a request waits for a voice that is being made; 3,000 ms when absent. */
  readonly waitMs?: number;
  /** How long a client may keep the sound; one hour when absent. */
  readonly maxAgeSeconds?: number;
}

const params = z.object({ file_id: z.string().max(200) });
const query = z.object({ format: z.enum(['wav', 'mp3', 'ogg']).default('wav') });

/**
 * `GET /api/voice/tts/:file_id`: the voice of a reply. The edge answers `If-None-Match` and `Range` from the headers given here.
 */
export function voiceFileRoutes(options: VoiceFileRoutesOptions): RouteDefinition[] {
  const { voiceFiles, waitMs = 3_000, maxAgeSeconds = 3_600 } = options;
  const route: RouteDefinition<z.infer<typeof params>, z.infer<typeof query>> = {
    method: 'GET',
    path: '/api/voice/tts/:file_id',
    summary: 'The voice of a reply; waits up to 3 seconds while it is being made',
    tag: 'voice',
    access: 'conversation',
    limit: 'reads',
    params,
    query,
    responses: {
      200: { description: 'The sound', mediaType: 'audio/wav' },
      206: { description: 'The part of the sound that `Range` asks for', mediaType: 'audio/wav' },
      304: { description: 'The sound is the one that `If-None-Match` names' },
      404: { description: 'The id is unknown, or its hour is over' },
      416: { description: 'The range lies outside the sound' },
      503: { description: 'The voice is not ready yet, or no voice could speak' },
    },
    async handle({ params: { file_id: fileId }, query: { format }, signal }) {
      const file = isId('vox', fileId) ? await voiceFiles.read(fileId, format, waitMs, signal) : null;
      if (file === null) {
        throw new AppError('NOT_FOUND', {
          detail: 'There is no such voice file, or its hour is over. Send the turn again for a new one.',
        });
      }
      return {
        status: 200,
        headers: {
          etag: file.etag,
          'accept-ranges': 'bytes',
          'cache-control': `private, max-age=${maxAgeSeconds}`,
        },
        body: { type: 'bytes', bytes: file.bytes, mediaType: file.mediaType },
      };
    },
  };
  return [route];
}
