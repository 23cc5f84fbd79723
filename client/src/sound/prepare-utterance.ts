import { isPlainWav, readWav, type Sound } from './read-wav.ts';
import { resample } from './resample.ts';
import { trimSilence } from './trim-silence.ts';
import { writeWav } from './write-wav.ts';

/** Hertz: what ears for speech work with. */
const UTTERANCE_RATE = 16_000;

/**
 * An utterance as it is best sent: 16 kHz, one channel, 16-bit, without the silence at its ends but for 200 ms. Takes a WAV
 * (8, 16, 24 or 32-bit PCM, 32-bit float, A-law, mu-law; any number of channels, 8 to 192 kHz) or samples from -1 to 1. A WAV
 * that can't be read, or needs nothing, comes back as it is.
 */
export function prepareUtterance(sound: Uint8Array | Sound): Uint8Array<ArrayBuffer> {
  if (!(sound instanceof Uint8Array)) return writeWav(prepareSamples(sound), UTTERANCE_RATE);
  const read = readWav(sound);
  if (read === null) return sound.slice();
  const samples = prepareSamples(read);
  const nothingToDo = samples.length === read.samples.length && isPlainWav(sound, UTTERANCE_RATE);
  return nothingToDo ? sound.slice() : writeWav(samples, UTTERANCE_RATE);
}

function prepareSamples({ samples, sampleRate }: Sound): Float32Array<ArrayBuffer> {
  return trimSilence(resample(samples, sampleRate, UTTERANCE_RATE), UTTERANCE_RATE);
}
