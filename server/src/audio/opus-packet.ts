/** Longest sound of one packet, in milliseconds (RFC 6716, 3.2.5). */
const MAX_PACKET_MS = 120;
const MAX_FRAME_BYTES = 1275;

/** Milliseconds of one frame, by the low bits of the configuration: of SILK, hybrid and CELT. */
const SILK_MS = [10, 20, 40, 60] as const;
const HYBRID_MS = [10, 20] as const;
const CELT_MS = [2.5, 5, 10, 20] as const;

/**
 * Length of an Opus packet's sound in milliseconds; null for bytes that are none (RFC 6716, 3.4). What passes here, libopus
 * decodes: its own complaints go to the console and can't be taken from there.
 */
export function opusPacketMs(packet: Uint8Array): number | null {
  const [toc] = packet;
  if (toc === undefined) return null;
  const frameMs = frameMsOf(toc >> 3);
  const body = packet.subarray(1);
  switch (toc & 3) {
    case 0:
      return body.length <= MAX_FRAME_BYTES ? frameMs : null;
    case 1:
      return body.length % 2 === 0 && body.length / 2 <= MAX_FRAME_BYTES ? 2 * frameMs : null;
    case 2:
      return holdsSizes(body, 0, body.length, 2) ? 2 * frameMs : null;
    default:
      return manyFramesMs(body, frameMs);
  }
}

function frameMsOf(configuration: number): number {
  if (configuration < 12) return SILK_MS[configuration & 3]!;
  return configuration < 16 ? HYBRID_MS[configuration & 1]! : CELT_MS[configuration & 3]!;
}

/** A packet that says itself how many frames it has. */
function manyFramesMs(body: Uint8Array, frameMs: number): number | null {
  const [head] = body;
  if (head === undefined) return null;
  const count = head & 0x3f;
  const packetMs = count * frameMs;
  if (count === 0 || packetMs > MAX_PACKET_MS) return null;
  let at = 1;
  let end = body.length;
  if ((head & 0x40) !== 0) {
    for (;;) {
      const padding = body[at++];
      if (padding === undefined) return null;
      end -= padding === 255 ? 254 : padding;
      if (padding !== 255) break;
    }
  }
  if (end < at) return null;
  if ((head & 0x80) !== 0) return holdsSizes(body, at, end, count) ? packetMs : null;
  const each = (end - at) / count;
  return Number.isInteger(each) && each <= MAX_FRAME_BYTES ? packetMs : null;
}

/** True when the sizes of all frames but the last, and the frames themselves, fit between `from` and `end`. */
function holdsSizes(body: Uint8Array, from: number, end: number, count: number): boolean {
  let at = from;
  let frames = 0;
  for (let index = 1; index < count; index++) {
    const first = body[at++];
    if (first === undefined || at > end) return false;
    let size = first;
    if (first >= 252) {
      const second = body[at++];
      if (second === undefined || at > end) return false;
      size = second * 4 + first;
    }
    frames += size;
  }
  const last = end - at - frames;
  return last >= 0 && last <= MAX_FRAME_BYTES;
}
