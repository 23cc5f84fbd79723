import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { ScopedRequest } from '../experiences/experience.ts';
import { newId } from '../lib/ids.ts';
import { silentLogger } from '../telemetry/logger.ts';
import type { VoiceFormat } from '../voice-files/voice-files.ts';
import { voiceFileRoutes } from './voice-file-routes.ts';

const KNOWN = newId('vox');

describe('voiceFileRoutes', () => {
  const asked: (readonly [string, VoiceFormat, number])[] = [];
  const [route] = voiceFileRoutes({
    waitMs: 1_234,
    voiceFiles: {
      read(fileId, format, waitMs) {
        asked.push([fileId, format, waitMs]);
        const file = { bytes: Buffer.from('sound'), mediaType: 'audio/ogg', etag: '"tag"', provider: 'tone' };
        return Promise.resolve(fileId === KNOWN ? file : null);
      },
    },
  });
  const get = async (fileId: string, query: Record<string, string> = {}) => {
    const request: ScopedRequest = {
      id: 'req_1',
      params: route!.params!.parse({ file_id: fileId }),
      query: route!.query!.parse(query),
      body: undefined,
      upload: null,
      who: { kind: 'nobody' },
      headers: {},
      signal: new AbortController().signal,
      log: silentLogger,
    };
    return route!.handle(request);
  };

  it('gives the sound with what a cache and a player need', async () => {
    expect(await get(KNOWN, { format: 'ogg' })).toEqual({
      status: 200,
      headers: { etag: '"tag"', 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=3600' },
      body: { type: 'bytes', bytes: Buffer.from('sound'), mediaType: 'audio/ogg' },
    });
    await get(KNOWN);
    expect(asked).toEqual([
      [KNOWN, 'ogg', 1_234],
      [KNOWN, 'wav', 1_234],
    ]);
  });

  it('answers 404 to ids that are gone, and to what is no id without asking for it', async () => {
    const before = asked.length;
    for (const id of ['..', '../../etc/passwd', 'vox_UPPER', newId('ses')]) {
      await expect(get(id)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    }
    expect(asked).toHaveLength(before);
    await expect(get(newId('vox'))).rejects.toThrow(AppError);
  });

  it('knows three formats', async () => {
    await expect(get(KNOWN, { format: 'flac' })).rejects.toThrow(/wav/);
  });

  it('is for whoever may talk', () => {
    expect(route).toMatchObject({ method: 'GET', path: '/api/voice/tts/:file_id', access: 'conversation' });
  });
});
