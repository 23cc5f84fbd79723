/** Kinds of binary frames. */
export const AUDIO_FRAME = 1;

/** Bytes before the sound: u8 kind, u32 audio_id, u32 sequence, little-endian as the samples are. */
export const AUDIO_FRAME_HEADER_BYTES = 9;

/** One piece of sound on the socket. */
export interface AudioFrame {
  /** Of the server: the sound that an `audio_start` announced. Of the microphone: any number. */
  readonly audioId: number;
  /** From 0, one more with each frame of the same sound. */
  readonly sequence: number;
  /** PCM16 mono little-endian, or one Opus packet. A view into the bytes that came. */
  readonly payload: Uint8Array;
}

/** The frame as bytes of its own. */
export function encodeAudioFrame({ audioId, sequence, payload }: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(AUDIO_FRAME_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, AUDIO_FRAME);
  view.setUint32(1, audioId, true);
  view.setUint32(5, sequence, true);
  bytes.set(payload, AUDIO_FRAME_HEADER_BYTES);
  return bytes;
}

/** Reads a frame; null for bytes that are none. */
export function decodeAudioFrame(bytes: Uint8Array): AudioFrame | null {
  if (bytes.length < AUDIO_FRAME_HEADER_BYTES || bytes[0] !== AUDIO_FRAME) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    audioId: view.getUint32(1, true),
    sequence: view.getUint32(5, true),
    payload: bytes.subarray(AUDIO_FRAME_HEADER_BYTES),
  };
}
