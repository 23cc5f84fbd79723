import { OpusDecoder } from 'opus-decoder';
import { opusPacketMs } from './opus-packet.ts';
import { createResampler } from './resample.ts';

/** Rate of everything that is heard, in hertz. */
export const HEARD_RATE = 16_000;

const LONGEST_PIECE_MS = 200;
/** Packets that may wait for the decoder to be made. */
const MAX_WAITING_PACKETS = 250;
/** What libopus' input holds, for one channel. */
const MAX_PACKET_BYTES = 3_840;
const NOTHING = new Float32Array(0);

/** Turns the payloads of one microphone, in order, into mono sound at 16,000 Hz. */
export interface UplinkDecoder {
  /** Milliseconds of sound in a payload, or why it holds none. */
  measure(payload: Uint8Array): number | { readonly problem: string };
  /** The sound of a payload that could be measured. What it gives may belong to payloads before it. */
  decode(payload: Uint8Array): Float32Array;
  /** The sound of so much silence. */
  silence(ms: number): Float32Array;
  close(): void;
}

/** PCM16 mono little-endian at `sampleRate` hertz. */
export function createPcmDecoder(sampleRate: number): UplinkDecoder {
  const resampler = createResampler(sampleRate, HEARD_RATE);
  return {
    measure({ length }) {
      const ms = (length / 2 / sampleRate) * 1000;
      if (length > 0 && length % 2 === 0 && ms <= LONGEST_PIECE_MS) return ms;
      return {
        problem: `A frame of pcm16 holds whole samples of 2 bytes, up to ${LONGEST_PIECE_MS} ms of them; this one has ${length} bytes.`,
      };
    },
    decode: (payload) => resampler.push(samplesOf(payload)),
    silence: (ms) => resampler.push(new Float32Array(Math.round((ms * sampleRate) / 1000))),
    close: () => {},
  };
}

function samplesOf(payload: Uint8Array): Float32Array {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const samples = new Float32Array(payload.byteLength / 2);
  for (let index = 0; index < samples.length; index++)
    samples[index] = view.getInt16(index * 2, true) / 32_768;
  return samples;
}

/** Opus packets, decoded straight to 16,000 Hz whatever they were recorded at. */
export function createOpusDecoder(): UplinkDecoder {
  const decoder = new OpusDecoder({ channels: 1, sampleRate: HEARD_RATE });
  let waiting: (Uint8Array | number)[] = [];
  let isReady = false;
  let isClosed = false;
  let isMissing = false;
  decoder.ready.then(
    () => {
      isReady = true;
      if (isClosed) decoder.free();
    },
    () => (isMissing = true),
  );

  const soundOf = (piece: Uint8Array | number): Float32Array =>
    typeof piece === 'number'
      ? new Float32Array(Math.round((piece * HEARD_RATE) / 1000))
      : (decoder.decodeFrame(piece).channelData[0] ?? NOTHING);

  const next = (piece: Uint8Array | number): Float32Array => {
    if (isClosed) return NOTHING;
    if (!isReady) {
      if (waiting.length < MAX_WAITING_PACKETS)
        waiting.push(typeof piece === 'number' ? piece : piece.slice());
      return NOTHING;
    }
    if (waiting.length === 0) return soundOf(piece);
    const pieces = [...waiting, piece].map(soundOf);
    waiting = [];
    return joinSamples(pieces);
  };

  return {
    measure(payload) {
      if (isMissing) return { problem: 'Opus can not be decoded here; send pcm16.' };
      const ms = payload.length > MAX_PACKET_BYTES ? null : opusPacketMs(payload);
      return ms ?? { problem: `This is no packet of Opus (${payload.length} bytes).` };
    },
    decode: next,
    silence: next,
    close() {
      if (isClosed) return;
      isClosed = true;
      waiting = [];
      if (isReady) decoder.free();
    },
  };
}

/** Pieces one after the other in one array. */
export function joinSamples(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
