import { describe, expect, it } from 'vitest';

import { createQuietSpans, type Span } from './quiet-spans.ts';
import { nextUnsaid, plainLengthMs } from './said.ts';

const RATE = 16_000;

/** A sound of stretches: how long in milliseconds, how loud, and so on. */
function soundOf(...stretches: readonly (readonly [number, number])[]): Int16Array {
  return Int16Array.from(
    stretches.flatMap(([ms, level]) =>
      Array.from({ length: (ms * RATE) / 1_000 }, (_, index) => (index % 2 === 0 ? level : -level)),
    ),
  );
}

function spansOf(samples: Int16Array, pieceSamples = samples.length): readonly Span[] {
  const quiet = createQuietSpans();
  for (let at = 0; at < samples.length; at += pieceSamples) {
    quiet.push(samples.subarray(at, at + pieceSamples), RATE);
  }
  return quiet.spans();
}

describe('pauses in a sound', () => {
  it('are stretches of 100 ms and more that are all but silent, however the sound is cut', () => {
    const samples = soundOf([300, 9_000], [60, 0], [300, 8_000], [140, 100], [200, 9_000], [120, 0]);
    const expected = [
      { startMs: 660, endMs: 800 },
      { startMs: 1_000, endMs: 1_120 },
    ];
    for (const piece of [samples.length, 1_600, 77]) expect(spansOf(samples, piece)).toEqual(expected);
  });

  it('are measured by how loud the voice is', () => {
    expect(spansOf(soundOf([300, 20_000], [200, 400], [300, 20_000]))).toHaveLength(1);
    expect(spansOf(soundOf([300, 900], [200, 400], [300, 900]))).toEqual([]);
    expect(spansOf(new Int16Array(0))).toEqual([]);
  });
});

describe('what a voice without word times has said', () => {
  const text = '콜라 하나, 버거 두개 담죠. 또요?';
  const clauseMs = plainLengthMs('콜라 하나,');
  const after = (givenMs: number, quiet: readonly Span[], { isKnown = true } = {}) =>
    text.slice(
      nextUnsaid({ text, givenMs, words: [], pauses: [], quiet, slowness: isKnown ? 1 : undefined }),
    );

  it('is the clauses that its pauses end, however fast it was', () => {
    for (const speed of [0.8, 1, 1.25]) {
      const pause = { startMs: clauseMs * speed, endMs: clauseMs * speed + 200 };
      expect(after(pause.endMs, [pause])).toBe('버거 두개 담죠. 또요?');
      expect(after(pause.endMs + 200, [pause])).toBe('버거 두개 담죠. 또요?');
      expect(after(pause.endMs + 400, [pause])).toBe('두개 담죠. 또요?');
    }
  });

  it('does not end with a pause in the middle of a clause, and a pause is no time in which something is said', () => {
    const hesitation = { startMs: 100, endMs: 1_500 };
    expect(after(1_600, [hesitation])).toBe(text);
    expect(after(1_500 + 340, [hesitation])).toBe('하나, 버거 두개 담죠. 또요?');
  });

  it('is whole clauses only where nobody knows the voice', () => {
    expect(after(clauseMs * 1.2, [], { isKnown: false })).toBe(text);
    expect(after(clauseMs * 1.5, [], { isKnown: false })).toBe('버거 두개 담죠. 또요?');
  });
});
