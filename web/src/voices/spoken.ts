import type { SkippedProvider, SpeechClient } from '@malbeot/client';
import type { SynthesizeRequest } from '@malbeot/protocol';
import { openStreamPlayer, wavHeader } from '../audio/index.ts';
import { createPcmReader } from './pcm-pieces.ts';

/** How one spoken try goes, as far as it has come. */
export interface Spoken {
  readonly provider: string | null;
  /** Who was asked before it, and why it was not them. */
  readonly skipped: readonly SkippedProvider[];
  /** From the press to the first byte of sound. */
  readonly firstByteMs: number;
  /** From the press to the last byte; null while it comes, and when it did not come whole. */
  readonly wholeMs: number | null;
  /** Length of what has come. */
  readonly soundMs: number;
  readonly peaks: readonly number[];
  /** How much of it was heard, 0 to 1. */
  readonly played: number;
  /** All that came, to keep; null while it comes. */
  readonly wav: Blob | null;
}

const PEAK_MS = 20;
/** A number that changes more often can't be read. */
const TELL_EVERY_MS = 60;

/**
 * Speaks `request` and plays it while it comes; tells how it goes. Resolves when all was heard.
 *
 * @throws {MalbeotError} when the server can't speak it; {@link AudioError} when the page can't sound.
 */
export async function speakAloud(
  speech: SpeechClient,
  request: Omit<SynthesizeRequest, 'format' | 'stream'>,
  tell: (spoken: Spoken) => void,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const player = await openStreamPlayer(signal);
  const sound = await speech.synthesize({ ...request, format: 'pcm', stream: true }, { signal });
  const rate = sound.sampleRate ?? 22_050;
  const read = createPcmReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const peaks: number[] = [];
  let firstByteMs: number | undefined;
  let wholeMs: number | null = null;
  let wav: Blob | null = null;
  let samplesCome = 0;
  const now = () => {
    const soundMs = (samplesCome * 1000) / rate;
    tell({
      provider: sound.provider,
      skipped: sound.skipped,
      firstByteMs: firstByteMs ?? 0,
      wholeMs,
      soundMs,
      peaks: [...peaks],
      played: soundMs === 0 ? 0 : player.playedMs() / soundMs,
      wav,
    });
  };
  const keep = () => {
    wav ??= toWav(pieces, samplesCome, rate);
  };
  const timer = setInterval(now, TELL_EVERY_MS);
  try {
    for await (const bytes of sound.bytes) {
      firstByteMs ??= performance.now() - startedMs;
      pieces.push(new Uint8Array(bytes));
      const samples = read(bytes);
      addPeaks(peaks, samples, samplesCome, Math.round((rate * PEAK_MS) / 1000));
      samplesCome += samples.length;
      player.push(samples, rate);
    }
    wholeMs = performance.now() - startedMs;
    keep();
    await player.finished();
  } finally {
    clearInterval(timer);
    keep();
    if (firstByteMs !== undefined) now();
  }
}

function addPeaks(peaks: number[], samples: Float32Array, offset: number, each: number): void {
  for (const [index, sample] of samples.entries()) {
    const place = Math.floor((offset + index) / each);
    peaks[place] = Math.max(peaks[place] ?? 0, Math.abs(sample));
  }
}

/** A stream that broke off may end in half a sample, which is left out. */
function toWav(pieces: readonly Uint8Array<ArrayBuffer>[], samples: number, sampleRate: number): Blob {
  const header = wavHeader(samples * 2, sampleRate);
  return new Blob([header, ...pieces]).slice(0, header.length + samples * 2, 'audio/wav');
}
