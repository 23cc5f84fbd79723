import { createHash } from 'node:crypto';
import type { VoiceRequest } from './voice-files.ts';

/** Whose voice a sound is. */
export interface SoundSource {
  /** Provider id. */
  readonly provider: string;
  readonly revision: string;
}

/**
 * Address of a sound by all that decides how it sounds, 64 hexadecimal digits. A sound that several voices shared names them all.
 */
export function soundKey(sources: readonly SoundSource[], request: VoiceRequest): string {
  const parts = [
    ...sources.flatMap(({ provider, revision }) => [provider, revision]),
    request.voice ?? null,
    request.language,
    request.text,
    request.speed ?? 1,
    request.pitch ?? 1,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
