import type { UplinkCodec } from '@malbeot/protocol';
import { AudioError } from './audio-error.ts';
import { levelOf } from './endpointer.ts';
import { CAPTURE_RATE, openMicrophone, type Microphone } from './microphone.ts';
import { canEncodeOpus, createOpusEncoder, OPUS_RATE, type OpusEncoder } from './opus-encoder.ts';
import { createRingBuffer, type RingBuffer } from './sample-buffer.ts';

const PRE_ROLL_MS = 300;
const FRAME_MS = 20;

/** How the sound is packed. */
export interface UplinkFormat {
  readonly codec: UplinkCodec;
  readonly sampleRate: 16_000 | 48_000;
  /** True when the browser takes the page's own sound out of it. */
  readonly isEchoCancelled: boolean;
}

/**
 * - `closed`: the microphone is off.
 * - `opening`: the browser is being asked for it.
 * - `held`: it is open, and nothing leaves but the moment before a `send`.
 * - `sending`: everything leaves.
 */
export type UplinkState = 'closed' | 'opening' | 'held' | 'sending';

export interface UplinkOptions {
  /** The wish; `pcm16` is sent where the browser makes no Opus. */
  readonly codec: UplinkCodec;
  /** How what follows is packed: told before the first frame, and again should it change. */
  readonly onFormat: (format: UplinkFormat) => void;
  /** About 20 ms of sound. */
  readonly onFrame: (payload: Uint8Array) => void;
  /** RMS of the last 20 ms, 0 to 1, while the microphone is open. */
  readonly onLevel?: (level: number) => void;
  readonly onState?: (state: UplinkState) => void;
  /** The microphone went away; the state is `closed` by then. Errors of a call are thrown by that call. */
  readonly onLost?: (error: AudioError) => void;
}

/** The microphone as a stream of frames. */
export interface Uplink {
  readonly state: UplinkState;
  /** Opens the microphone and sends nothing yet. @throws {AudioError} */
  open(): Promise<void>;
  /** From now on everything leaves, the 300 ms before it too. Nothing while it is not open. */
  send(): void;
  /** Nothing leaves any more; the microphone stays open. */
  hold(): void;
  close(): void;
}

export function createUplink(options: UplinkOptions): Uplink {
  const { onFormat, onFrame, onLevel, onState, onLost } = options;
  let state: UplinkState = 'closed';
  let controller: AbortController | undefined;
  let opening: Promise<void> | undefined;
  let microphone: Microphone | undefined;
  let encoder: OpusEncoder | undefined;
  let isOpusBroken = false;
  let preRoll: RingBuffer = createRingBuffer(0);

  function become(next: UplinkState): void {
    if (next === state) return;
    state = next;
    onState?.(next);
  }

  function pack(samples: Float32Array): void {
    if (samples.length === 0) return;
    if (encoder !== undefined) return encoder.push(samples);
    const length = (CAPTURE_RATE * FRAME_MS) / 1000;
    for (let from = 0; from < samples.length; from += length) {
      onFrame(pcm16(samples.subarray(from, from + length)));
    }
  }

  function onSamples(samples: Float32Array): void {
    onLevel?.(levelOf(samples));
    if (state === 'sending') pack(samples);
    else preRoll.push(samples);
  }

  async function begin(signal: AbortSignal): Promise<void> {
    try {
      const isOpus = options.codec === 'opus' && !isOpusBroken && (await canEncodeOpus());
      const sampleRate = isOpus ? OPUS_RATE : CAPTURE_RATE;
      preRoll = createRingBuffer((sampleRate * PRE_ROLL_MS) / 1000);
      const opened = await openMicrophone({ sampleRate, onSamples, onLost: lose, signal });
      if (signal.aborted) {
        opened.close();
        signal.throwIfAborted();
      }
      microphone = opened;
      encoder = isOpus ? createOpusEncoder(onFrame, breakOpus) : undefined;
      onFormat(
        isOpus
          ? { codec: 'opus', sampleRate: OPUS_RATE, isEchoCancelled: opened.isEchoCancelled }
          : { codec: 'pcm16', sampleRate: CAPTURE_RATE, isEchoCancelled: opened.isEchoCancelled },
      );
      become('held');
    } catch (error) {
      if (!signal.aborted) {
        opening = undefined;
        become('closed');
      }
      throw error;
    }
  }

  /** Whoever opens the microphone again is heard without it. */
  function breakOpus(cause: unknown): void {
    isOpusBroken = true;
    lose(new AudioError('device-lost', 'The Opus encoder failed.', cause));
  }

  function lose(error: AudioError): void {
    close();
    onLost?.(error);
  }

  function close(): void {
    controller?.abort();
    controller = undefined;
    opening = undefined;
    microphone?.close();
    microphone = undefined;
    encoder?.close();
    encoder = undefined;
    preRoll.clear();
    become('closed');
  }

  return {
    get state() {
      return state;
    },
    open() {
      if (opening === undefined) {
        controller = new AbortController();
        become('opening');
        opening = begin(controller.signal);
      }
      return opening;
    },
    send() {
      if (state !== 'held') return;
      become('sending');
      pack(preRoll.take());
    },
    hold() {
      if (state === 'sending') become('held');
    },
    close,
  };
}

/** Samples in [-1, 1] as 16-bit little-endian. */
function pcm16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.entries()) {
    view.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff), true);
  }
  return bytes;
}
