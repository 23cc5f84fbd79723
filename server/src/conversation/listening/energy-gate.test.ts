import { describe, expect, it } from 'vitest';

import { mix, pinkNoise, sine, whiteNoise } from '../../audio/testing/noise.ts';
import { createEnergyGate, type EnergyGate } from './energy-gate.ts';

const FRAME = 512;
const framesOf = (sound: Float32Array) =>
  Array.from({ length: Math.floor(sound.length / FRAME) }, (_, at) =>
    sound.subarray(at * FRAME, (at + 1) * FRAME),
  );

/** Which frames of `sound` are loud. */
function loud(gate: EnergyGate, sound: Float32Array): boolean[] {
  return framesOf(sound).map((frame) => {
    gate.measure(frame);
    return gate.isLoud;
  });
}

/** A gate that knows a room of -50 dB. */
function inRoom(): EnergyGate {
  const gate = createEnergyGate();
  loud(gate, pinkNoise(100 * FRAME, -50));
  return gate;
}

const voice = (decibels: number, frames = 10) =>
  sine(frames * FRAME, 16_000, 300, Math.SQRT2 * 10 ** (decibels / 20));
const count = (flags: readonly boolean[]) => flags.filter(Boolean).length;

describe('the gate by energy', () => {
  it('measures the level of a frame', () => {
    const gate = createEnergyGate();
    gate.measure(new Float32Array(FRAME).fill(0.1));
    expect(gate.levelDb).toBeCloseTo(-20, 3);
    gate.measure(new Float32Array(FRAME));
    expect(gate.levelDb).toBe(-100);
    expect(gate.isLoud).toBe(false);
  });

  it('lets a voice through, and no room that it knows', () => {
    const gate = inRoom();
    expect(count(loud(gate, pinkNoise(300 * FRAME, -50, 2)))).toBe(0);
    expect(count(loud(gate, voice(-40)))).toBe(10);
    expect(gate.overFloorDb).toBeGreaterThan(7);
  });

  it('lets everything through in the first second, but what is too quiet for a voice', () => {
    const gate = createEnergyGate();
    expect(count(loud(gate, pinkNoise(30 * FRAME, -45)))).toBeGreaterThanOrEqual(28);
    expect(count(loud(createEnergyGate(), voice(-62)))).toBe(0);
  });

  it('does not open for a click, however loud', () => {
    const gate = inRoom();
    for (let start = 0; start < FRAME; start += 37) {
      const frame = pinkNoise(FRAME, -50, start).slice();
      frame.set(whiteNoise(96, -10, start).subarray(0, Math.min(96, FRAME - start)), start);
      gate.measure(frame);
      expect(gate.levelDb).toBeGreaterThan(-36);
      expect(gate.isLoud).toBe(false);
    }
  });

  it('is deaf to rumble', () => {
    const gate = inRoom();
    const rumble = mix(sine(20 * FRAME, 16_000, 30, 0.01), pinkNoise(20 * FRAME, -50, 7));
    expect(count(loud(gate, rumble))).toBe(0);
  });

  it('follows a noise that came to stay within 2.5 s, and one that went at once', () => {
    const gate = inRoom();
    const fan = loud(gate, whiteNoise(150 * FRAME, -30));
    expect(count(fan.slice(0, 40))).toBe(40);
    expect(count(fan.slice(80))).toBe(0);
    expect(count(loud(gate, voice(-20)))).toBe(10);
    loud(gate, pinkNoise(6 * FRAME, -50, 3));
    expect(count(loud(gate, voice(-40)))).toBe(10);
  });

  it('hears a quiet voice half a second after what it got used to is gone', () => {
    const gate = inRoom();
    for (const frame of framesOf(whiteNoise(100 * FRAME, -25))) {
      gate.measure(frame);
      gate.getUsedTo(gate.soundDb);
    }
    loud(gate, pinkNoise(17 * FRAME, -50, 3));
    expect(count(loud(gate, voice(-39)))).toBe(10);
  });

  it('does not take a long sentence for the room', () => {
    const gate = inRoom();
    // Words of 200 ms with gaps of 100 ms, for nine seconds.
    const sentence = new Float32Array(280 * FRAME);
    const rest = pinkNoise(sentence.length, -50, 4);
    for (let at = 0; at < sentence.length; at++)
      sentence[at] = rest[at]! + (at % 4_800 < 3_200 ? 0.05 * Math.sin(at / 8) : 0);
    const flags = loud(gate, sentence);
    expect(count(flags.slice(-90))).toBeGreaterThan(45);
  });

  it('knows the room again within 2.5 s after a line that sent nothing', () => {
    const gate = inRoom();
    loud(gate, new Float32Array(200 * FRAME));
    expect(count(loud(gate, pinkNoise(200 * FRAME, -50, 5)).slice(80))).toBe(0);
  });

  it('hears every word of a microphone that sends zeros between them', () => {
    const gate = createEnergyGate();
    for (let word = 0; word < 30; word++) {
      expect(count(loud(gate, voice(-40, 8)))).toBe(8);
      loud(gate, new Float32Array(6 * FRAME));
    }
  });

  it('gets used to what was turned down, slowly, and forgets it', () => {
    const gate = inRoom();
    const turnDown = (decibels: number, frames: number) => {
      for (const frame of framesOf(voice(decibels, frames))) {
        gate.measure(frame);
        gate.getUsedTo(gate.soundDb);
      }
    };
    turnDown(-30, 6);
    expect(count(loud(gate, voice(-38, 2)))).toBe(2);
    turnDown(-30, 60);
    expect(count(loud(gate, voice(-30, 2)))).toBe(0);
    expect(count(loud(gate, voice(-22, 2)))).toBe(2);
    gate.startOver();
    loud(gate, pinkNoise(20 * FRAME, -50, 6));
    expect(count(loud(gate, voice(-35, 2)))).toBe(2);
  });
});
