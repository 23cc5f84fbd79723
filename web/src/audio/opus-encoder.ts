/** What one packet holds. */
export const OPUS_RATE = 48_000;
const PACKET_US = 20_000;
const BITS_A_SECOND = 24_000;
/** A machine that can't keep up loses sound instead of memory. */
const MOST_WAITING = 50;

const config: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: OPUS_RATE,
  numberOfChannels: 1,
  bitrate: BITS_A_SECOND,
  opus: { frameDuration: PACKET_US },
};

/** Speech in packets of 20 ms. */
export interface OpusEncoder {
  /** Mono sound at 48 kHz, of any length. */
  push(samples: Float32Array): void;
  close(): void;
}

/** True where the browser can make Opus packets. */
export async function canEncodeOpus(): Promise<boolean> {
  if (typeof AudioEncoder === 'undefined') return false;
  try {
    return (await AudioEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** Call it only where {@link canEncodeOpus} says so. After `onError` no packet comes any more. */
export function createOpusEncoder(
  onPacket: (packet: Uint8Array) => void,
  onError: (error: unknown) => void,
): OpusEncoder {
  let timestamp = 0;
  const encoder = new AudioEncoder({
    output(chunk) {
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      onPacket(packet);
    },
    error: onError,
  });
  encoder.configure(config);
  return {
    push(samples) {
      if (encoder.state !== 'configured' || encoder.encodeQueueSize > MOST_WAITING || samples.length === 0)
        return;
      const data = new AudioData({
        format: 'f32-planar',
        sampleRate: OPUS_RATE,
        numberOfChannels: 1,
        numberOfFrames: samples.length,
        timestamp,
        data: new Float32Array(samples),
      });
      timestamp += Math.round((samples.length * 1_000_000) / OPUS_RATE);
      encoder.encode(data);
      data.close();
    },
    close() {
      if (encoder.state !== 'closed') encoder.close();
    },
  };
}
