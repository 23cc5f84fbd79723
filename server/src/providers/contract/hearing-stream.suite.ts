import { describe, expect, it } from 'vitest';

import { UTTERANCE_SAMPLE_RATE, type HearingStream, type SpeechToText } from '../spec/stt.ts';
import { listenersOn, providerErrorOf, quiet, withSubject, type Subject } from './provider.suite.ts';

export interface HearingStreamCase {
  /** Ears with `openStream` that can stream now. */
  readonly make: () => Promise<Subject<SpeechToText>>;
  /** An utterance of a second or more in which the ears hear words. */
  readonly speech: () => Promise<Float32Array>;
  readonly language: string;
  /** What is heard in it. */
  readonly hears: string | RegExp;
  /** True when the same sound is always heard alike, in one go or in pieces; ears that follow a script don't. */
  readonly isDeterministic: boolean;
  /**
   * Makes the stream fail once it is open, as far as it can be made to: a process killed, a connection cut. Resolves when the
   * next `push` or `finish` has to tell of it. Absent for a chain, which goes on with others.
   */
  readonly breakIt?: (provider: SpeechToText, stream: HearingStream) => Promise<void>;
}

/** A twentieth of a second, as a page sends it. */
const FRAME = 800;
const LONGEST_SECONDS = 120;

export function pushInFrames(stream: HearingStream, samples: Float32Array, frame = FRAME): void {
  for (let at = 0; at < samples.length; at += frame) stream.push(samples.subarray(at, at + frame));
}

/** All that a stream tells on the way, once it has ended. */
export async function partialsOf(stream: HearingStream): Promise<string[]> {
  const all: string[] = [];
  for await (const partial of stream.partials) all.push(partial);
  return all;
}

/** What `work` throws, at once and not in a promise; undefined when it throws nothing. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What all ears keep that hear while it is being said. */
export function hearingStreamSuite(
  name: string,
  { make, speech, language, hears, isDeterministic, breakIt }: HearingStreamCase,
): void {
  const open = (provider: SpeechToText, signal = quiet()) => {
    const stream = provider.openStream!(language, signal);
    if (stream === null) throw new Error('These ears take whole utterances only just now.');
    return stream;
  };

  describe(`${name} hearing while it is being said`, () => {
    it('tells what was heard so far, and at last the whole', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const signal = quiet();
        const stream = open(provider, signal);
        const partials: string[] = [];
        const reading = (async () => {
          for await (const partial of stream.partials) partials.push(partial);
        })();
        for (let time = 0; time < 2; time++) {
          const before = partials.length;
          pushInFrames(stream, samples);
          await expect.poll(() => partials.length, { timeout: 10_000 }).toBeGreaterThan(before);
        }
        const heard = await stream.finish(quiet());
        await reading;
        expect(heard.text).toMatch(hears);
        expect(heard.text).toBe(heard.text.normalize('NFC').trim());
        expect(heard.language).toMatch(/^[a-z]{2,3}$/);
        expect(heard.provider).toMatch(/^[a-z][a-z0-9_]*$/);
        for (const partial of partials) expect(partial).not.toBe('');
        partials.reduce((before, after) => {
          expect(after).not.toBe(before);
          return after;
        });
        expect(listenersOn(signal)).toBe(0);
      }));

    it.runIf(isDeterministic)('hears the same as in one go, however the sound is cut', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const whole = await provider.transcribe({ samples, language }, quiet());
        for (const frame of [160, 3_333, samples.length]) {
          const stream = open(provider);
          pushInFrames(stream, samples, frame);
          expect((await stream.finish(quiet())).text).toBe(whole.text);
        }
      }),
    );

    it.runIf(isDeterministic)('keeps none of the arrays that it is given', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const expected = await provider.transcribe({ samples, language }, quiet());
        const stream = open(provider);
        const frame = new Float32Array(FRAME);
        for (let at = 0; at < samples.length; at += FRAME) {
          const part = samples.subarray(at, at + FRAME);
          frame.set(part);
          stream.push(frame.subarray(0, part.length));
        }
        frame.fill(1);
        expect((await stream.finish(quiet())).text).toBe(expected.text);
      }),
    );

    it('hears nothing in silence, nor where nothing was said', () =>
      withSubject(make, async (provider) => {
        for (const length of [2 * UTTERANCE_SAMPLE_RATE, 0]) {
          const stream = open(provider);
          if (length > 0) stream.push(new Float32Array(length));
          expect((await stream.finish(quiet())).text).toBe('');
        }
      }));

    it('hears several at a time', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const streams = Array.from({ length: 6 }, () => open(provider));
        for (const stream of streams) pushInFrames(stream, samples);
        for (const heard of await Promise.all(streams.map((stream) => stream.finish(quiet())))) {
          expect(heard.text).not.toBe('');
        }
      }));

    it(`takes ${LONGEST_SECONDS} s and no more`, () =>
      withSubject(make, async (provider) => {
        const stream = open(provider);
        for (let minute = 0; minute < LONGEST_SECONDS / 60; minute++) {
          stream.push(new Float32Array(60 * UTTERANCE_SAMPLE_RATE));
        }
        expect(thrownBy(() => stream.push(new Float32Array(FRAME)))).toMatchObject({ kind: 'invalid_input' });
        expect((await stream.finish(quiet())).text).toBe('');
      }));

    it('refuses samples that are no numbers, and goes on', () =>
      withSubject(make, async (provider) => {
        const stream = open(provider);
        for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
          const error = thrownBy(() => stream.push(Float32Array.of(0, odd)));
          expect(error).toMatchObject({ name: 'ProviderError', kind: 'invalid_input' });
        }
        pushInFrames(stream, await speech());
        expect((await stream.finish(quiet())).text).not.toBe('');
      }));

    it('is over when it was finished', () =>
      withSubject(make, async (provider) => {
        const stream = open(provider);
        pushInFrames(stream, await speech());
        await stream.finish(quiet());
        expect(thrownBy(() => stream.push(new Float32Array(FRAME)))).toMatchObject({ kind: 'invalid_input' });
        expect(await partialsOf(stream)).toBeInstanceOf(Array);
        stream.close();
      }));

    it('leaves nothing behind when it is closed', () =>
      withSubject(make, async (provider) => {
        const signal = quiet();
        const stream = open(provider, signal);
        const partials = partialsOf(stream);
        pushInFrames(stream, await speech());
        stream.close();
        stream.close();
        await partials;
        expect(listenersOn(signal)).toBe(0);
        expect(thrownBy(() => stream.push(new Float32Array(FRAME)))).toMatchObject({ kind: 'invalid_input' });
        expect((await providerErrorOf(stream.finish(quiet()))).kind).toBe('invalid_input');
      }));

    it('ends when its signal aborts', () =>
      withSubject(make, async (provider) => {
        const controller = new AbortController();
        const stream = open(provider, controller.signal);
        const partials = partialsOf(stream);
        pushInFrames(stream, await speech());
        const finishing = stream.finish(quiet());
        controller.abort();
        await expect(finishing).rejects.toMatchObject({ name: 'AbortError' });
        expect(thrownBy(() => stream.push(new Float32Array(FRAME)))).toMatchObject({ name: 'AbortError' });
        await partials;
        expect(listenersOn(controller.signal)).toBe(0);
      }));

    it('is not opened for a signal that has aborted, or takes nothing', () =>
      withSubject(make, async (provider) => {
        const signal = AbortSignal.abort();
        const error = thrownBy(() => open(provider, signal).push(new Float32Array(FRAME)));
        expect(error).toMatchObject({ name: 'AbortError' });
        expect(listenersOn(signal)).toBe(0);
      }));

    it('is called off by the signal of finish, and the next one hears', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const own = quiet();
        const stream = open(provider, own);
        pushInFrames(stream, samples);
        const controller = new AbortController();
        const finishing = stream.finish(controller.signal);
        controller.abort();
        await expect(finishing).rejects.toMatchObject({ name: 'AbortError' });
        expect([listenersOn(controller.signal), listenersOn(own)]).toEqual([0, 0]);
        const next = open(provider);
        pushInFrames(next, samples);
        expect((await next.finish(quiet())).text).not.toBe('');
      }));

    it.runIf(breakIt !== undefined)('tells what went wrong, again and again, and the next one hears', () =>
      withSubject(make, async (provider) => {
        const samples = await speech();
        const signal = quiet();
        const stream = open(provider, signal);
        const partials = partialsOf(stream);
        pushInFrames(stream, samples);
        await breakIt!(provider, stream);
        const { kind } = await providerErrorOf(stream.finish(quiet()));
        expect(['unavailable', 'failed', 'timeout']).toContain(kind);
        expect(thrownBy(() => stream.push(new Float32Array(FRAME)))).toMatchObject({ kind });
        await partials;
        stream.close();
        expect(listenersOn(signal)).toBe(0);
        const next = open(provider);
        pushInFrames(next, samples);
        expect((await next.finish(quiet())).text).not.toBe('');
      }),
    );

    it('is not opened by ears that are closed', () =>
      withSubject(make, async (provider) => {
        await provider.close?.();
        const error = await providerErrorOf(
          Promise.resolve().then(async () => {
            const stream = provider.openStream!(language, quiet());
            if (stream === null) {
              return provider.transcribe({ samples: new Float32Array(FRAME), language }, quiet());
            }
            stream.push(new Float32Array(FRAME));
            return stream.finish(quiet());
          }),
        );
        expect(error.kind).toBe('unavailable');
      }));
  });
}
