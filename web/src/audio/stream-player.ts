import { runningContext } from './shared-context.ts';

/** How far ahead of the loudspeaker the first piece is put, so that a late second one leaves no gap. */
const LEAD_MS = 60;
const FADE_MS = 15;

/** Plays sound that comes piece by piece, without gaps. */
export interface StreamPlayer {
  /** Plays these samples, in [-1, 1], after all before them. */
  push(samples: Float32Array<ArrayBuffer>, sampleRate: number): void;
  /** Resolves when all that was pushed has been heard, or the signal aborted. */
  finished(): Promise<void>;
  /** Milliseconds that the loudspeaker has played. */
  playedMs(): number;
}

/**
 * Opens a player of one spoken answer. Aborting `signal` fades it out within 20 ms.
 *
 * @throws {AudioError} `unsupported` where the browser has no sound; the signal's reason when it aborts first.
 */
export async function openStreamPlayer(signal: AbortSignal): Promise<StreamPlayer> {
  const context = await runningContext(signal);
  const gain = context.createGain();
  gain.connect(context.destination);
  let nextAt = 0;
  let startedAt: number | undefined;
  let pushedSeconds = 0;
  let last: AudioBufferSourceNode | undefined;
  const sources = new Set<AudioBufferSourceNode>();
  const onAbort = () => {
    const now = context.currentTime;
    gain.gain.setValueAtTime(gain.gain.value, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_MS / 1000);
    for (const source of sources) source.stop(now + FADE_MS / 1000);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    push(samples, sampleRate) {
      if (signal.aborted || samples.length === 0) return;
      const buffer = context.createBuffer(1, samples.length, sampleRate);
      buffer.copyToChannel(samples, 0);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      const at = Math.max(nextAt, context.currentTime + LEAD_MS / 1000);
      // A piece that comes too late leaves a silence, which is none of what was played.
      startedAt = startedAt === undefined ? at : startedAt + at - nextAt;
      nextAt = at;
      source.start(nextAt);
      nextAt += buffer.duration;
      pushedSeconds += buffer.duration;
      sources.add(source);
      source.addEventListener('ended', () => sources.delete(source), { once: true });
      last = source;
    },
    async finished() {
      const waited = last;
      if (waited !== undefined && sources.has(waited)) {
        await new Promise<void>((resolve) => {
          waited.addEventListener('ended', () => resolve(), { once: true });
        });
      }
      signal.removeEventListener('abort', onAbort);
      gain.disconnect();
    },
    playedMs() {
      if (startedAt === undefined) return 0;
      return Math.max(0, Math.min(pushedSeconds, context.currentTime - startedAt)) * 1000;
    },
  };
}
