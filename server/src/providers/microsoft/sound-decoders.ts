import { createMp3Stream } from '../../audio/mp3-stream.ts';
import { toPcm16 } from '../../audio/pcm.ts';

/** The sound of one turn, decoded while it comes. */
export interface SoundDecoder {
  /** Samples that are complete; empty when there are none yet. @throws {Mp3Error} for what is no MP3. */
  push(bytes: Uint8Array): Int16Array;
  /** The rest. */
  flush(): Int16Array;
  free(): void;
}

/** Rate of every sound that is asked for here, in hertz. */
export const SPEECH_SAMPLE_RATE = 24_000;

const NOTHING = new Int16Array(0);

/** Raw PCM16, little end first; a message may end in the middle of a sample. */
export function createPcmDecoder(): Promise<SoundDecoder> {
  let odd: number | undefined;
  return Promise.resolve({
    push(bytes) {
      const whole = odd === undefined ? bytes : Uint8Array.of(odd, ...bytes);
      const samples = new Int16Array(whole.length >> 1);
      const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
      for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true);
      odd = whole.length % 2 === 1 ? whole.at(-1) : undefined;
      return samples;
    },
    flush: () => NOTHING,
    free: () => {},
  });
}

/** MP3 at {@link SPEECH_SAMPLE_RATE}. */
export async function createMp3Decoder(): Promise<SoundDecoder> {
  const stream = await createMp3Stream();
  return {
    push: (bytes) => toPcm16(stream.push(bytes).samples),
    flush: () => toPcm16(stream.flush().samples),
    free: () => stream.free(),
  };
}
