import type { TurnTimings } from '@malbeot/protocol';
import type { Clock } from '../lib/clock.ts';

/** Takes the times of one turn: each point once, in milliseconds after the person's last sound. */
export interface TurnStopwatch {
  /** @param atMs When the turn was taken for ended, on the same clock; null for words that were typed. */
  endpoint(atMs: number | null): void;
  final(): void;
  firstToken(): void;
  /** @param atMs When the first sound left, on the same clock; null when none did. */
  firstAudio(atMs: number | null): void;
  /** @param speculative Whether the reply was begun before the words were certain. */
  timings(speculative: boolean): TurnTimings;
}

/** @param endedAtMs When the person's last sound came, on `clock`'s monotonic time. */
export function createTurnStopwatch(clock: Clock, endedAtMs: number): TurnStopwatch {
  let endpointMs: number | null = null;
  let finalMs: number | null = null;
  let tokenMs: number | null = null;
  let audioMs: number | null = null;
  const since = (atMs = clock.monotonicMs()) => Math.round((atMs - endedAtMs) * 100) / 100;
  return {
    endpoint(atMs) {
      if (atMs !== null) endpointMs ??= since(atMs);
    },
    final() {
      finalMs ??= since();
    },
    firstToken() {
      tokenMs ??= since();
    },
    firstAudio(atMs) {
      if (atMs !== null) audioMs ??= since(atMs);
    },
    timings: (speculative) => ({
      endpoint_ms: endpointMs,
      final_ms: finalMs,
      first_token_ms: tokenMs,
      first_audio_ms: audioMs,
      done_ms: since(),
      speculative,
    }),
  };
}
