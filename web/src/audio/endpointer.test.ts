import { describe, expect, it } from 'vitest';

import { createEndpointer, type EndpointEvent } from './endpointer.ts';

/** Feeds stretches of [milliseconds, level] and tells at which millisecond what happened. */
function events(
  stretches: readonly (readonly [number, number])[],
  options = {},
): (readonly [number, EndpointEvent])[] {
  const endpointer = createEndpointer(options);
  const found: (readonly [number, EndpointEvent])[] = [];
  let ms = 0;
  for (const [lengthMs, level] of stretches) {
    for (let frame = 0; frame < lengthMs / 20; frame++) {
      // A little life in it, the same every time.
      const event = endpointer.push(level * (1 + 0.2 * Math.sin(ms)));
      ms += 20;
      if (event !== null) found.push([ms, event]);
    }
  }
  return found;
}

describe('createEndpointer', () => {
  it('finds speech in a quiet room, and its end after the hang-over', () => {
    const found = events([
      [1000, 0.001],
      [800, 0.1],
      [2000, 0.001],
    ]);
    expect(found).toEqual([
      [1100, 'speech-start'],
      [2500, 'speech-end'],
    ]);
  });

  it('holds together words with gaps between them', () => {
    const found = events([
      [1000, 0.001],
      [400, 0.1],
      [500, 0.001],
      [400, 0.1],
      [500, 0.002],
      [300, 0.1],
      [1000, 0.001],
    ]);
    expect(found.map(([, event]) => event)).toEqual(['speech-start', 'speech-end']);
  });

  it('passes over a click', () => {
    expect(
      events([
        [1000, 0.001],
        [40, 0.5],
        [1000, 0.001],
        [60, 0.3],
        [1000, 0.001],
      ]),
    ).toEqual([]);
  });

  it('finds speech over the noise of a shop, which alone is none', () => {
    expect(events([[6000, 0.03]], { quietest: 0.05 })).toEqual([]);
    const found = events([
      [4000, 0.03],
      [800, 0.2],
      [2000, 0.03],
    ]);
    expect(found.slice(-2).map(([, event]) => event)).toEqual(['speech-start', 'speech-end']);
    expect(found.at(-2)?.[0]).toBe(4100);
  });

  it('gets used to a machine that starts', () => {
    const found = events([
      [1000, 0.001],
      [8000, 0.05],
      [800, 0.4],
      [2000, 0.05],
    ]);
    expect(found.map(([, event]) => event)).toEqual([
      'speech-start',
      'speech-end',
      'speech-start',
      'speech-end',
    ]);
    expect(found.at(1)?.[0]).toBeLessThan(5000);
    expect(found.at(2)?.[0]).toBe(9100);
  });

  it('hears someone who speaks from the first moment', () => {
    expect(
      events([
        [800, 0.1],
        [1000, 0.001],
      ]),
    ).toEqual([
      [100, 'speech-start'],
      [1500, 'speech-end'],
    ]);
  });

  it('learns the room before it listens', () => {
    const endpointer = createEndpointer();
    for (let frame = 0; frame < 200; frame++) endpointer.learn(0.03);
    for (let frame = 0; frame < 200; frame++) expect(endpointer.push(0.035)).toBeNull();
  });

  it('forgets the utterance when it is reset', () => {
    const endpointer = createEndpointer();
    for (let frame = 0; frame < 10; frame++) endpointer.push(0.1);
    expect(endpointer.speaking).toBe(true);
    endpointer.reset();
    expect(endpointer.speaking).toBe(false);
    for (let frame = 0; frame < 100; frame++) expect(endpointer.push(0.001)).toBeNull();
  });
});
