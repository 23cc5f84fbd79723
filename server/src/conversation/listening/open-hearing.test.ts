import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../audio/testing/random.ts';
import { createSpeechToTextChain } from '../../providers/chain/speech-to-text-chain.ts';
import { hearingStreamSuite, partialsOf, thrownBy } from '../../providers/contract/hearing-stream.suite.ts';
import { listenersOn, providerErrorOf, quiet } from '../../providers/contract/provider.suite.ts';
import { createManualClock, type ManualClock } from '../../providers/fake/manual-clock.ts';
import type { Step } from '../../providers/fake/script.ts';
import { ScriptedEars, type ScriptedEarsOptions } from '../../providers/fake/scripted-ears.ts';
import { ScriptedStreamingEars } from '../../providers/fake/scripted-streaming-ears.ts';
import { UTTERANCE_SAMPLE_RATE, type HearingStream, type SpeechToText } from '../../providers/spec/stt.ts';
import { openHearing } from './open-hearing.ts';

const FRAME_MS = 32;
const samplesOf = (ms: number) => (ms * UTTERANCE_SAMPLE_RATE) / 1000;

function tone(ms: number, amplitude = 0.3): Float32Array {
  return Float32Array.from({ length: samplesOf(ms) }, (_, at) => amplitude * Math.sin(at / 5));
}

/** Lets promises and `setImmediate` of the fakes have their turn. */
async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) await new Promise(setImmediate);
}

/** Speaks `ms` in frames, with the clock going on as with a real microphone. */
async function speak(stream: HearingStream, clock: ManualClock, ms: number, amplitude = 0.3): Promise<void> {
  for (let at = 0; at < ms; at += FRAME_MS) {
    stream.push(tone(Math.min(FRAME_MS, ms - at), amplitude));
    clock.advance(FRAME_MS);
    await settle();
  }
}

const MANY = Array.from({ length: 100 }, (_, index) => '가나다라 '.repeat(index + 1).trim());

function hearing(options: ScriptedEarsOptions = {}, signal = quiet()) {
  const clock = createManualClock();
  const ears = new ScriptedEars({ hears: MANY, ...options, clock });
  const stream = openHearing(ears, 'ko', { clock, timers: clock }, signal);
  const seconds = () => ears.lengths.map((length) => length / UTTERANCE_SAMPLE_RATE);
  return { clock, ears, stream, seconds };
}

describe('openHearing with ears that take whole utterances', () => {
  it('hears the growing utterance again and again', async () => {
    const { clock, stream, seconds } = hearing();
    const partials = partialsOf(stream);
    await speak(stream, clock, 384);
    expect(seconds()).toEqual([]);
    await speak(stream, clock, 32);
    expect(seconds()).toEqual([0.416]);
    await speak(stream, clock, 320);
    expect(seconds()).toEqual([0.416, 0.736]);
    await speak(stream, clock, 640);
    expect(seconds()).toHaveLength(4);
    stream.close();
    expect(await partials).toEqual(MANY.slice(0, 4));
  });

  it('hears a short word in the pause after it, and once', async () => {
    const { clock, ears, stream } = hearing();
    await speak(stream, clock, 160);
    await speak(stream, clock, 96, 0);
    expect(ears.calls).toBe(0);
    await speak(stream, clock, 640, 0);
    expect(ears.calls).toBe(1);
    const heard = await stream.finish(quiet());
    expect([heard.text, ears.calls]).toEqual([MANY[0], 1]);
  });

  it('takes at the end what a pass heard that had all but silence', async () => {
    const { clock, ears, stream } = hearing();
    await speak(stream, clock, 960);
    await speak(stream, clock, 480, 0.000_3);
    const before = ears.calls;
    expect((await stream.finish(quiet())).text).toBe(MANY[before - 1]);
    expect(ears.calls).toBe(before);
  });

  it('hears the whole when more was said since', async () => {
    const { clock, stream, seconds } = hearing();
    await speak(stream, clock, 960);
    await stream.finish(quiet());
    expect(seconds().at(-1)).toBe(0.96);
  });

  it('takes soft words at the end for words, not for silence', async () => {
    const { clock, stream, seconds } = hearing();
    await speak(stream, clock, 640);
    // 22 dB less than the rest.
    await speak(stream, clock, 96, 0.024);
    await stream.finish(quiet());
    expect(seconds().at(-1)).toBe(0.736);
  });

  it('knows the pause in a noisy room', async () => {
    const { clock, ears, stream } = hearing();
    const random = seededRandom(1);
    const noise = () => (random() - 0.5) * 0.011;
    const say = async (ms: number, amplitude: number) => {
      for (let at = 0; at < ms; at += FRAME_MS) {
        stream.push(tone(FRAME_MS, amplitude).map((sample) => sample + noise()));
        clock.advance(FRAME_MS);
        await settle();
      }
    };
    // The noise is at -50 dB, the voice 30 dB above it.
    await say(320, 0);
    await say(640, 0.14);
    await say(320, 0);
    const before = ears.calls;
    expect((await stream.finish(quiet())).text).toBe(MANY[before - 1]);
    expect(ears.calls).toBe(before);
  });

  it('does not take a click for how loud the speech is', async () => {
    const { clock, stream, seconds } = hearing();
    await speak(stream, clock, 32, 1);
    await speak(stream, clock, 640, 0.01);
    await speak(stream, clock, 64, 0.01);
    await stream.finish(quiet());
    expect(seconds().at(-1)).toBe(0.736);
  });

  it('waits for the pass that has it all instead of asking again', async () => {
    const { clock, ears, stream } = hearing({ otherwise: { do: 'answer-after', ms: 200 } });
    await speak(stream, clock, 192);
    await speak(stream, clock, 128, 0);
    expect(ears.running).toBe(1);
    const finishing = stream.finish(quiet());
    await settle();
    clock.advance(200);
    expect((await finishing).text).toBe(MANY[0]);
    expect([ears.calls, clock.sleepers]).toEqual([1, 0]);
  });

  it('calls off a pass that lacks the end, and asks for the whole', async () => {
    const script: Step[] = [{ do: 'hang' }];
    const { clock, ears, stream, seconds } = hearing({ script });
    await speak(stream, clock, 640);
    expect(ears.running).toBe(1);
    expect((await stream.finish(quiet())).text).toBe(MANY[0]);
    expect([seconds(), ears.running]).toEqual([[0.416, 0.64], 0]);
  });

  it('does not wait for ever for a pass that has it all', async () => {
    const { clock, ears, stream } = hearing({ script: [{ do: 'hang-deaf' }] });
    await speak(stream, clock, 192);
    await speak(stream, clock, 128, 0);
    const finishing = stream.finish(quiet());
    await settle();
    expect(ears.calls).toBe(1);
    clock.advance(3_000);
    expect((await finishing).text).toBe(MANY[0]);
    expect([ears.calls, clock.sleepers]).toEqual([2, 0]);
  });

  it('skips passes with ears that are slow, and never runs two', async () => {
    const { clock, ears, stream } = hearing({ otherwise: { do: 'answer-after', ms: 500 } });
    for (let at = 0; at < 6_000; at += FRAME_MS) {
      stream.push(tone(FRAME_MS));
      clock.advance(FRAME_MS);
      await settle();
      expect(ears.running).toBeLessThanOrEqual(1);
    }
    // Half of the time at most is theirs, where quick ones would be asked 19 times.
    expect(ears.calls).toBeGreaterThan(3);
    expect(ears.calls).toBeLessThanOrEqual(6);
    stream.close();
    await settle();
    expect([ears.running, clock.sleepers]).toEqual([0, 0]);
  });

  it('asks less often where each time costs money', async () => {
    const { clock, stream, ears } = hearing();
    Object.assign(ears.info, { cost: 'paid' });
    const paid = openHearing(ears, 'ko', { clock, timers: clock }, quiet());
    await speak(paid, clock, 8_000);
    expect(ears.calls).toBeLessThanOrEqual(8);
    stream.close();
    paid.close();
  });

  it('begins no pass in silence', async () => {
    const { clock, ears, stream } = hearing();
    await speak(stream, clock, 2_000, 0.000_3);
    expect(ears.calls).toBe(0);
    expect((await stream.finish(quiet())).text).toBe('');
  });

  it('does not mind passes that fail, and leaves ears in peace that fail again and again', async () => {
    const fail: Step = { do: 'fail', kind: 'failed' };
    const one = hearing({ script: [fail] });
    await speak(one.stream, one.clock, 960);
    expect(one.ears.calls).toBe(2);
    expect((await one.stream.finish(quiet())).text).toBe(MANY[1]);

    const two = hearing({ script: [fail, fail] });
    await speak(two.stream, two.clock, 4_000);
    expect(two.ears.calls).toBe(2);
    expect((await two.stream.finish(quiet())).text).toBe(MANY[0]);

    const all = hearing({ otherwise: { do: 'fail', kind: 'rate_limited' } });
    await speak(all.stream, all.clock, 960);
    expect((await providerErrorOf(all.stream.finish(quiet()))).kind).toBe('rate_limited');
  });

  it('asks nobody about nothing', async () => {
    const { ears, stream } = hearing();
    expect(await stream.finish(quiet())).toEqual({
      text: '',
      language: 'ko',
      confidence: null,
      provider: 'fake_ears',
    });
    expect(ears.calls).toBe(0);
  });

  it('leaves no pass, timer or listener behind when it is called off', async () => {
    for (const step of [
      { do: 'hang' },
      { do: 'hang-deaf' },
      { do: 'answer-after', ms: 50 },
    ] satisfies Step[]) {
      const controller = new AbortController();
      const { clock, ears, stream } = hearing({ otherwise: step }, controller.signal);
      const partials = partialsOf(stream);
      await speak(stream, clock, 192);
      await speak(stream, clock, 128, 0);
      const own = new AbortController();
      const finishing = stream.finish(own.signal);
      controller.abort();
      await expect(finishing).rejects.toMatchObject({ name: 'AbortError' });
      expect(await partials).toEqual([]);
      await settle();
      expect(clock.sleepers).toBe(0);
      expect([listenersOn(controller.signal), listenersOn(own.signal)]).toEqual([0, 0]);
      if (step.do !== 'hang-deaf') expect(ears.running).toBe(0);
    }
  });

  it('says nothing after it is closed', async () => {
    const { clock, stream } = hearing({ otherwise: { do: 'answer-after', ms: 100 } });
    const partials = partialsOf(stream);
    await speak(stream, clock, 448);
    stream.close();
    clock.advance(1_000);
    expect(await partials).toEqual([]);
    expect(thrownBy(() => stream.push(tone(32)))).toMatchObject({ kind: 'invalid_input' });
  });
});

describe('openHearing with ears that stream', () => {
  const streaming = (ears: ScriptedStreamingEars, clock: ManualClock) =>
    openHearing(ears, 'ko', { clock, timers: clock }, quiet());

  it('lets them', async () => {
    const clock = createManualClock();
    const ears = new ScriptedStreamingEars({ clock, hears: ['콜라'] });
    const stream = streaming(ears, clock);
    await speak(stream, clock, 960);
    expect([ears.open, ears.calls]).toEqual([1, 0]);
    expect((await stream.finish(quiet())).text).toBe('콜라');
    expect([ears.open, ears.calls]).toEqual([0, 1]);
  });

  it('goes on in passes when their stream fails, with all that was said', async () => {
    const clock = createManualClock();
    const ears = new ScriptedStreamingEars({ clock, hears: MANY });
    ears.breaksAtPush = 10;
    const stream = streaming(ears, clock);
    const partials = partialsOf(stream);
    await speak(stream, clock, 640);
    expect(ears.lengths.map((length) => length / 16)).toEqual([416]);
    await speak(stream, clock, 320);
    expect(ears.lengths.at(-1)! / 16).toBeGreaterThan(700);
    expect((await stream.finish(quiet())).text).toBe(MANY[2]);
    expect(ears.lengths.at(-1)! / 16).toBe(960);
    expect((await partials).slice(-2)).toEqual(MANY.slice(0, 2));
  });

  it('hears in passes with ears that can not stream just now', async () => {
    const clock = createManualClock();
    const ears = Object.assign(new ScriptedEars({ hears: MANY, clock }), { openStream: () => null });
    const stream = openHearing(ears, 'ko', { clock, timers: clock }, quiet());
    const partials = partialsOf(stream);
    await speak(stream, clock, 448);
    expect(ears.calls).toBe(1);
    expect((await stream.finish(quiet())).text).toBe(MANY[1]);
    expect(await partials).toEqual([MANY[0]]);
  });

  it('goes on in passes where a stream tells no more on the way', async () => {
    const clock = createManualClock();
    const [first, better] = [
      new ScriptedStreamingEars({ id: 'fake_first', clock, otherwise: { do: 'fail', kind: 'unavailable' } }),
      new ScriptedEars({ id: 'fake_better', clock, hears: MANY }),
    ];
    first.breaksAtPush = 10;
    const worse = new ScriptedStreamingEars({ id: 'fake_worse', clock });
    const chain = createSpeechToTextChain([first, better, worse], { clock, timers: clock });
    const stream = openHearing(chain, 'ko', { clock, timers: clock }, quiet());
    const partials = partialsOf(stream);
    await speak(stream, clock, 1_280);
    expect(better.calls).toBeGreaterThan(1);
    expect(await stream.finish(quiet())).toMatchObject({ provider: 'fake_better' });
    expect(better.lengths.at(-1)).toBe(samplesOf(1_280));
    expect(worse.calls).toBe(0);
    expect(await partials).toEqual(expect.arrayContaining(['아', MANY[0], MANY[1]]));
  });

  it('hears in passes what a stream says nothing about, and finishes with them', async () => {
    const clock = createManualClock();
    const ears = new ScriptedEars({ hears: MANY, clock });
    let hasFinished = false;
    const silent: HearingStream = {
      push: () => {},
      partials: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
      finish: (signal) => {
        hasFinished = true;
        return ears.transcribe({ samples: tone(100), language: 'ko' }, signal);
      },
      close: () => {},
    };
    const both = Object.assign(ears, { openStream: () => silent });
    const short = openHearing(both, 'ko', { clock, timers: clock }, quiet());
    await speak(short, clock, 960);
    expect(ears.calls).toBe(0);
    await short.finish(quiet());
    expect([hasFinished, ears.calls]).toEqual([true, 1]);

    hasFinished = false;
    const long = openHearing(both, 'ko', { clock, timers: clock }, quiet());
    const partials = partialsOf(long);
    await speak(long, clock, 1_440);
    await speak(long, clock, 192, 0);
    const before = ears.calls;
    expect(before).toBeGreaterThan(1);
    expect((await long.finish(quiet())).text).toBe(MANY[before - 1]);
    expect([hasFinished, ears.calls]).toEqual([false, before]);
    expect(await partials).toContain(MANY[1]);
  });

  it('hears the whole when their end fails', async () => {
    const clock = createManualClock();
    const ears = new ScriptedStreamingEars({
      clock,
      script: [{ do: 'fail', kind: 'failed' }],
      hears: ['콜라'],
    });
    const stream = streaming(ears, clock);
    await speak(stream, clock, 640);
    expect((await stream.finish(quiet())).text).toBe('콜라');
    expect(ears.lengths).toEqual([samplesOf(640), samplesOf(640)]);
    expect(ears.open).toBe(0);
  });
});

/** Ears whose stream is ours over theirs, to be held to the contract of all streams. */
function throughOpenHearing(ears: ScriptedEars) {
  const clock = createManualClock();
  const provider: SpeechToText = {
    kind: 'stt',
    info: ears.info,
    availability: () => ears.availability(),
    transcribe: (utterance, signal) => ears.transcribe(utterance, signal),
    openStream: (language, signal) => openHearing(ears, language, { clock, timers: clock }, signal),
    close: () => ears.close(),
  };
  return Promise.resolve({ provider, end: () => Promise.resolve() });
}

hearingStreamSuite('openHearing in passes', {
  make: () => throughOpenHearing(new ScriptedEars({ hears: MANY })),
  speech: () => Promise.resolve(tone(1_200)),
  language: 'ko',
  hears: /가나다라/,
  isDeterministic: false,
});

hearingStreamSuite('openHearing over a stream', {
  make: () => throughOpenHearing(new ScriptedStreamingEars({ hears: MANY })),
  speech: () => Promise.resolve(tone(1_200)),
  language: 'ko',
  hears: /가나다라/,
  isDeterministic: false,
});
