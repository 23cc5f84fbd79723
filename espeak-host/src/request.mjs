// SPDX-License-Identifier: GPL-3.0-or-later
// @ts-check

/**
 * @typedef {import('./voice.mjs').Speech & { id: number }} Request
 * @typedef {{ type: 'request', request: Request }
 *   | { type: 'cancel', id: number }
 *   | { type: 'refused', id: number | null, message: string }} Read
 */

const MAX_CHARACTERS = 5000;
const MAX_ID = 0xffff_ffff;
const VOICE = /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}(\+[A-Za-z0-9_]{1,20})?$/;

/**
 * Reads one message.
 *
 * @param {unknown} message
 * @param {(voice: string) => boolean} hasVoice
 * @returns {Read}
 */
export function readSpeech(message, hasVoice) {
  if (typeof message !== 'object' || message === null) return refused(null, 'The message is not an object.');
  const {
    type,
    id,
    text,
    voice,
    wordsPerMinute = 175,
    pitch = 50,
  } = /** @type {Record<string, unknown>} */ (message);
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > MAX_ID) {
    return refused(null, `"id" has to be a whole number from 0 to ${MAX_ID}.`);
  }
  if (type === 'cancel') return { type, id };
  if (type !== 'speak') return refused(id, '"type" has to be "speak" or "cancel".');
  if (typeof text !== 'string' || text.length === 0)
    return refused(id, '"text" has to be a string that is not empty.');
  if (text.length > MAX_CHARACTERS) {
    return refused(id, `"text" has ${text.length} characters; ${MAX_CHARACTERS} are allowed.`);
  }
  if (typeof voice !== 'string' || !VOICE.test(voice)) {
    return refused(id, '"voice" has to be a language, with a variant if wanted, such as "ko" or "ko+f2".');
  }
  if (!isWithin(wordsPerMinute, 20, 1000))
    return refused(id, '"wordsPerMinute" has to be a number from 20 to 1000.');
  if (!isWithin(pitch, 0, 99)) return refused(id, '"pitch" has to be a number from 0 to 99.');
  if (!hasVoice(voice)) return refused(id, `There is no voice "${voice}" here.`);
  return {
    type: 'request',
    request: {
      id,
      text: speakable(text),
      voice,
      wordsPerMinute: Math.round(wordsPerMinute),
      pitch: Math.round(pitch),
    },
  };
}

/**
 * Keeps espeak from reading markup: it takes `<` as the start of a tag, `&x;` as an entity, and ends at U+0000. Every
 * character gives exactly one, so that places in the text stay where they are.
 *
 * @param {string} text
 */
function speakable(text) {
  return (
    text
      .toWellFormed()
      .replaceAll('\ufffd', ' ')
      // oxlint-disable-next-line no-control-regex
      .replace(/[<>\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
      .replace(/&(?=#?\w+;)/g, ' ')
  );
}

/**
 * @param {unknown} value
 * @param {number} low
 * @param {number} high
 * @returns {value is number}
 */
function isWithin(value, low, high) {
  return typeof value === 'number' && value >= low && value <= high;
}

/**
 * @param {number | null} id
 * @param {string} message
 * @returns {Read}
 */
function refused(id, message) {
  return { type: 'refused', id, message };
}
