import { readFileSync } from 'node:fs';
import { toPcm16 } from '../../../audio/pcm.ts';
import { resample } from '../../../audio/resample.ts';
import { whiteNoise } from '../../../audio/testing/noise.ts';
import { seededRandom } from '../../../audio/testing/random.ts';
import type { EchoGuard, Nearness } from '../echo-guard.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../voice-frame.ts';
import { echoIn, type Room, ROOM_RATE } from './rooms.ts';

const PER_MS = ROOM_RATE / 1000;
const HEADER_BYTES = 44;
const PIECE_MS = 60;
const AHEAD_MS = 400;
const DUCK_LATE_MS = 60;
const DUCKED_GAIN = 0.1;

/** A spoken sentence at 16,000 Hz, 1 to 12, from the first sound that is within 10 dB of its level on. */
export function spokenSample(number: number): Float32Array<ArrayBuffer> {
  const name = `${String(number).padStart(2, '0')}.wav`;
  const file = readFileSync(new URL(`../../../../models/demo-ear/samples/${name}`, import.meta.url));
  const samples = Float32Array.from(
    { length: (file.length - HEADER_BYTES) / 2 },
    (_, at) => file.readInt16LE(HEADER_BYTES + at * 2) / 32_768,
  );
  const least = activeLevel(samples) - 10;
  let from = 0;
  while (from + 256 < samples.length && levelOf(samples.subarray(from, from + 256)) < least) from += 64;
  return samples.slice(from);
}

/** A sound with its spoken part at a level in dB. */
export function atSpokenLevel(samples: Float32Array, decibels: number): Float32Array<ArrayBuffer> {
  const factor = 10 ** ((decibels - activeLevel(samples)) / 20);
  return Float32Array.from(samples, (sample) => sample * factor);
}

/** Level of the frames within 30 dB of the loudest, in dB. */
export function activeLevel(samples: Float32Array): number {
  const levels: number[] = [];
  for (let from = 0; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES) {
    levels.push(levelOf(samples.subarray(from, from + FRAME_SAMPLES)));
  }
  const loudest = levels.reduce((most, level) => Math.max(most, level), -100);
  const active = levels.filter((level) => level > loudest - 30);
  return 10 * Math.log10(active.reduce((sum, level) => sum + 10 ** (level / 10), 0) / active.length);
}

function levelOf(samples: Float32Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length + 1e-10);
}

/** Sound and the moment it begins, in milliseconds. */
export interface Cue {
  readonly samples: Float32Array;
  readonly atMs: number;
}

/** A microphone beside a loudspeaker. */
export interface Scene {
  readonly room: Room;
  /** What the server says, and when it means it to sound. */
  readonly replies: readonly Cue[];
  /** The echo of the replies, where it was made before; else it is made. */
  readonly echo?: Float32Array;
  /** What a person says, as received. */
  readonly near?: readonly Cue[];
  readonly lengthMs: number;
  readonly noiseDb?: number;
  /** Frames come up to so much late. */
  readonly jitterMs?: number;
  readonly sampleRate?: number;
  /** The server stops what it says; the player follows after the room's delay. */
  readonly stoppedMs?: number;
  /** The server has the loudspeaker turned down by 20 dB between two moments; it follows a little later. */
  readonly ducked?: { readonly fromMs: number; readonly toMs: number };
  /** What the detector of speech says of every frame, by its level where that matters. */
  readonly isSpeech?: boolean | ((levelDb: number) => boolean);
}

/** The echo of a scene's replies from its beginning on. */
export function echoOf({ room, replies, lengthMs, stoppedMs = Infinity, ducked }: Scene): Float32Array {
  const length = Math.ceil(lengthMs / FRAME_MS) * FRAME_SAMPLES;
  const played = new Float32Array(Math.min(length, stoppedMs * PER_MS));
  for (const reply of replies) add(played, reply);
  if (ducked !== undefined) {
    const [from, to] = [ducked.fromMs, ducked.toMs].map((ms) => Math.round((ms + DUCK_LATE_MS) * PER_MS));
    for (let at = from!; at < Math.min(to!, played.length); at++) played[at]! *= DUCKED_GAIN;
  }
  return echoIn(room, played, length);
}

/** Plays a scene to a guard; its judgement of every frame. The same scene gives the same. */
export function overhear(guard: EchoGuard, scene: Scene): readonly Nearness[] {
  const { room, replies, near = [], lengthMs, noiseDb = -55, jitterMs = 20, sampleRate = 24_000 } = scene;
  const { stoppedMs = Infinity, isSpeech = true, ducked } = scene;
  const frames = Math.ceil(lengthMs / FRAME_MS);
  const length = frames * FRAME_SAMPLES;
  const heard = whiteNoise(length, noiseDb, room.seed);
  add(heard, { samples: scene.echo ?? echoOf(scene), atMs: 0 });
  for (const cue of near) add(heard, cue);
  const sent = replies.map(({ samples, atMs }) => ({
    pcm: toPcm16(resample(Float32Array.from(samples), ROOM_RATE, sampleRate)),
    atMs,
    next: 0,
  }));
  const random = seededRandom(room.seed);
  let isStopped = false;
  let isDucked = false;
  return Array.from({ length: frames }, (_, frame) => {
    const endMs = (frame + 1) * FRAME_MS;
    const nowMs = endMs + random() * jitterMs;
    for (const reply of sent) {
      const playsAtMs = () => reply.atMs + (reply.next / sampleRate) * 1000;
      if (nowMs >= stoppedMs || nowMs < reply.atMs) continue;
      while (reply.next < reply.pcm.length && playsAtMs() <= nowMs + AHEAD_MS) {
        const end = reply.next + Math.round((sampleRate * PIECE_MS) / 1000);
        guard.sent(reply.pcm.subarray(reply.next, end), sampleRate, playsAtMs());
        reply.next = end;
      }
    }
    const isDuckedNow = ducked !== undefined && nowMs >= ducked.fromMs && nowMs < ducked.toMs;
    if (isDuckedNow !== isDucked) guard.turned(isDuckedNow, nowMs);
    isDucked = isDuckedNow;
    if (!isStopped && nowMs >= stoppedMs) {
      guard.stopped(nowMs);
      isStopped = true;
    }
    const samples = heard.slice(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);
    const levelDb = levelOf(samples);
    const isVoice = typeof isSpeech === 'boolean' ? isSpeech : isSpeech(levelDb);
    return guard.judge({ endMs, levelDb, probability: isVoice ? 1 : 0, isSpeech: isVoice, samples }, nowMs);
  });
}

function add(to: Float32Array, { samples, atMs }: Cue): void {
  const from = Math.round(atMs * PER_MS);
  for (let at = 0; at < samples.length && from + at < to.length; at++) to[from + at]! += samples[at]!;
}

/** The longest run of frames judged near between two moments, in milliseconds. */
export function longestNearMs(judged: readonly Nearness[], fromMs = 0, toMs = Infinity): number {
  let longest = 0;
  let run = 0;
  for (const [frame, nearness] of judged.entries()) {
    const isCounted = frame * FRAME_MS >= fromMs && (frame + 1) * FRAME_MS <= toMs;
    run = isCounted && nearness === 'near' ? run + FRAME_MS : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** How long after `fromMs` the first frame judged near ended; Infinity for none until `toMs`. */
export function nearAfterMs(judged: readonly Nearness[], fromMs: number, toMs: number): number {
  const frame = judged.findIndex(
    (nearness, at) => nearness === 'near' && (at + 1) * FRAME_MS > fromMs && (at + 1) * FRAME_MS <= toMs,
  );
  return frame < 0 ? Infinity : (frame + 1) * FRAME_MS - fromMs;
}
