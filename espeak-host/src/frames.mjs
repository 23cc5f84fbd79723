// SPDX-License-Identifier: GPL-3.0-or-later
// @ts-check

/**
 * Frames on standard input and output: u32 length of the payload (big-endian), u8 kind, payload.
 */

export const KIND_JSON = 1;
/** u32 request id (big-endian), then PCM16 mono, little-endian. Only ever written by the host. */
export const KIND_SOUND = 2;

const HEADER_BYTES = 5;

/** Largest payload that is read: 5,000 characters with every one of them escaped fit in. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** A length above this is not a large frame but a stream that has lost its place. */
export const MAX_SKIPPED_BYTES = 16 * 1024 * 1024;

/**
 * @param {number} kind
 * @param {Uint8Array} payload
 * @returns {Buffer}
 */
export function encodeFrame(kind, payload) {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
  frame.writeUInt32BE(payload.byteLength, 0);
  frame[4] = kind;
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Cuts a stream of bytes into frames. A payload over the limit is skipped, so that the stream keeps its place.
 *
 * @param {{
 *   frame(kind: number, payload: Buffer): void,
 *   tooLarge(length: number): void,
 *   lost(length: number): void,
 * }} handlers `lost` is called once; nothing after it can be read.
 */
export function createFrameReader(handlers) {
  /** @type {Buffer} */
  let held = Buffer.alloc(0);
  let skip = 0;
  let lost = false;
  return {
    /** @param {Buffer} bytes */
    push(bytes) {
      if (lost) return;
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      for (;;) {
        if (skip > 0) {
          const dropped = Math.min(skip, held.length);
          held = held.subarray(dropped);
          skip -= dropped;
          if (skip > 0) return;
        }
        if (held.length < HEADER_BYTES) return;
        const length = held.readUInt32BE(0);
        if (length > MAX_SKIPPED_BYTES) {
          lost = true;
          held = Buffer.alloc(0);
          handlers.lost(length);
          return;
        }
        if (length > MAX_PAYLOAD_BYTES) {
          handlers.tooLarge(length);
          held = held.subarray(HEADER_BYTES);
          skip = length;
          continue;
        }
        if (held.length < HEADER_BYTES + length) return;
        const kind = held[4] ?? 0;
        const payload = held.subarray(HEADER_BYTES, HEADER_BYTES + length);
        held = held.subarray(HEADER_BYTES + length);
        handlers.frame(kind, payload);
      }
    },
  };
}
