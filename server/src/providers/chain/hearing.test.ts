import { describe, expect, it } from 'vitest';

import { hearingStreamSuite } from '../contract/hearing-stream.suite.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { createManualClock } from '../fake/manual-clock.ts';
import type { Step } from '../fake/script.ts';
import { ScriptedEars } from '../fake/scripted-ears.ts';
import { ScriptedStreamingEars } from '../fake/scripted-streaming-ears.ts';
import type { HearingStream, SpeechToText } from '../spec/stt.ts';
import { createSpeechToTextChain } from './speech-to-text-chain.ts';

const limits = { floorMs: 100, unknownMs: 100, ceilingMs: 100, coldMs: 100 };
const piece = new Float32Array(8_000).fill(0.1);
const settled = () => new Promise(setImmediate);

const hum = async () => new Float32Array(16_000).fill(0.1);
const streaming = { speech: hum, language: 'ko', isDeterministic: true } as const;

hearingStreamSuite('a chain of one', {
  ...streaming,
  make: async () => ({
    provider: createSpeechToTextChain([new ScriptedStreamingEars({ hears: ['하나'] })]),
    end: async () => {},
  }),
  hears: '하나',
});

hearingStreamSuite('a chain whose first ears fail at the end', {
  ...streaming,
  make: async () => {
    const first = new ScriptedStreamingEars({
      id: 'fake_first',
      otherwise: { do: 'fail', kind: 'unavailable' },
    });
    return {
      // Ears that have failed too often are not even opened, which is another case.
      provider: createSpeechToTextChain([first, new ScriptedEars({ hears: ['나중에'] })], {
        circuit: { failuresToOpen: 100 },
      }),
      end: async () => {},
    };
  },
  hears: '나중에',
});

function chainOf(firstStep: Step = { do: 'answer' }) {
  const plain = new ScriptedEars({ id: 'fake_plain', hears: ['나중에'] });
  const first = new ScriptedStreamingEars({ id: 'fake_first', otherwise: firstStep, hears: ['하나'] });
  const second = new ScriptedStreamingEars({ id: 'fake_second', hears: ['둘'] });
  return { plain, first, second, limits };
}

/** A stream of ears that can stream now. */
function opened(ears: SpeechToText, language: string | null = 'ko', signal = quiet()): HearingStream {
  const stream = ears.openStream!(language, signal);
  if (stream === null) throw new Error('nobody streams');
  return stream;
}

/** What was heard on the way; `partials` ends with the stream. */
function follow(stream: HearingStream) {
  const heard: string[] = [];
  const ended = (async () => {
    for await (const partial of stream.partials) heard.push(partial);
  })();
  return { heard, ended };
}

describe('ears that hear while it is being said', () => {
  it('are there when one of the chain can', () => {
    expect(createSpeechToTextChain([new ScriptedEars()]).openStream).toBeUndefined();
    const { plain, first } = chainOf();
    expect(createSpeechToTextChain([plain, first]).openStream).toBeDefined();
  });

  it('are the first of the chain, and leave nothing behind', async () => {
    const { plain, first } = chainOf();
    const chain = createSpeechToTextChain([first, plain], { limits });
    const signal = quiet();
    const stream = opened(chain, null, signal);
    const { heard, ended } = follow(stream);
    for (let push = 0; push < 3; push++) {
      stream.push(piece);
      await settled();
    }
    expect(await stream.finish(quiet())).toMatchObject({ text: '하나', provider: 'fake_first' });
    await ended;
    expect(heard).toEqual(['아', '아아', '아아아']);
    expect(first.lengths).toEqual([24_000]);
    expect([plain.calls, first.open, listenersOn(signal)]).toEqual([0, 0, 0]);
    expect((await providerErrorOf(stream.finish(quiet()))).kind).toBe('invalid_input');
  });

  it('that break in the middle are followed by others, who are told all of it', async () => {
    const { plain, first, second } = chainOf();
    first.breaksAtPush = 2;
    const chain = createSpeechToTextChain([first, second, plain], { limits });
    const stream = opened(chain);
    for (let push = 0; push < 4; push++) stream.push(piece);
    expect(await stream.finish(quiet())).toMatchObject({
      text: '둘',
      provider: 'fake_second',
      skipped: [{ provider: 'fake_first', reason: 'failed' }],
    });
    expect(second.lengths).toEqual([32_000]);
    expect(chain.status().providers.map(({ failuresInRow }) => failuresInRow)).toEqual([1, 0, 0]);
  });

  it('that break in the middle leave the rest to better ears than the next that stream', async () => {
    const { plain, first, second } = chainOf();
    first.breaksAtPush = 2;
    const stream = opened(createSpeechToTextChain([first, plain, second], { limits }));
    const { heard, ended } = follow(stream);
    stream.push(piece);
    await settled();
    for (let push = 1; push < 4; push++) stream.push(piece);
    // Nothing more comes on the way, and who listens can tell before the end.
    await ended;
    expect([heard, second.open]).toEqual([['아'], 0]);
    expect(await stream.finish(quiet())).toMatchObject({
      text: '나중에',
      provider: 'fake_plain',
      skipped: [{ provider: 'fake_first', reason: 'failed' }],
    });
    expect([plain.lengths, second.calls]).toEqual([[32_000], 0]);
  });

  it.each([
    ['fail at the end', { do: 'fail', kind: 'unavailable' }, 'unavailable'],
    ['never end', { do: 'hang-deaf' }, 'timeout'],
  ] satisfies [string, Step, string][])(
    'that %s lose nothing: the whole is heard by another',
    async (_, step, reason) => {
      const { plain, first } = chainOf(step);
      const chain = createSpeechToTextChain([first, plain], { limits });
      const stream = opened(chain);
      stream.push(piece);
      stream.push(piece);
      expect(await stream.finish(quiet())).toMatchObject({
        text: '나중에',
        provider: 'fake_plain',
        skipped: [{ provider: 'fake_first', reason }],
      });
      expect(plain.lengths).toEqual([16_000]);
      expect(first.open).toBe(0);
    },
  );

  it('stay in peace while better ears that take whole utterances can run', async () => {
    const { plain, first } = chainOf({ do: 'fail', kind: 'unavailable' });
    const english = new ScriptedEars({ id: 'fake_english', languages: ['en'] });
    const clock = createManualClock();
    const chain = createSpeechToTextChain([english, plain, first], { clock });
    expect(chain.openStream!('ko', quiet())).toBeNull();
    expect(chain.openStream!('en', quiet())).toBeNull();
    expect([plain.calls, first.open]).toEqual([0, 0]);

    plain.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const stream = opened(chain);
    expect(first.open).toBe(1);
    stream.close();
    expect(chain.openStream!('en', quiet())).toBeNull();

    plain.setAvailability({ available: true });
    plain.behave({ do: 'fail', kind: 'failed' });
    const utterance = { samples: piece, language: 'ko' };
    for (let call = 0; call < 3; call++) {
      expect(chain.openStream!('ko', quiet())).toBeNull();
      await providerErrorOf(chain.transcribe(utterance, quiet()));
    }
    // Both have failed too often; the time to try them again comes for both at once.
    expect(chain.openStream!('ko', quiet())).toBeNull();
    first.behave({ do: 'answer' });
    clock.advance(30_000);
    await chain.transcribe(utterance, quiet());
    const after = opened(chain);
    expect(first.open).toBe(1);
    after.close();
  });

  it('are not opened when none of them can run', async () => {
    const { plain, first } = chainOf();
    first.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const signal = quiet();
    expect(createSpeechToTextChain([first]).openStream!('ko', signal)).toBeNull();
    expect(createSpeechToTextChain([first, plain]).openStream!('ko', signal)).toBeNull();
    expect(listenersOn(signal)).toBe(0);
  });

  it('of a chain within take no turn where they would only hear the whole', async () => {
    const { plain, first } = chainOf();
    const inner = createSpeechToTextChain([plain, first], { id: 'inner', limits });
    const chain = createSpeechToTextChain([inner], { limits });
    const stream = opened(chain);
    const { heard, ended } = follow(stream);
    stream.push(piece);
    await ended;
    expect(await stream.finish(quiet())).toMatchObject({ text: '나중에', provider: 'fake_plain' });
    expect(heard).toEqual([]);
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
  });

  it('keep 120 s at most, and refuse what is no number', async () => {
    const { first } = chainOf();
    const stream = opened(createSpeechToTextChain([first]));
    for (let second = 0; second < 120; second++) stream.push(new Float32Array(16_000));
    expect(() => stream.push(new Float32Array(1))).toThrow('120 s at most');
    stream.close();
    const other = opened(createSpeechToTextChain([first]));
    expect(() => other.push(Float32Array.of(Number.NaN))).toThrow('not a finite number');
    other.close();
  });

  it('are no failure when they are called off or closed', async () => {
    const { first } = chainOf({ do: 'hang' });
    const chain = createSpeechToTextChain([first], { limits });
    for (let call = 0; call < 4; call++) {
      const controller = new AbortController();
      const stream = opened(chain, 'ko', controller.signal);
      const { ended } = follow(stream);
      stream.push(piece);
      if (call % 2 === 0) {
        const finishing = stream.finish(quiet());
        controller.abort();
        await expect(finishing).rejects.toMatchObject({ name: 'AbortError' });
        expect(() => stream.push(piece)).toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
      } else {
        stream.close();
        stream.close();
      }
      await ended;
      expect([first.open, listenersOn(controller.signal)]).toEqual([0, 0]);
    }
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
  });
});
