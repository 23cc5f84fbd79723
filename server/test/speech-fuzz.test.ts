import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../src/audio/testing/random.ts';
import { multipart, multipartType } from './kiosk-kit.ts';
import { openSpeechHouse, type SpeechHouse } from './speech-house.ts';

/** More for a night is a variable away. */
const ROUNDS = Number(process.env['SPEECH_FUZZ_ROUNDS'] ?? 200);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const AT_ONCE = 4;
const MEBIBYTE = 1024 * 1024;

const recording = (name: string) =>
  readFileSync(new URL(`../src/audio/testing/recordings/${name}`, import.meta.url));

const FILES = [
  'speech.webm',
  'speech-live.webm',
  'speech-opus.ogg',
  'speech-vorbis.ogg',
  'speech.mp3',
  'speech.m4a',
  'speech-opus.mp4',
  'speech-fragmented.mp4',
  'speech.aac',
  'silence.webm',
].map(recording);
FILES.push(readFileSync(new URL('../models/demo-ear/samples/05.wav', import.meta.url)));

let house: SpeechHouse;
beforeAll(async () => void (house = await openSpeechHouse({ RATE_LIMIT: 'off' })));
afterAll(() => house.close());

const NASTY = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

/** `file` with one to three kinds of damage; the same seed gives the same bytes. */
function damaged(file: Buffer, seed: number): Buffer {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let bytes = Buffer.from(file);
  for (let count = 1 + below(3); count > 0; count--) {
    // Half of the damage goes to the front, where the tables are.
    const at = below(random() < 0.5 ? Math.min(600, bytes.length) : bytes.length);
    const length = below(64);
    switch (below(6)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        for (let flips = 1 + below(16); flips > 0 && bytes.length > 0; flips--) {
          bytes[Math.min(bytes.length - 1, at + below(64))] = below(256);
        }
        break;
      case 2:
        bytes.fill(NASTY[below(NASTY.length)]!, at, Math.min(bytes.length, at + length));
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 4_000))]);
        break;
      default: {
        // The front of one kind with the rest of another.
        const other = FILES[below(FILES.length)]!;
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(Math.min(at, other.length))]);
      }
    }
  }
  return bytes;
}

async function hear(bytes: Buffer): Promise<{ readonly status: number; readonly text: string }> {
  const body = Uint8Array.from(multipart([{ name: 'file', filename: 'x', content: bytes }]));
  const answer = await fetch(`${house.url}/api/voice/stt`, {
    method: 'POST',
    headers: multipartType,
    body,
    signal: AbortSignal.timeout(120_000),
  });
  return { status: answer.status, text: await answer.text() };
}

it(`hears or refuses ${ROUNDS} damaged recordings, and is as good as before`, async () => {
  await hear(FILES[0]!);
  const before = process.memoryUsage().arrayBuffers;
  const statuses = new Map<number, number>();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < ROUNDS) {
        const number = next++;
        const { status, text } = await hear(damaged(FILES[number % FILES.length]!, SEED + number));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // 503: the ears may be busy; never that they fell over.
        expect([number, status, text]).toEqual([
          number,
          expect.toSatisfy((one: number) => [200, 415, 422, 503].includes(one)),
          expect.not.stringContaining('during the request'),
        ]);
      }
    }),
  );
  for (const status of [200, 422]) expect(statuses.get(status)).toBeGreaterThan(ROUNDS / 20);
  expect(house.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(house.lines.filter(({ message }) => message === 'child process ended')).toEqual([]);
  expect(await hear(FILES.at(-1)!)).toMatchObject({
    status: 200,
    text: expect.stringContaining('네 가져갈게요') as unknown,
  });
  // What was sent is let go of: sounds of a minute are 4 MB each.
  for (let wait = 0; wait < 50 && process.memoryUsage().arrayBuffers - before > 32 * MEBIBYTE; wait++) {
    await sleep(100);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * MEBIBYTE);
}, 600_000);
