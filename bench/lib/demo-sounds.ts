import { readFileSync } from 'node:fs';
import path from 'node:path';
import { resample } from '../../server/src/audio/resample.ts';
import { decodeWav } from '../../server/src/audio/wav.ts';
import { root } from './processes.ts';

const RATE = 16_000;

/** Orders of one to four seconds, as the ears take them: mono at 16 kHz. */
export function demoSounds(): readonly Float32Array<ArrayBuffer>[] {
  return Array.from({ length: 12 }, (_, index) => {
    const name = `${String(index + 1).padStart(2, '0')}.wav`;
    const bytes = readFileSync(path.join(root, 'server/models/demo-ear/samples', name));
    const { samples, sampleRate } = decodeWav(bytes);
    return resample(Float32Array.from(samples), sampleRate, RATE);
  });
}

/** About `seconds` of speech at `rate`: the orders one after the other, again and again. */
export function longSpeech(seconds: number, rate: number): Float32Array<ArrayBuffer> {
  const orders = demoSounds();
  const speech = new Float32Array(seconds * RATE);
  for (let at = 0, next = 0; at < speech.length; next++) {
    const order = orders[next % orders.length]!.subarray(0, speech.length - at);
    speech.set(order, at);
    at += order.length;
  }
  return resample(speech, RATE, rate);
}
