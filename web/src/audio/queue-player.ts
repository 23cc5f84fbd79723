/// <reference types="vite/client" />
import { loadWorklet } from './load-worklet.ts';
import type { PlaybackOrder, PlaybackReport } from './playback-messages.ts';
// oxlint-disable-next-line import/default -- the bundler gives the address of the module, not its exports
import workletUrl from './playback-worklet.ts?worker&url';
import { createResampler, type Resampler } from './resample.ts';
import { needsGesture, runningContext } from './shared-context.ts';

const DUCK_RAMP_MS = 20;
const RESTORE_RAMP_MS = 100;
/** What the last samples of a sound need behind them to come out of the resampler. */
const FLUSH_MS = 4;
/** More than a server sends ahead; the rest is dropped. */
const MOST_AHEAD_MS = 60_000;
const MOST_LATENCY_MS = 1_000;

/** `blocked`: there is sound, but the page must be touched before it may be heard. */
export type QueuePlayerState = 'idle' | 'blocked' | 'playing';

export interface QueuePlayerOptions {
  /**
   * How far the loudspeaker got in one sound: ten times a second while it plays, and, with `isLast`, at its end and where it is
   * stopped. A sound that runs dry in the middle has ended too, and goes on when more of it comes.
   */
  readonly onPlayed: (audioId: number, ms: number, isLast: boolean) => void;
  readonly onState?: (state: QueuePlayerState) => void;
  /** There is no sound in this browser. */
  readonly onError?: (error: unknown) => void;
}

/** Plays numbered sounds that come piece by piece, one after the other, without gaps. */
export interface QueuePlayer {
  readonly state: QueuePlayerState;
  /** 1 is as it comes, 0 silent; what is silent still takes its time. Within 20 ms. */
  volume: number;
  /** Plays these samples after all before them; a sound with a new number begins. */
  enqueue(audioId: number, sampleRate: number, samples: Int16Array): void;
  /** No more of this sound will come. */
  end(audioId: number): void;
  /** Quieter by so many decibels, within 20 ms. */
  duck(decibels: number): void;
  /** As loud as before, within 100 ms. */
  restore(): void;
  /** Silence within 20 ms; what was queued is dropped, and what comes next is as loud as ever. */
  stop(): void;
  close(): void;
}

interface Sound {
  readonly audioId: number;
  readonly sampleRate: number;
  readonly resampler: Resampler;
  samplesIn: number;
  samplesOut: number;
}

/** A player over the page's one AudioContext. Nothing is opened before the first sound. */
export function createQueuePlayer({ onPlayed, onState, onError }: QueuePlayerOptions): QueuePlayer {
  const controller = new AbortController();
  const { signal } = controller;
  let state: QueuePlayerState = 'idle';
  let context: AudioContext | undefined;
  let node: AudioWorkletNode | undefined;
  let opening: Promise<void> | undefined;
  /** Pieces that came before the audio thread was ready. */
  let early: (() => void)[] = [];
  let sound: Sound | undefined;
  let volume = 1;
  /** By how much it is turned down for somebody who may be cutting in. */
  let ducked = 1;
  /** Sent and not reported as heard, by sound. */
  const ahead = new Map<number, { sentMs: number; heardMs: number }>();

  function become(next: QueuePlayerState): void {
    if (next === state || signal.aborted) return;
    state = next;
    onState?.(next);
  }

  async function open(): Promise<void> {
    try {
      if (needsGesture()) become('blocked');
      context = await runningContext(signal);
      await loadWorklet(context, workletUrl);
      signal.throwIfAborted();
      node = new AudioWorkletNode(context, 'malbeot-playback', {
        numberOfInputs: 0,
        outputChannelCount: [1],
      });
      node.port.addEventListener('message', ({ data }: MessageEvent<PlaybackReport>) => hear(data));
      node.port.start();
      node.connect(context.destination);
      context.addEventListener('statechange', wake);
      sendGain(0);
      become('playing');
      const waiting = early;
      early = [];
      for (const piece of waiting) piece();
    } catch (error) {
      opening = undefined;
      if (!signal.aborted) onError?.(error);
    }
  }

  /** A phone call, or the system, may take the loudspeaker away: the next gesture brings it back. */
  function wake(): void {
    if (context === undefined || context.state === 'running') return;
    if (state === 'playing') become('blocked');
    runningContext(signal).then(
      () => {
        if (state === 'blocked') become(ahead.size > 0 ? 'playing' : 'idle');
      },
      () => undefined,
    );
  }

  function hear(report: PlaybackReport): void {
    if (report.type === 'silent') {
      if (aheadMs() < FLUSH_MS) become('idle');
      return;
    }
    const entry = ahead.get(report.audioId);
    if (entry !== undefined) entry.heardMs = report.ms;
    for (const audioId of ahead.keys()) {
      if (audioId < report.audioId) ahead.delete(audioId);
    }
    onPlayed(report.audioId, Math.round(report.ms), report.isLast);
  }

  function aheadMs(): number {
    let ms = 0;
    for (const { sentMs, heardMs } of ahead.values()) ms += sentMs - heardMs;
    return ms;
  }

  function order(message: PlaybackOrder, transfer: Transferable[] = []): void {
    node?.port.postMessage(message, transfer);
  }

  function sendGain(rampMs: number): void {
    order({ type: 'gain', gain: volume * ducked, rampMs });
  }

  /** Runs `task` once the audio thread is there. */
  function whenOpen(task: () => void): void {
    if (node !== undefined) return task();
    early.push(task);
    opening ??= open();
  }

  function play(audioId: number, sampleRate: number, samples: Int16Array): void {
    const rate = context!.sampleRate;
    if (sound?.audioId !== audioId) {
      if (sound !== undefined) flush(sound.audioId);
      sound = {
        audioId,
        sampleRate,
        resampler: createResampler(sampleRate, rate),
        samplesIn: 0,
        samplesOut: 0,
      };
      order({ type: 'latency', ms: latencyMs(context!) });
    }
    sound.samplesIn += samples.length;
    send(sound, sound.resampler.push(floatsOf(samples)));
  }

  function send(to: Sound, samples: Float32Array): void {
    if (samples.length === 0) return;
    to.samplesOut += samples.length;
    const own = new Float32Array(samples);
    order({ type: 'sound', audioId: to.audioId, samples: own }, [own.buffer]);
  }

  /** The end of a sound is still inside the resampler. */
  function flush(audioId: number): void {
    if (sound?.audioId === audioId) {
      const { sampleRate, samplesIn, samplesOut, resampler } = sound;
      const missing = Math.round((samplesIn * context!.sampleRate) / sampleRate) - samplesOut;
      const rest = resampler.push(new Float32Array(Math.ceil((sampleRate * FLUSH_MS) / 1000)));
      send(sound, rest.subarray(0, Math.max(0, missing)));
      sound = undefined;
    }
    order({ type: 'end', audioId });
  }

  return {
    get state() {
      return state;
    },
    enqueue(audioId, sampleRate, samples) {
      if (signal.aborted || samples.length === 0) return;
      const ms = (samples.length * 1000) / sampleRate;
      if (aheadMs() + ms > MOST_AHEAD_MS) return;
      const entry = ahead.get(audioId) ?? { sentMs: 0, heardMs: 0 };
      entry.sentMs += ms;
      ahead.set(audioId, entry);
      if (state === 'idle') become('playing');
      whenOpen(() => play(audioId, sampleRate, samples));
    },
    end(audioId) {
      if (!signal.aborted && ahead.has(audioId)) whenOpen(() => flush(audioId));
    },
    get volume() {
      return volume;
    },
    set volume(next) {
      if (next === volume) return;
      volume = next;
      sendGain(DUCK_RAMP_MS);
    },
    duck(decibels) {
      ducked = 10 ** (-decibels / 20);
      sendGain(DUCK_RAMP_MS);
    },
    restore() {
      ducked = 1;
      sendGain(RESTORE_RAMP_MS);
    },
    stop() {
      ahead.clear();
      early = [];
      sound = undefined;
      ducked = 1;
      order({ type: 'stop' });
      // The audio thread begins again as loud as sound comes.
      sendGain(0);
      become('idle');
    },
    close() {
      if (signal.aborted) return;
      become('idle');
      context?.removeEventListener('statechange', wake);
      controller.abort();
      order({ type: 'stop' });
      order({ type: 'close' });
      node = undefined;
      early = [];
      ahead.clear();
    },
  };
}

/** From a rendered sample to the loudspeaker. */
function latencyMs(context: AudioContext): number {
  // Not in every browser, and 0 where nothing is known.
  const { outputLatency } = context as { readonly outputLatency?: number };
  const seconds = outputLatency !== undefined && outputLatency > 0 ? outputLatency : stampedLatency(context);
  return Math.max(0, Math.min(MOST_LATENCY_MS, seconds * 1000));
}

function stampedLatency(context: AudioContext): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  if (contextTime === 0) return context.baseLatency;
  const heardNow = contextTime + (performance.now() - performanceTime) / 1000;
  return Math.max(context.baseLatency, context.currentTime - heardNow);
}

function floatsOf(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 0x8000);
}
