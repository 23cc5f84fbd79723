import { AudioError } from './audio-error.ts';
import { needsGesture, runningContext, sharedContext } from './shared-context.ts';
import { stretch } from './stretch.ts';

/** How fast a voice goes silent when it is stopped: short enough to feel at once, long enough not to click. */
const FADE_MS = 15;

/** `blocked`: the sound is there, but the page must be touched before it may be heard. */
export type PlayerState = 'idle' | 'blocked' | 'playing';

export interface Played {
  /** How much of the sound was heard, on its own time line. */
  readonly playedMs: number;
  readonly durationMs: number;
  /** False when it was stopped before its end. */
  readonly completed: boolean;
}

export interface PlayOptions {
  /** Stops it, as `stop` does. */
  readonly signal?: AbortSignal;
}

/** Plays one sound at a time. */
export interface Player {
  readonly state: PlayerState;
  /**
   * Plays a sound (WAV or whatever the browser decodes) in place of the one that sounds, and resolves when it ended or
   * was stopped.
   *
   * @throws {AudioError} `bad-sound` when it can't be decoded.
   */
  play(sound: ArrayBuffer, options?: PlayOptions): Promise<Played>;
  /** Silence within 20 ms. */
  stop(): void;
  /** Speed of what is played next, 0.5 to 2; the pitch stays. */
  rate: number;
  /** 0 to 1.5, at once. */
  volume: number;
}

export interface PlayerOptions {
  readonly onState?: (state: PlayerState) => void;
}

export function createPlayer({ onState }: PlayerOptions = {}): Player {
  let state: PlayerState = 'idle';
  let current: AbortController | undefined;
  let rate = 1;
  let volume = 1;
  let level: GainNode | undefined;

  function become(next: PlayerState): void {
    if (next === state) return;
    state = next;
    onState?.(next);
  }

  async function play(sound: ArrayBuffer, { signal }: PlayOptions = {}): Promise<Played> {
    current?.abort();
    const controller = new AbortController();
    const stop = () => controller.abort();
    current = controller;
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    let durationMs = 0;
    try {
      const context = sharedContext();
      const buffer = await decode(context, sound);
      durationMs = buffer.duration * 1000;
      if (!controller.signal.aborted && needsGesture()) become('blocked');
      await runningContext(controller.signal);
      become('playing');
      return await sounded(context, buffer, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return { playedMs: 0, durationMs, completed: false };
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      if (current === controller) {
        current = undefined;
        become('idle');
      }
    }
  }

  function sounded(context: AudioContext, buffer: AudioBuffer, signal: AbortSignal): Promise<Played> {
    const speed = rate;
    const source = context.createBufferSource();
    source.buffer = speed === 1 ? buffer : stretched(context, buffer, speed);
    const gain = context.createGain();
    level = gain;
    gain.gain.value = volume;
    source.connect(gain).connect(context.destination);
    const durationMs = buffer.duration * 1000;
    const startedAt = context.currentTime;
    return new Promise((resolve) => {
      const fadeOut = () => {
        const now = context.currentTime;
        gain.gain.cancelScheduledValues(now);
        gain.gain.setValueAtTime(gain.gain.value, now);
        gain.gain.linearRampToValueAtTime(0, now + FADE_MS / 1000);
        source.stop(now + FADE_MS / 1000);
        done(false, Math.min(durationMs, (now - startedAt) * speed * 1000));
      };
      const done = (completed: boolean, playedMs: number) => {
        signal.removeEventListener('abort', fadeOut);
        resolve({ playedMs, durationMs, completed });
      };
      source.addEventListener(
        'ended',
        () => {
          source.disconnect();
          gain.disconnect();
          done(true, durationMs);
        },
        { once: true },
      );
      signal.addEventListener('abort', fadeOut, { once: true });
      source.start();
    });
  }

  return {
    get state() {
      return state;
    },
    play,
    stop() {
      current?.abort();
    },
    get rate() {
      return rate;
    },
    set rate(next) {
      rate = Math.max(0.5, Math.min(2, next));
    },
    get volume() {
      return volume;
    },
    set volume(next) {
      volume = Math.max(0, Math.min(1.5, next));
      if (state === 'playing' && level !== undefined)
        level.gain.setTargetAtTime(volume, level.context.currentTime, 0.02);
    },
  };
}

async function decode(context: AudioContext, sound: ArrayBuffer): Promise<AudioBuffer> {
  try {
    // Decoding takes the bytes away from their owner, who may want to play them again: it gets a copy.
    return await context.decodeAudioData(sound.slice(0));
  } catch (cause) {
    throw new AudioError('bad-sound', 'The sound could not be decoded.', cause);
  }
}

function stretched(context: AudioContext, buffer: AudioBuffer, speed: number): AudioBuffer {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) =>
    stretch(buffer.getChannelData(index), buffer.sampleRate, speed),
  );
  const result = context.createBuffer(channels.length, Math.max(1, channels[0]!.length), buffer.sampleRate);
  for (const [index, channel] of channels.entries()) result.copyToChannel(channel, index);
  return result;
}
