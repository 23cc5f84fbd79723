/**
 * Turns bytes of 16-bit little-endian sound, cut anywhere, into samples in [-1, 1]: a sample cut in two waits for its other
 * half.
 */
export function createPcmReader(): (bytes: Uint8Array) => Float32Array<ArrayBuffer> {
  let half: number | undefined;
  return (bytes) => {
    const all = half === undefined ? bytes : joined(half, bytes);
    const count = all.length >> 1;
    half = all.length % 2 === 1 ? all.at(-1) : undefined;
    const view = new DataView(all.buffer, all.byteOffset, count * 2);
    return Float32Array.from({ length: count }, (_, index) => view.getInt16(index * 2, true) / 32_768);
  };
}

function joined(first: number, rest: Uint8Array): Uint8Array {
  const all = new Uint8Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}
