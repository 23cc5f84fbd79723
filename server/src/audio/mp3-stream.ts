import type { MPEGDecoder } from 'mpg123-decoder';
import { createMp3Frames } from './mp3-frames.ts';

/** Thrown for bytes that are no MP3, or none that can be read. The message says what is wrong, in English. */
export class Mp3Error extends Error {
  override readonly name = 'Mp3Error';
}

/** Sound out of an MP3. */
export interface Mp3Sound {
  /** Mono, in [-1, 1]; empty where the bytes so far make no whole frame. Two channels are averaged. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hertz; the same for all of one stream, and 0 as long as nothing has come. */
  readonly sampleRate: number;
}

/** One MP3 that is decoded while it arrives. Whoever opens it frees it. */
export interface Mp3Stream {
  /**
   * The sound that `bytes` complete: a frame (24 to 72 ms) comes out once its last byte is in. The pieces may be cut anywhere;
   * tags of ID3 are passed over. Keeps none of the array.
   *
   * @throws {Mp3Error} for what is no MP3, such as 64 KiB without a frame or sound that changes its rate.
   */
  push(bytes: Uint8Array): Mp3Sound;
  /** Nothing more comes. A frame that was cut off is dropped. @throws {Mp3Error} when there was no MP3 at all. */
  flush(): Mp3Sound;
  /** Gives the decoder's memory back. Idempotent; nothing can be pushed afterwards. */
  free(): void;
}

/** Opens a decoder; it is loaded at first use, which takes some tens of milliseconds. */
export async function createMp3Stream(): Promise<Mp3Stream> {
  const { MPEGDecoder } = await import('mpg123-decoder');
  const decoder = new MPEGDecoder();
  await decoder.ready;
  return new DecodedMp3(decoder);
}

class DecodedMp3 implements Mp3Stream {
  readonly #decoder: MPEGDecoder;
  readonly #frames = createMp3Frames((message) => new Mp3Error(message));
  #sampleRate = 0;
  #isFreed = false;

  constructor(decoder: MPEGDecoder) {
    this.#decoder = decoder;
  }

  push(bytes: Uint8Array): Mp3Sound {
    return this.#decode(this.#frames.push(bytes));
  }

  flush(): Mp3Sound {
    const sound = this.#decode(this.#frames.flush());
    if (this.#frames.count === 0) throw new Mp3Error('There is no MP3 frame in it.');
    return sound;
  }

  free(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    this.#decoder.free();
  }

  #decode(frames: readonly Uint8Array[]): Mp3Sound {
    if (this.#isFreed) throw new Mp3Error('The decoder has been freed.');
    const pieces: Float32Array<ArrayBuffer>[] = [];
    for (const frame of frames) {
      // Frame by frame: the decoder searches for frames by itself otherwise, and logs and decodes what is none.
      const { channelData, sampleRate, samplesDecoded } = this.#decoder.decode(frame);
      if (samplesDecoded === 0) continue;
      if (this.#sampleRate !== 0 && sampleRate !== this.#sampleRate) {
        throw new Mp3Error(`It changes from ${this.#sampleRate} to ${sampleRate} samples a second.`);
      }
      this.#sampleRate = sampleRate;
      pieces.push(toMono(channelData));
    }
    return { samples: joined(pieces), sampleRate: this.#sampleRate };
  }
}

/** The decoder gives two channels always; those of mono are the same. */
function toMono(channels: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const [left = new Float32Array(0), right = left] = channels;
  const mono = new Float32Array(left.length);
  for (let index = 0; index < left.length; index++) mono[index] = (left[index]! + right[index]!) / 2;
  return mono;
}

function joined(pieces: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
