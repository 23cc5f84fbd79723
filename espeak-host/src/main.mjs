#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// @ts-check
import process from 'node:process';

import { createFrameReader, encodeFrame, KIND_JSON, KIND_SOUND, MAX_PAYLOAD_BYTES } from './frames.mjs';
import { readSpeech } from './request.mjs';
import { loadVoice } from './voice.mjs';

const MAX_WAITING = 64;
const LANGUAGES = (process.argv[2] ?? 'ko,en').split(',');

// Standard output carries frames only; whatever a library prints goes to standard error.
console.log = console.error;
console.info = console.error;

/** @param {unknown} message */
const say = (message) => process.stdout.write(encodeFrame(KIND_JSON, Buffer.from(JSON.stringify(message))));

/**
 * @param {number | null} id
 * @param {'bad_frame' | 'invalid_input' | 'overloaded' | 'cancelled' | 'failed'} code
 * @param {string} message
 */
const refuse = (id, code, message) => say({ type: 'error', id, code, message });

process.stdout.on('error', () => process.exit(0));
// Ctrl-C reaches the whole process group; whoever started this program decides when it ends.
process.on('SIGINT', () => {});
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));

const voice = await loadVoice(LANGUAGES);

/** @type {import('./request.mjs').Request[]} */
const waiting = [];
let running = false;

function next() {
  const request = waiting.shift();
  if (request === undefined) {
    running = false;
    return;
  }
  speak(request);
  // One request a round, so that what came in meanwhile (a cancel above all) is read before the next.
  setImmediate(next);
}

/** @param {import('./request.mjs').Request} request */
function speak(request) {
  const { id } = request;
  let samplesMade = 0;
  try {
    voice.speak(request, (samples, marks) => {
      if (marks.length > 0) say({ type: 'marks', id, marks });
      if (samples.length === 0) return;
      samplesMade += samples.length;
      const payload = Buffer.allocUnsafe(4 + samples.byteLength);
      payload.writeUInt32BE(id, 0);
      payload.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 4);
      process.stdout.write(encodeFrame(KIND_SOUND, payload));
    });
    say({ type: 'end', id, durationMs: (samplesMade * 1000) / voice.sampleRate });
  } catch (error) {
    refuse(id, 'failed', error instanceof Error ? error.message : String(error));
  }
}

const reader = createFrameReader({
  frame(kind, payload) {
    if (kind !== KIND_JSON)
      return refuse(null, 'bad_frame', `Frame kind ${kind} is unknown; send kind ${KIND_JSON} (JSON).`);
    /** @type {unknown} */
    let message;
    try {
      message = JSON.parse(payload.toString('utf8'));
    } catch {
      return refuse(null, 'bad_frame', 'The payload is not JSON.');
    }
    const read = readSpeech(message, (name) => voice.has(name));
    if (read.type === 'refused') return refuse(read.id, 'invalid_input', read.message);
    if (read.type === 'cancel') {
      const index = waiting.findIndex(({ id }) => id === read.id);
      if (index < 0) return;
      waiting.splice(index, 1);
      return refuse(read.id, 'cancelled', 'The request was cancelled before its turn came.');
    }
    if (waiting.length >= MAX_WAITING) {
      return refuse(
        read.request.id,
        'overloaded',
        `${MAX_WAITING} requests are waiting already; try again when one is done.`,
      );
    }
    waiting.push(read.request);
    if (!running) {
      running = true;
      setImmediate(next);
    }
  },
  tooLarge(length) {
    refuse(null, 'bad_frame', `A payload of ${length} bytes was skipped; ${MAX_PAYLOAD_BYTES} are allowed.`);
  },
  lost(length) {
    refuse(
      null,
      'bad_frame',
      `A length of ${length} bytes can not be meant; the stream has lost its place and ends here.`,
    );
    process.stdout.end(() => process.exit(2));
  },
});

say({ type: 'ready', sampleRate: voice.sampleRate, languages: LANGUAGES });
process.stdin.on('data', (bytes) => reader.push(bytes));

// V8 compiles the synthesiser well only after it has run; a person should not be the one to wait for that.
// Short pieces: whoever asks meanwhile waits for one of them at most.
const WARM_UP = [
  '네.',
  '안녕하세요.',
  '만 이천 원.',
  '두 개 맞으세요?',
  '불고기버거요.',
  '더 필요하세요?',
  '담았어요.',
  '좋아요.',
];

function warmUp() {
  const text = WARM_UP.shift();
  if (text === undefined || running || !voice.has(LANGUAGES[0] ?? '')) return;
  voice.speak({ text, voice: LANGUAGES[0] ?? '', wordsPerMinute: 175, pitch: 50 }, () => {});
  setTimeout(warmUp, 1).unref();
}
setTimeout(warmUp, 1).unref();
