import { createMp3Stream, Mp3Error } from '../mp3-stream.ts';
import { damagedAudio } from './decoded-audio.ts';
import type { SoundCollector } from './sound-collector.ts';

/** Decodes an MP3 that comes in pieces, until the collector has enough. */
export async function decodeMp3(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  collector: SoundCollector,
): Promise<void> {
  const stream = await createMp3Stream();
  try {
    for await (const piece of pieces) {
      const { samples, sampleRate } = stream.push(piece);
      collector.add([samples], sampleRate);
    }
    const { samples, sampleRate } = stream.flush();
    collector.add([samples], sampleRate);
  } catch (error) {
    if (error instanceof Mp3Error) throw damagedAudio(`The MP3 can not be read. ${error.message}`);
    throw error;
  } finally {
    stream.free();
  }
}
