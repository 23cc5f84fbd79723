import { describe, expect, it } from 'vitest';

import { createUtteranceEnd, RECORDING_RATE } from './utterance-end.ts';

/** Seconds of a tone over a steady hiss. */
function sound(seconds: number, loudness: number, hiss = 0.002): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * RECORDING_RATE) }, (_, at) => {
    const noise = ((at * 7919) % 1000) / 500 - 1;
    return Math.round(0x7fff * (loudness * Math.sin(at / 5) + hiss * noise));
  });
}

describe('the end of an utterance', () => {
  it('comes a little after the speaker stops', () => {
    const end = createUtteranceEnd();
    end.take(sound(1, 0));
    expect([end.hasSpeech, end.isOver]).toEqual([false, false]);
    end.take(sound(0.6, 0.2));
    expect([end.hasSpeech, end.isOver]).toEqual([true, false]);
    end.take(sound(1, 0));
    expect(end.isOver).toBe(false);
    end.take(sound(0.4, 0));
    expect(end.isOver).toBe(true);
  });

  it('does not take a click for speech', () => {
    const end = createUtteranceEnd();
    for (let click = 0; click < 5; click++) {
      end.take(sound(0.5, 0));
      end.take(sound(0.03, 0.5));
    }
    expect(end.hasSpeech).toBe(false);
  });

  it('hears speech over a noisy room', () => {
    const end = createUtteranceEnd();
    end.take(sound(1, 0, 0.03));
    expect(end.hasSpeech).toBe(false);
    end.take(sound(0.5, 0.3, 0.03));
    expect(end.hasSpeech).toBe(true);
  });

  it('goes through a pause between words', () => {
    const end = createUtteranceEnd();
    for (let word = 0; word < 4; word++) {
      end.take(sound(0.4, 0.2));
      end.take(sound(0.8, 0));
      expect(end.isOver).toBe(false);
    }
  });

  it('is the same however the samples are cut', () => {
    const all = Int16Array.from([...sound(0.5, 0), ...sound(0.5, 0.2), ...sound(1.3, 0)]);
    const end = createUtteranceEnd();
    for (let at = 0; at < all.length; at += 77) end.take(all.subarray(at, at + 77));
    expect([end.hasSpeech, end.isOver]).toEqual([true, true]);
  });

  it('gives up when nobody speaks, and when somebody never stops', () => {
    const silent = createUtteranceEnd();
    silent.take(sound(9.9, 0));
    expect(silent.isOver).toBe(false);
    silent.take(sound(0.2, 0));
    expect([silent.hasSpeech, silent.isOver]).toEqual([false, true]);

    const endless = createUtteranceEnd();
    for (let second = 0; second < 15; second++) {
      endless.take(sound(1, 0.2));
      endless.take(sound(0.9, 0));
    }
    expect(endless.isOver).toBe(false);
    endless.take(sound(2, 0.2));
    expect(endless.isOver).toBe(true);
  });
});
