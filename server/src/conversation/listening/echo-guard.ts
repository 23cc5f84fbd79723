import { createContour } from './echo-contour.ts';
import { createDelayFinder, LEAST_LAG } from './echo-delay.ts';
import { createNoiseFloor } from './echo-noise.ts';
import { createEchoPath } from './echo-path.ts';
import { createPlayedSound } from './echo-reference.ts';
import { BANDS, bandSpectrum, HOP_MS } from './echo-spectrum.ts';
import { createDelayTracker } from './echo-tracking.ts';
import { createUsualLoudness } from './usual-loudness.ts';
import { createReceiptClock } from './receipt-clock.ts';
import { FRAME_SAMPLES, MICROPHONE_RATE, type VoiceFrame } from './voice-frame.ts';

/** What a frame holds: speech of somebody near, the server's own voice out of a loudspeaker, or no speech. */
export type Nearness = 'near' | 'echo' | 'quiet';

/**
 * Tells a person from the loudspeaker's echo in the sound of a microphone, with or without an echo canceller before it. It
 * compares levels in bands with those of what was sent, at the delay where the two move alike, after learning how loud each
 * band comes back; what exceeds that is somebody near.
 *
 * Until a first echo was heard, delay and loudness are unknown: anything sent in the last 0.9 s is taken to come back 12 dB
 * quieter (30 dB behind a canceller), and only what is clearly louder is near. Where less comes back, this bound falls within a second or so; where more
 * does, the first words of the first reply may pass for somebody near. Quieter echo than the noise of the room needs no guard.
 *
 * Once 0.3 s of a person were heard, nothing 14 dB fainter than they are is near while something plays.
 *
 * All times are in milliseconds of one monotonic clock. Nothing is computed while nothing plays, and then all speech is near.
 */
export interface EchoGuard {
  /**
   * Sound goes to the loudspeaker.
   *
   * @param playsAtMs When it is thought to begin to sound. The truth may be up to 0.8 s later, by about the same for all.
   */
  sent(samples: Int16Array, sampleRate: number, playsAtMs: number): void;
  /** What was to play from now on is dropped; what a player and a room still hold counts as echo. */
  stopped(atMs: number): void;
  /** The loudspeaker is told to turn down, or up again: until it surely has, nothing is learned of how loud it comes back. */
  turned(isDown: boolean, atMs: number): void;
  /** Judges the next frame of the microphone. */
  judge(frame: VoiceFrame, receivedAtMs: number): Nearness;
}

/** How much a player may still play after it was told to stop. */
const PLAYER_BUFFER_MS = 300;
/** A loudspeaker that was told to turn up has done so, and its echo was heard, after this. */
const TURNING_MS = 1_000;
/** Silence after which nothing can be echo. */
const DEAF_AFTER_MS = 1_000;
/** Mean excess over the bands that makes a sound near: with the delay sure, with it roughly known, with it unknown. */
const NEAR_SURE_DB = 0.6;
const NEAR_LOOSE_DB = 0.8;
const NEAR_UNKNOWN_DB = 1;
const SMOOTHING = 0.5;
/** A first delay is often off by a little: how loud its echo is is learned anew for 0.5 s, every 0.1 s. */
const YOUNG_HOPS = 30;
const YOUNG_STEP_HOPS = 6;
/** So alike, what is louder than expected is the loudspeaker turned up. */
const TURNED_UP_LIKENESS = 0.8;
/** After so many hops in a row that another delay explains, it is the delay: the player stalled. */
const STALLED_HOPS = 6;

/** @param isCancelled True when the device says that it cancels echo: then little is expected before any is heard. */
export function createEchoGuard(isCancelled = false): EchoGuard {
  const played = createPlayedSound();
  const clock = createReceiptClock();
  const finder = createDelayFinder();
  const tracker = createDelayTracker();
  const contour = createContour();
  const noise = createNoiseFloor();
  const path = createEchoPath(played, isCancelled);
  const spectrum = bandSpectrum(MICROPHONE_RATE);
  /** The frame before and this one. */
  const sound = new Float32Array(FRAME_SAMPLES * 2);
  const levels = new Float32Array(BANDS);
  const movement = new Float32Array(BANDS);
  const loudness = createUsualLoudness();
  let runHop: number | null = null;
  let excess = 0;
  let stalledHops = 0;
  let youngHops = 0;
  /** Until when the loudspeaker may be quieter than what was sent. */
  let turnedUntilMs = -Infinity;
  let isTurned = false;

  const learnAll = (delay: number) => !isTurned && path.learnAll(delay, noise.levels);
  const threshold = () => {
    if (tracker.delay() === null) return NEAR_UNKNOWN_DB;
    return tracker.slack() > 1 ? NEAR_LOOSE_DB : NEAR_SURE_DB;
  };

  const hear = (hop: number, from: number) => {
    spectrum.measure(sound, from, levels, 0);
    played.reach(hop - LEAST_LAG);
    if (runHop !== null && hop >= runHop) {
      finder.reset();
      tracker.loosen();
      runHop = null;
    }
    noise.hear(levels);
    contour.next(levels, 0, noise.levels, movement, 0);
    finder.step(movement, played, hop);
    path.remember(levels, hop);
    const wasUnknown = tracker.delay() === null;
    if (tracker.follow(finder, learnAll) && wasUnknown) youngHops = YOUNG_HOPS;
    if (youngHops > 0 && youngHops-- % YOUNG_STEP_HOPS === 0) learnAll(tracker.delay()!);
    path.expect(hop, tracker.delay(), tracker.slack());
    excess += SMOOTHING * (path.excess(levels, noise.levels) - excess);
    settle(hop);
  };

  /** Learns from an echo, and looks for other reasons than a person where the sound exceeds it. */
  const settle = (hop: number) => {
    const delay = tracker.delay();
    if (delay === null) {
      if (!isTurned) path.learnCoupling(levels, hop);
      return;
    }
    if (excess <= threshold()) {
      if (!isTurned) path.learn(levels, tracker.slack() === 1);
      stalledHops = 0;
      return;
    }
    if (finder.likeness(delay) > TURNED_UP_LIKENESS && learnAll(delay)) {
      excess = 0;
      return;
    }
    const other = path.elsewhere(delay, noise.levels);
    stalledHops = other === null ? 0 : stalledHops + 1;
    if (other === null) return;
    excess = 0;
    if (stalledHops < STALLED_HOPS) return;
    tracker.take(other);
    finder.reset();
    stalledHops = 0;
  };

  return {
    sent(samples, sampleRate, playsAtMs) {
      if (samples.length > 0) runHop = played.append(samples, sampleRate, playsAtMs) ?? runHop;
    },
    stopped(atMs) {
      played.cut(atMs + PLAYER_BUFFER_MS);
    },
    turned(isDown, atMs) {
      turnedUntilMs = isDown ? Infinity : atMs + TURNING_MS;
    },
    judge(frame, receivedAtMs) {
      isTurned = receivedAtMs < turnedUntilMs;
      clock.took(frame.endMs, receivedAtMs);
      sound.copyWithin(0, FRAME_SAMPLES);
      sound.set(frame.samples, FRAME_SAMPLES);
      const isIdle = receivedAtMs > played.endMs() + DEAF_AFTER_MS;
      if (!isIdle) {
        const hop = Math.round((frame.endMs + clock.offsetMs()) / HOP_MS) - 1;
        hear(hop - 1, FRAME_SAMPLES / 2);
        hear(hop, FRAME_SAMPLES);
      }
      if (!frame.isSpeech) return 'quiet';
      const isNear = isIdle || (excess > threshold() && loudness.isUsual(frame.levelDb));
      if (isNear) loudness.heard(frame.levelDb);
      return isNear ? 'near' : 'echo';
    },
  };
}
