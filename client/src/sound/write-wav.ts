const HEADER_BYTES = 44;

/** A WAV of one channel, 16-bit PCM. What lies outside -1 to 1 is clipped. */
export function writeWav(samples: Float32Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const soundBytes = samples.length * 2;
  const bytes = new Uint8Array(HEADER_BYTES + soundBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('RIFF....WAVEfmt '));
  view.setUint32(4, HEADER_BYTES - 8 + soundBytes, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  bytes.set(new TextEncoder().encode('data'), 36);
  view.setUint32(40, soundBytes, true);
  for (let index = 0; index < samples.length; index++) {
    const value = Math.round(samples[index]! * 0x8000);
    view.setInt16(HEADER_BYTES + index * 2, Math.max(-0x8000, Math.min(0x7fff, value)), true);
  }
  return bytes;
}
