import { fromPcm16, toPcm16 } from '../audio/pcm.ts';
import { createResampler } from '../audio/resample.ts';

/** About a tenth of a second: a few milliseconds of arithmetic, after which others get their turn. */
const SLICE = 4_096;

/**
 * Raises the pitch of `sound` by the factor `pitch` as a tape does that runs faster: the sound gets shorter by the same factor,
 * which whoever asked for it has made up for by asking for slower speech. The ring of the voice moves with its pitch.
 */
export async function* shiftPitch(
  sound: AsyncIterable<Int16Array>,
  sampleRate: number,
  pitch: number,
): AsyncGenerator<Int16Array<ArrayBuffer>, void, void> {
  const resampler = createResampler(Math.round(sampleRate * pitch), sampleRate);
  for await (const samples of sound) {
    for (let at = 0; at < samples.length; at += SLICE) {
      const shifted = resampler.push(fromPcm16(samples.subarray(at, at + SLICE)));
      if (shifted.length > 0) yield toPcm16(shifted);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const rest = resampler.flush();
  if (rest.length > 0) yield toPcm16(rest);
}
