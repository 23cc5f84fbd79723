import { describe, expect, it } from 'vitest';
import { judgeOverlap, type Overlap } from './interruption.ts';

const rows: readonly (readonly [what: string, overlap: Overlap, decision: string])[] = [
  ['the first sound', { speechMs: 32, silentMs: 0, verdict: 'none' }, 'wait'],
  ['a cough that is over', { speechMs: 96, silentMs: 128, verdict: 'none' }, 'restore'],
  ['a cough that has just ended', { speechMs: 96, silentMs: 64, verdict: 'none' }, 'wait'],
  ['a stop word, however short', { speechMs: 96, silentMs: 0, verdict: 'stop' }, 'stop'],
  ['words before 200 ms of speech', { speechMs: 160, silentMs: 0, verdict: 'words' }, 'wait'],
  ['words and 200 ms of speech', { speechMs: 200, silentMs: 0, verdict: 'words' }, 'stop'],
  [
    'speech without words, too long for a "그렇군요"',
    { speechMs: 800, silentMs: 0, verdict: 'none' },
    'stop',
  ],
  [
    'speech without words, short enough for a "그렇군요"',
    { speechMs: 768, silentMs: 0, verdict: 'none' },
    'wait',
  ],
  ['a short sound whose words come late', { speechMs: 320, silentMs: 224, verdict: 'none' }, 'restore'],
  ['a "네"', { speechMs: 320, silentMs: 0, verdict: 'backchannel' }, 'wait'],
  ['a "네" that is over', { speechMs: 320, silentMs: 96, verdict: 'backchannel' }, 'restore'],
  ['agreement without an end', { speechMs: 2_500, silentMs: 0, verdict: 'backchannel' }, 'stop'],
];

describe('an overlap', () => {
  it.each(rows)('%s', (_what, overlap, decision) => {
    expect(judgeOverlap(overlap)).toBe(decision);
  });

  it('is decided within 350 ms of any sound that ends, the 96 ms of the detector’s own tail included', () => {
    for (const verdict of ['none', 'backchannel'] as const)
      for (const speechMs of [32, 96, 192, 256, 512])
        expect(judgeOverlap({ speechMs, silentMs: 350 - 96, verdict })).toBe('restore');
  });
});
