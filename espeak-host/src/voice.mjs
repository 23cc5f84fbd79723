// SPDX-License-Identifier: GPL-3.0-or-later
// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import loadEspeak from '@echogarden/espeak-ng-emscripten';

/**
 * @typedef {{ type: 'word', startMs: number, at: number, length: number }
 *   | { type: 'phoneme', startMs: number, symbol: string }} Mark
 *   `at` and `length` count code points of the text; `symbol` is IPA, empty for a pause.
 *
 * @typedef {{ text: string, voice: string, wordsPerMinute: number, pitch: number }} Speech
 *   `pitch` 0 to 99, 50 is normal.
 */

const DICTIONARY = /([a-z]+)_dict$/;

/**
 * Loads espeak-ng with the dictionaries of `languages` only. The data of all 130 languages take 24 MB, of which Korean
 * and English need one: the others are left out of the file system, and the buffer that held them is given back.
 *
 * @param {readonly string[]} languages
 */
export async function loadVoice(languages) {
  const keep = new Set(languages);
  /** @type {ArrayBuffer | undefined} */
  let packed;
  /** @type {((path: string, name: unknown, data: Uint8Array, ...rest: unknown[]) => unknown) | undefined} */
  let createDataFile;
  const options = {
    print: console.error,
    printErr: console.error,
    getPreloadedPackage() {
      const bytes = readFileSync(
        fileURLToPath(import.meta.resolve('@echogarden/espeak-ng-emscripten/espeak-ng.data')),
      );
      packed = /** @type {ArrayBuffer} */ (bytes.buffer);
      return packed;
    },
  };
  // Emscripten puts its own function here before it unpacks the data; ours stands in front of it.
  Object.defineProperty(options, 'FS_createDataFile', {
    configurable: true,
    enumerable: true,
    set: (value) => {
      createDataFile = value;
    },
    get: () =>
      createDataFile &&
      /** @type {typeof createDataFile} */ (
        (path, name, data, ...rest) => {
          const dictionary = DICTIONARY.exec(path)?.[1];
          const wanted = dictionary === undefined || keep.has(dictionary);
          return createDataFile?.(path, name, wanted ? data.slice() : new Uint8Array(0), ...rest);
        }
      ),
  });
  const espeak = await loadEspeak(options);
  // Moving the buffer into a copy that nobody keeps is how Node 20 lets go of it at once.
  if (packed !== undefined) structuredClone(packed, { transfer: [packed] });

  const worker = new espeak.eSpeakNGWorker();
  let current = '';
  return {
    sampleRate: /** @type {number} */ (worker.samplerate),

    /**
     * @param {string} voice for example `ko` or `en+f2`
     * @returns {boolean} false when there is no such voice here
     */
    has(voice) {
      if (!keep.has(voice.split(/[-+]/, 1)[0] ?? '')) return false;
      if (voice === current) return true;
      if (worker.set_voice(voice) !== 0) return false;
      current = voice;
      return true;
    },

    /**
     * Speaks, calling `part` about every 100 ms of sound. Does not return before all is said.
     *
     * @param {Speech} speech
     * @param {(samples: Int16Array, marks: Mark[]) => void} part
     */
    speak({ text, voice, wordsPerMinute, pitch }, part) {
      if (voice !== current) {
        if (worker.set_voice(voice) !== 0) throw new Error(`There is no voice "${voice}".`);
        current = voice;
      }
      worker.set_rate(wordsPerMinute);
      worker.set_pitch(pitch);
      /** @type {unknown} */
      let failure;
      worker.synthesize(
        text,
        /**
         * @param {Int16Array} samples
         * @param {{ type: string, audio_position: number, text_position: number, word_length: number, id: unknown }[]} events
         */
        (samples, events) => {
          // An exception that crossed the wasm frames would leave half a sentence in espeak's buffers.
          try {
            part(samples, events.flatMap(toMark));
            return false;
          } catch (error) {
            failure = error;
            return true;
          }
        },
      );
      if (failure !== undefined) throw failure;
    },
  };
}

/**
 * @param {{ type: string, audio_position: number, text_position: number, word_length: number, id: unknown }} event
 * @returns {Mark[]}
 */
function toMark({ type, audio_position: startMs, text_position: position, word_length: length, id }) {
  if (type === 'word') return [{ type, startMs, at: Math.max(0, position - 1), length }];
  if (type === 'phoneme') return [{ type, startMs, symbol: String(id) }];
  return [];
}
