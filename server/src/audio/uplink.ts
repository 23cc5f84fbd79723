import type { AudioFrame, UplinkCodec } from '@malbeot/protocol';
import { createOpusDecoder, createPcmDecoder, joinSamples } from './uplink-decoder.ts';

/** Longest silence that stands in for frames that never came. */
const MAX_FILLED_MS = 1_000;
/** Half of the numbers of 32 bits: a difference beyond it means that a frame is older, not newer. */
const HALF_OF_NUMBERS = 2 ** 31;

/** What came of one frame. */
export type UplinkResult =
  /** Mono in [-1, 1] at 16,000 Hz; may be empty, and may hold sound of frames before. */
  | { readonly type: 'sound'; readonly samples: Float32Array }
  /** A frame that was there already, or comes after later ones. */
  | { readonly type: 'late' }
  /** More sound than is allowed now; nobody hears it. */
  | { readonly type: 'too-fast'; readonly ms: number }
  | { readonly type: 'bad'; readonly problem: string };

/** The sound of one microphone on its way in. */
export interface Uplink {
  push(frame: AudioFrame): UplinkResult;
  /** Frees the decoder. Idempotent. */
  close(): void;
}

export interface UplinkOptions {
  readonly sampleRate: number;
  readonly codec: UplinkCodec;
  /** Asked for every piece, with its length in milliseconds; false: it is too much now. */
  readonly allow: (ms: number) => boolean;
}

/**
 * Decodes the frames of a microphone in their order. Frames that never came are filled with silence, up to a second, so that
 * time stays right; what comes twice or too late is left out.
 */
export function createUplink({ sampleRate, codec, allow }: UplinkOptions): Uplink {
  const decoder = codec === 'opus' ? createOpusDecoder() : createPcmDecoder(sampleRate);
  let audioId: number | undefined;
  let expected = 0;

  return {
    push(frame) {
      const ms = decoder.measure(frame.payload);
      if (typeof ms !== 'number') return { type: 'bad', problem: ms.problem };
      const isNew = frame.audioId !== audioId;
      const missing = isNew ? 0 : (frame.sequence - expected) >>> 0;
      if (missing >= HALF_OF_NUMBERS) return { type: 'late' };
      audioId = frame.audioId;
      expected = (frame.sequence + 1) >>> 0;
      const filledMs = Math.min(MAX_FILLED_MS, missing * ms);
      if (!allow(filledMs + ms)) return { type: 'too-fast', ms: filledMs + ms };
      const filled = filledMs > 0 ? decoder.silence(filledMs) : null;
      const samples = decoder.decode(frame.payload);
      return { type: 'sound', samples: filled === null ? samples : joinSamples([filled, samples]) };
    },
    close: () => decoder.close(),
  };
}
