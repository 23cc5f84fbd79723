import { spawnSync } from 'node:child_process';

/** The reference: libsoxr at 28 bits, through `ffmpeg`. */
export function soxrResample(
  samples: Float32Array<ArrayBuffer>,
  fromRate: number,
  toRate: number,
): Float32Array {
  const raw = (rate: number) => `-f f32le -ar ${rate} -ac 1`;
  const filter = `-af aresample=${toRate}:resampler=soxr:precision=28`;
  const { stdout, status } = spawnSync(
    'ffmpeg',
    `-hide_banner -loglevel error ${raw(fromRate)} -i pipe:0 ${filter} -f f32le pipe:1`.split(' '),
    { input: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error('ffmpeg with soxr is not installed here.');
  return new Float32Array(Uint8Array.from(stdout).buffer);
}

/** True where {@link soxrResample} can run. */
export function hasSoxr(): boolean {
  try {
    return soxrResample(new Float32Array(100), 16_000, 8_000).length > 0;
  } catch {
    return false;
  }
}
