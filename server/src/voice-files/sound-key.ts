import { createHash } from 'node:crypto';
import type { VoiceRequest } from './voice-files.ts';

/** Whose voice a sound is. */
export interface SoundSource {
  /** Provider id. */
  readonly provider: string;
  readonly revision: string;
}

const PREFIX_DIGITS = 16;

/** What the addresses of all sounds of one custom voice begin with, and no others': they are found by it when it is deleted. */
export function soundKeyPrefix(reference: string): string {
  return digest(reference).slice(0, PREFIX_DIGITS);
}

/**
 * Address of a sound by all that decides how it sounds, 64 hexadecimal digits. A sound that several voices shared names
 * them all; who was asked first does not matter, only who spoke.
 */
export function soundKey(sources: readonly SoundSource[], request: VoiceRequest): string {
  const parts = [
    ...sources.flatMap(({ provider, revision }) => [provider, revision]),
    request.voice ?? null,
    request.language,
    request.text,
    request.speed ?? 1,
    request.pitch ?? 1,
    request.volume ?? 1,
    request.reference ?? null,
  ];
  const key = digest(JSON.stringify(parts));
  if (request.reference === undefined) return key;
  return soundKeyPrefix(request.reference) + key.slice(PREFIX_DIGITS);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
