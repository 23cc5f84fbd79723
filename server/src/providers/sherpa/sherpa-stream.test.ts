import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { makeStreamingZipformer } from '../../../fixtures/onnx/make-streaming-zipformer.ts';
import { makeWhisper } from '../../../fixtures/onnx/make-whisper.ts';
import { decodeWav } from '../../audio/wav.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { openSpeechHost } from '../../speech-host/open-speech-host.ts';
import { hearingStreamSuite, partialsOf, pushInFrames, thrownBy } from '../contract/hearing-stream.suite.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import type { HearingStream } from '../spec/stt.ts';
import type { HostEar } from './host-ear.ts';
import { createSherpaEars } from './sherpa-ears.ts';
import type { EarManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';

const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);

let host: ChildHost<SpeechHostRequest, SpeechHostPart>;
let folder: string;
let speech: Float32Array;
let model: EarManifest;

const newHost = () =>
  createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: openSpeechHost(),
    maxRunning: 2,
  });
const earsOf = (own = host) => createSherpaEars({ host: own, model, name: 'Random ears', languages: ['ko'] });

hearingStreamSuite('sherpa', {
  make: async () => ({ provider: earsOf(), end: async () => {} }),
  speech: async () => speech,
  language: 'ko',
  hears: /^\p{Script=Hangul}+( \p{Script=Hangul}+)+$/u,
  isDeterministic: true,
  breakIt: async () => {
    await vi.waitUntil(() => host.status().state === 'ready', { timeout: 20_000 });
    process.kill(host.status().pid!, 'SIGKILL');
  },
});

const opened = (ears: HostEar, signal = quiet()): HearingStream => ears.openStream!('ko', signal);

function repeated(times: number): Float32Array {
  const all = new Float32Array(speech.length * times);
  for (let time = 0; time < times; time++) all.set(speech, time * speech.length);
  return all;
}

beforeAll(async () => {
  host = newHost();
  folder = await mkdtemp(join(tmpdir(), 'sherpa-stream-'));
  ({ samples: speech } = decodeWav(await readFile(SAMPLE)));
  model = await makeStreamingZipformer(folder);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

describe('hearing while it is being said', () => {
  it('tells what was heard so far, and at last the whole', async () => {
    const stream = opened(earsOf());
    const partials: string[] = [];
    const read = (async () => {
      for await (const partial of stream.partials) partials.push(partial);
    })();
    for (let time = 0; time < 3; time++) {
      const before = partials.length;
      pushInFrames(stream, speech);
      await expect.poll(() => partials.length, { timeout: 10_000 }).toBeGreaterThan(before);
    }
    const heard = await stream.finish(quiet());
    await read;
    expect(partials.length).toBeGreaterThan(2);
    partials.reduce((before, after) => {
      expect(after.length).toBeGreaterThan(before.length);
      expect(after.startsWith(before)).toBe(true);
      return after;
    });
    expect(heard).toMatchObject({ language: 'ko', provider: 'sherpa', confidence: null });
    expect(heard.text).toBe(partials.at(-1));
    expect(heard.text).toMatch(/^\p{Script=Hangul}+( \p{Script=Hangul}+)+$/u);
  });

  it('hears nothing in silence, and nothing where nothing was said', async () => {
    for (const samples of [new Float32Array(32_000), new Float32Array(0)]) {
      const stream = opened(earsOf());
      const partials = partialsOf(stream);
      stream.push(samples);
      expect((await stream.finish(quiet())).text).toBe('');
      expect(await partials).toEqual([]);
    }
  });

  it('hears twelve at a time, each its own', async () => {
    const ears = earsOf();
    const streams = Array.from({ length: 12 }, () => opened(ears));
    streams.forEach((stream, index) => pushInFrames(stream, repeated((index % 3) + 1)));
    const heard = await Promise.all(streams.map((stream) => stream.finish(quiet())));
    for (const times of [1, 2, 3]) {
      const { text } = await ears.transcribe({ samples: repeated(times), language: 'ko' }, quiet());
      expect(heard.filter((_, index) => index % 3 === times - 1).map((one) => one.text)).toEqual(
        Array.from({ length: 4 }, () => text),
      );
    }
  });

  it('lets a short one through while a long one is heard', async () => {
    const ears = earsOf();
    const long = opened(ears);
    const order: string[] = [];
    pushInFrames(long, repeated(80));
    const longDone = long.finish(quiet()).then(() => order.push('long'));
    const short = opened(ears);
    pushInFrames(short, speech);
    await short.finish(quiet()).then(() => order.push('short'));
    await longDone;
    expect(order).toEqual(['short', 'long']);
  });

  it('is not there for models that take whole utterances', async () => {
    const whole = createSherpaEars({
      host,
      model: await makeWhisper(folder),
      name: 'Whisper',
      languages: ['ko'],
    });
    expect(whole.openStream).toBeUndefined();
  });
});

describe('a stream that is given up', () => {
  /** Nothing of it is left: the model can be given up, and with it the process. */
  async function expectNothingLeft(ears: HostEar, own: typeof host): Promise<void> {
    await ears.unload!();
    expect(own.status()).toMatchObject({ state: 'idle', running: 0, waiting: 0, pid: null });
  }

  it('leaves nothing behind when it is closed', async () => {
    const own = newHost();
    const signal = quiet();
    try {
      const ears = earsOf(own);
      const stream = opened(ears, signal);
      const partials = partialsOf(stream);
      pushInFrames(stream, repeated(20));
      stream.close();
      stream.close();
      expect(listenersOn(signal)).toBe(0);
      await partials;
      expect(thrownBy(() => stream.push(speech))).toMatchObject({ kind: 'invalid_input' });
      expect((await providerErrorOf(stream.finish(quiet()))).kind).toBe('invalid_input');
      await expectNothingLeft(ears, own);
    } finally {
      await own.close();
    }
  });

  it('leaves nothing behind when its signal aborts', async () => {
    const own = newHost();
    const controller = new AbortController();
    try {
      const ears = earsOf(own);
      const stream = opened(ears, controller.signal);
      pushInFrames(stream, repeated(20));
      const finishing = stream.finish(quiet());
      controller.abort();
      await expect(finishing).rejects.toMatchObject({ name: 'AbortError' });
      expect(thrownBy(() => stream.push(speech))).toMatchObject({ name: 'AbortError' });
      expect(listenersOn(controller.signal)).toBe(0);
      await partialsOf(stream);
      await expectNothingLeft(ears, own);
    } finally {
      await own.close();
    }
  });

  it('fails with unavailable when the ears are closed', async () => {
    const ears = earsOf();
    const stream = opened(ears);
    pushInFrames(stream, repeated(20));
    const finishing = providerErrorOf(stream.finish(quiet()));
    await ears.close!();
    expect((await finishing).kind).toBe('unavailable');
    expect(thrownBy(() => opened(ears))).toMatchObject({ kind: 'unavailable' });
  });

  it('fails with unavailable when the host died while nothing was asked of it', async () => {
    const own = newHost();
    try {
      const ears = earsOf(own);
      const stream = opened(ears);
      // One piece, and one answer to it: nothing is under way then.
      stream.push(speech.subarray(0, 16_000));
      await stream.partials[Symbol.asyncIterator]().next();
      process.kill(own.status().pid!, 'SIGKILL');
      await expect.poll(() => own.status().starts, { timeout: 10_000 }).toBe(2);
      await ears.preload!(quiet());
      pushInFrames(stream, speech);
      expect((await providerErrorOf(stream.finish(quiet()))).kind).toBe('unavailable');
    } finally {
      await own.close();
    }
  });
});
