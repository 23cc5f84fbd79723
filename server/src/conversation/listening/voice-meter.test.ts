import { getEventListeners } from 'node:events';

import { describe, expect, it, vi } from 'vitest';

import { pinkNoise, sine } from '../../audio/testing/noise.ts';
import { LevelDetector } from '../../providers/fake/level-detector.ts';
import type { VoiceActivityDetector, VoiceActivitySession } from '../../providers/spec/vad.ts';
import { FRAME_SAMPLES, type VoiceFrame } from './voice-frame.ts';
import { createVoiceMeter } from './voice-meter.ts';

const SECOND = 16_000;
const settle = async () => {
  for (let round = 0; round < 50; round++) await new Promise(setImmediate);
};
const voice = (samples: number) => sine(samples, 16_000, 300, 0.3);
const room = (samples: number, seed = 1) => pinkNoise(samples, -50, seed);

function join(...pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** What frames say, without their samples. */
const judged = (frames: readonly VoiceFrame[]) =>
  frames.map(({ endMs, levelDb, probability, isSpeech }) => [endMs, levelDb, probability, isSpeech]);
const soundOf = (frames: readonly VoiceFrame[]) =>
  Buffer.from(join(...frames.map(({ samples }) => samples)).buffer);

/** A detector that answers when it is told to. */
function heldDetector() {
  const asked: {
    frame: Float32Array;
    answer: (probability: number) => void;
    fail: (error: Error) => void;
  }[] = [];
  let isClosed = false;
  const session: VoiceActivitySession = {
    accept: (frame) =>
      new Promise((answer, fail) => {
        asked.push({ frame, answer, fail });
      }),
    close: () => {
      isClosed = true;
    },
  };
  const detector: VoiceActivityDetector = {
    kind: 'vad',
    info: new LevelDetector().info,
    frameSamples: FRAME_SAMPLES,
    availability: () => ({ available: true }),
    open: () => session,
  };
  return { detector, asked, isClosed: () => isClosed };
}

function listen(detector: VoiceActivityDetector, controller = new AbortController()) {
  const frames: VoiceFrame[] = [];
  const troubles: unknown[] = [];
  const meter = createVoiceMeter(
    { detector, onFrame: (frame) => frames.push(frame), onTrouble: (error) => troubles.push(error) },
    controller.signal,
  );
  return { meter, frames, troubles, controller };
}

describe('the meter of a microphone', () => {
  it('cuts what comes into frames, whatever its pieces', async () => {
    const sound = join(room(SECOND), voice(SECOND / 2), room(SECOND));
    const whole = listen(new LevelDetector());
    for (let at = 0; at < sound.length; at += 320) {
      whole.meter.push(sound.subarray(at, at + 320));
      await new Promise(setImmediate);
    }
    const pieces = listen(new LevelDetector());
    for (let at = 0, size = 1; at < sound.length; at += size, size = (size * 7) % 1021) {
      pieces.meter.push(sound.subarray(at, at + size));
      await new Promise(setImmediate);
    }
    await settle();
    const count = Math.floor(sound.length / FRAME_SAMPLES);
    expect(whole.frames.map(({ endMs }) => endMs)).toEqual(
      Array.from({ length: count }, (_, at) => (at + 1) * 32),
    );
    expect(soundOf(whole.frames).equals(Buffer.from(sound.slice(0, count * FRAME_SAMPLES).buffer))).toBe(
      true,
    );
    expect(judged(pieces.frames)).toEqual(judged(whole.frames));
    expect(soundOf(pieces.frames).equals(soundOf(whole.frames))).toBe(true);
    expect(whole.meter.backlogMs).toBe(0);
  });

  it('finds a voice where it is, and asks about little else', async () => {
    const { meter, frames } = listen(new LevelDetector());
    const sound = join(room(3 * SECOND), voice(SECOND), room(2 * SECOND));
    for (let at = 0; at < sound.length; at += 320) {
      meter.push(sound.subarray(at, at + 320));
      await new Promise(setImmediate);
    }
    await settle();
    const spoken = frames.filter(({ isSpeech }) => isSpeech);
    expect(spoken[0]!.endMs - 3_000).toBeLessThanOrEqual(64);
    expect(spoken.at(-1)!.endMs - 4_000).toBeLessThanOrEqual(32);
    // The room is not known at once; from then on it is the voice and its tail.
    const late = frames.filter(({ endMs, probability }) => endMs > 2_000 && probability > 0);
    expect(late.length).toBeLessThanOrEqual(33 + 22);
  });

  it('emits at once what nobody has to be asked about', () => {
    const { detector, asked } = heldDetector();
    const { meter, frames } = listen(detector);
    meter.push(new Float32Array(SECOND));
    expect(asked).toHaveLength(0);
    expect(frames).toHaveLength(31);
    expect(frames[0]).toMatchObject({ levelDb: -100, probability: 0, isSpeech: false });
  });

  it('hands the detector the frames before a voice', () => {
    const { detector, asked } = heldDetector();
    const { meter, frames } = listen(detector);
    meter.push(new Float32Array(20 * FRAME_SAMPLES));
    meter.push(voice(FRAME_SAMPLES));
    expect(frames).toHaveLength(20);
    expect(asked).toHaveLength(5);
    expect(asked.slice(0, 4).every(({ frame }, at) => frame === frames.at(at - 4)!.samples)).toBe(true);
    expect(asked[4]!.frame).toEqual(voice(FRAME_SAMPLES));
  });

  it.each([
    ['after a voice and a silence', [voice(SECOND / 2), room(SECOND), voice(SECOND / 2)], 2],
    ['not within what is said', [voice(SECOND / 2), room(SECOND / 10), voice(SECOND / 2)], 1],
    ['not where nobody spoke', [room(2 * SECOND), voice(FRAME_SAMPLES / 2), room(SECOND)], 1],
  ])('has the detector begin anew %s', async (_, sounds, opened) => {
    const detector = new LevelDetector();
    const open = vi.spyOn(detector, 'open');
    const { meter } = listen(detector);
    const sound = join(room(SECOND), ...sounds);
    for (let at = 0; at < sound.length; at += 320) {
      meter.push(sound.subarray(at, at + 320));
      await new Promise(setImmediate);
    }
    expect(open).toHaveBeenCalledTimes(opened);
  });

  it('keeps the order of frames whose answers come in any', async () => {
    const { detector, asked } = heldDetector();
    const { meter, frames } = listen(detector);
    meter.push(voice(3 * FRAME_SAMPLES));
    expect(meter.backlogMs).toBe(96);
    asked[2]!.answer(0.4);
    asked[1]!.answer(0.9);
    await settle();
    expect(frames).toHaveLength(0);
    asked[0]!.answer(0.4);
    await settle();
    expect(frames.map(({ endMs, isSpeech }) => [endMs, isSpeech])).toEqual([
      [32, false],
      [64, true],
      [96, true],
    ]);
    expect(meter.backlogMs).toBe(0);
  });

  it('lets speech begin at 0.5 and end under 0.35', async () => {
    const { detector, asked } = heldDetector();
    const { meter, frames } = listen(detector);
    meter.push(voice(5 * FRAME_SAMPLES));
    [0.49, 0.5, 0.35, 0.34, 0.49].forEach((probability, index) => asked[index]!.answer(probability));
    await settle();
    expect(frames.map(({ isSpeech }) => isSpeech)).toEqual([false, true, true, false, false]);
  });

  it('judges the same sound alike however late the answers are', async () => {
    const sound = join(room(2 * SECOND), voice(SECOND / 2), room(SECOND));
    const hear = async (lateFrames: number) => {
      const { detector, asked } = heldDetector();
      const { meter, frames } = listen(detector);
      const askedAt: number[] = [];
      let answered = 0;
      const pushes = Math.floor(sound.length / FRAME_SAMPLES);
      for (let push = 0; push < pushes + lateFrames; push++) {
        if (push < pushes) meter.push(sound.subarray(push * FRAME_SAMPLES, (push + 1) * FRAME_SAMPLES));
        while (askedAt.length < asked.length) askedAt.push(push);
        for (; answered < asked.length && askedAt[answered]! + lateFrames <= push; answered++) {
          const { frame, answer } = asked[answered]!;
          answer(frame.some((sample) => Math.abs(sample) > 0.1) ? 0.9 : 0.1);
        }
        await Promise.resolve();
        await Promise.resolve();
      }
      return { frames: judged(frames), asked: asked.length };
    };
    const prompt = await hear(0);
    expect(await hear(7)).toEqual(prompt);
    expect(prompt.frames.some(([, , , isSpeech]) => isSpeech === true)).toBe(true);
  });

  it('judges by energy while the detector fails, and says so once', async () => {
    const detector = new LevelDetector({ otherwise: { do: 'fail', kind: 'unavailable' } });
    const { meter, frames, troubles } = listen(detector);
    meter.push(join(room(2 * SECOND), voice(SECOND)));
    await settle();
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toMatchObject({ kind: 'unavailable' });
    expect(frames.find(({ isSpeech }) => isSpeech)?.endMs).toBeLessThanOrEqual(2_000 + 96);
    detector.behave({ do: 'answer' });
    meter.push(voice(FRAME_SAMPLES));
    await settle();
    detector.behave({ do: 'fail', kind: 'unavailable' });
    meter.push(voice(FRAME_SAMPLES));
    await settle();
    expect(troubles).toHaveLength(2);
  });

  it('does not wait for ever: the oldest of too many frames are judged by energy', async () => {
    const { detector, asked } = heldDetector();
    const { meter, frames } = listen(detector);
    const word = join(voice(6 * FRAME_SAMPLES), new Float32Array(2 * FRAME_SAMPLES));
    for (let words = 0; words < 78; words++) meter.push(word);
    expect(meter.backlogMs).toBe(312 * 32);
    expect(frames).toHaveLength(624 - 312);
    expect(frames.slice(0, 8).map(({ isSpeech }) => isSpeech)).toEqual([
      ...Array.from({ length: 6 }, () => true),
      false,
      false,
    ]);
    asked[0]!.answer(0);
    await settle();
    expect(frames).toHaveLength(624 - 312);
  });

  it('takes no harm from samples that are none', async () => {
    const { meter, frames } = listen(new LevelDetector());
    const broken = voice(FRAME_SAMPLES);
    broken[3] = NaN;
    broken[4] = Infinity;
    broken[5] = -Infinity;
    broken[6] = 1e30;
    meter.push(broken);
    await settle();
    expect([...frames[0]!.samples.subarray(3, 7)]).toEqual([0, 1, -1, 1]);
    expect(frames[0]!.levelDb).toBeGreaterThan(-20);
    meter.push(voice(SECOND));
    await settle();
    expect(frames.at(-1)!.isSpeech).toBe(true);
  });

  it('says nothing after it is closed or called off, and leaves no listener', async () => {
    for (const how of ['close', 'abort'] as const) {
      const { detector, asked, isClosed } = heldDetector();
      const { meter, frames, troubles, controller } = listen(detector);
      meter.push(voice(2 * FRAME_SAMPLES));
      if (how === 'close') meter.close();
      else controller.abort();
      asked[0]!.answer(0.9);
      asked[1]!.fail(new Error('too late'));
      meter.push(voice(FRAME_SAMPLES));
      await settle();
      expect([frames.length, troubles.length, meter.backlogMs, isClosed()]).toEqual([0, 0, 0, true]);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      meter.close();
    }
  });

  it('may be closed by who gets a frame', () => {
    const { detector } = heldDetector();
    let frames = 0;
    const meter = createVoiceMeter(
      {
        detector,
        onFrame: () => {
          frames++;
          meter.close();
        },
        onTrouble: () => {},
      },
      new AbortController().signal,
    );
    meter.push(new Float32Array(SECOND));
    expect(frames).toBe(1);
  });

  it('refuses a detector with other frames', () => {
    const { detector } = heldDetector();
    expect(() => listen({ ...detector, frameSamples: 480 })).toThrow(RangeError);
  });
});
