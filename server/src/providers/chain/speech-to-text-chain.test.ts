import { describe, expect, it } from 'vitest';

import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import { createManualClock } from '../fake/manual-clock.ts';
import { ScriptedEars } from '../fake/scripted-ears.ts';
import type { Attempt } from './members.ts';
import { createSpeechToTextChain } from './speech-to-text-chain.ts';

const samples = new Float32Array(16_000).fill(0.1);
const utterance = { samples, language: 'ko' };

const refusing = () =>
  new ScriptedEars({ id: 'fake_refusing', otherwise: { do: 'fail', kind: 'invalid_input' } });

for (const [name, before] of [
  ['a chain of one', () => []],
  ['a chain whose first ears take nothing', () => [refusing()]],
] as const) {
  speechToTextSuite(name, {
    make: async () => ({
      provider: createSpeechToTextChain([...before(), new ScriptedEars()]),
      end: async () => {},
    }),
    speech: async () => samples,
    language: 'ko',
    hears: '불고기버거 두 개 주세요',
  });
}

describe('a chain of ears', () => {
  it('moves on at once and says who was passed over', async () => {
    const broken = new ScriptedEars({ id: 'fake_a', otherwise: { do: 'fail', kind: 'failed' } });
    const absent = new ScriptedEars({ id: 'fake_b' });
    absent.setAvailability({ available: false, reason: 'No key.', action: 'Set KEY.' });
    const english = new ScriptedEars({ id: 'fake_c', languages: ['en'] });
    const chain = createSpeechToTextChain([broken, absent, english, new ScriptedEars({ id: 'fake_d' })]);
    expect(await chain.transcribe(utterance, quiet())).toMatchObject({
      provider: 'fake_d',
      skipped: [
        { provider: 'fake_a', reason: 'failed' },
        { provider: 'fake_b', reason: 'unavailable' },
        { provider: 'fake_c', reason: 'language' },
      ],
    });
    expect(absent.calls + english.calls).toBe(0);
  });

  it('opens after three failures, probes with one real call after 30 s and comes back', async () => {
    const clock = createManualClock();
    const first = new ScriptedEars({ id: 'fake_first', otherwise: { do: 'fail', kind: 'unavailable' } });
    const chain = createSpeechToTextChain([first, new ScriptedEars({ id: 'fake_second' })], { clock });
    for (let call = 0; call < 5; call++) await chain.transcribe(utterance, quiet());
    expect(first.calls).toBe(3);
    expect(chain.status().current).toBe('fake_second');
    expect(chain.status().providers[0]).toMatchObject({
      circuit: 'open',
      retryInMs: 30_000,
      lastError: { kind: 'unavailable' },
    });
    expect((await chain.transcribe(utterance, quiet())).skipped).toEqual([
      { provider: 'fake_first', reason: 'circuit open' },
    ]);

    clock.advance(30_000);
    first.behave({ do: 'answer' });
    const both = await Promise.all([
      chain.transcribe(utterance, quiet()),
      chain.transcribe(utterance, quiet()),
    ]);
    expect(both.map(({ provider }) => provider)).toEqual(['fake_first', 'fake_second']);
    expect((await chain.transcribe(utterance, quiet())).provider).toBe('fake_first');
    expect(chain.status().providers[0]).toMatchObject({
      circuit: 'closed',
      failuresInRow: 0,
      lastError: null,
    });
  });

  it('does not wait for ears that hang, even deaf to their signal', async () => {
    for (const hang of ['hang', 'hang-deaf'] as const) {
      const stuck = new ScriptedEars({ id: 'fake_stuck', otherwise: { do: hang } });
      const chain = createSpeechToTextChain([stuck, new ScriptedEars()], { limitMs: 20 });
      const signal = quiet();
      expect(await chain.transcribe(utterance, signal)).toMatchObject({
        provider: 'fake_ears',
        skipped: [{ provider: 'fake_stuck', reason: 'timeout' }],
      });
      expect(listenersOn(signal)).toBe(0);
    }
  });

  it('takes an abort for no failure: nobody else is asked and nothing is counted', async () => {
    const attempts: Attempt[] = [];
    const first = new ScriptedEars({ id: 'fake_first', otherwise: { do: 'hang' } });
    const second = new ScriptedEars({ id: 'fake_second' });
    const chain = createSpeechToTextChain([first, second], {
      onAttempt: (attempt) => attempts.push(attempt),
    });
    for (let call = 0; call < 4; call++) {
      const controller = new AbortController();
      const hearing = chain.transcribe(utterance, controller.signal);
      controller.abort();
      await expect(hearing).rejects.toMatchObject({ name: 'AbortError' });
    }
    expect(second.calls).toBe(0);
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  });

  it('takes an abort that nobody asked for as a failure', async () => {
    const error = Object.assign(new Error('socket hang up'), { name: 'AbortError' });
    const chain = createSpeechToTextChain([
      new ScriptedEars({ id: 'fake_odd', otherwise: { do: 'throw', error } }),
      new ScriptedEars(),
    ]);
    expect(await chain.transcribe(utterance, quiet())).toMatchObject({ provider: 'fake_ears' });
  });

  it('remembers how long a provider asked to be left alone', async () => {
    const clock = createManualClock();
    const limited = new ScriptedEars({
      id: 'fake_limited',
      script: [{ do: 'fail', kind: 'rate_limited', retryAfterMs: 60_000 }],
    });
    const chain = createSpeechToTextChain([limited, new ScriptedEars()], { clock });
    await chain.transcribe(utterance, quiet());
    await chain.transcribe(utterance, quiet());
    expect(limited.calls).toBe(1);
    clock.advance(60_000);
    expect((await chain.transcribe(utterance, quiet())).provider).toBe('fake_limited');
  });

  it('does not hold bad input against a provider', async () => {
    const chain = createSpeechToTextChain([
      new ScriptedEars({ id: 'fake_a' }),
      new ScriptedEars({ id: 'fake_b' }),
    ]);
    const bad = { samples: new Float32Array(16_000).fill(Number.NaN), language: 'ko' };
    for (let call = 0; call < 4; call++) {
      expect((await providerErrorOf(chain.transcribe(bad, quiet()))).kind).toBe('invalid_input');
    }
    expect((await chain.transcribe(utterance, quiet())).provider).toBe('fake_a');
  });

  it('names each provider and why when all fail', async () => {
    const absent = new ScriptedEars({ id: 'fake_absent' });
    absent.setAvailability({ available: false, reason: 'The model is missing.', action: 'Pull it.' });
    const chain = createSpeechToTextChain(
      [
        absent,
        new ScriptedEars({ id: 'fake_stuck', otherwise: { do: 'hang' } }),
        new ScriptedEars({ id: 'fake_en', languages: ['en'] }),
      ],
      { limitMs: 10 },
    );
    const error = await providerErrorOf(chain.transcribe(utterance, quiet()));
    expect(error).toMatchObject({ kind: 'timeout', provider: 'ears' });
    expect(error.message).toBe(
      'No provider of the chain "ears" could take this. fake_absent: The model is missing.; ' +
        'fake_stuck: no answer within 10 ms; fake_en: knows en, not ko.',
    );
  });

  it('says when it is worth trying again', async () => {
    const clock = createManualClock();
    const chain = createSpeechToTextChain([new ScriptedEars({ otherwise: { do: 'fail', kind: 'failed' } })], {
      clock,
    });
    for (let call = 0; call < 3; call++) await providerErrorOf(chain.transcribe(utterance, quiet()));
    clock.advance(10_000);
    const error = await providerErrorOf(chain.transcribe(utterance, quiet()));
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 20_000 });
    expect(chain.availability()).toMatchObject({ available: false });
  });

  it('is a stand-in as long as the ears in use are', () => {
    const real = new ScriptedEars({ id: 'fake_real' });
    Object.assign(real.info, { standIn: false });
    const chain = createSpeechToTextChain([real, new ScriptedEars()]);
    expect(chain.info.standIn).toBe(false);
    real.setAvailability({ available: false, reason: 'gone', action: 'none' });
    expect(chain.info.standIn).toBe(true);
    expect(chain.status().providers[0]).toMatchObject({ available: false, reason: 'gone', action: 'none' });
  });

  it('can be a part of a chain', async () => {
    const inner = createSpeechToTextChain(
      [
        new ScriptedEars({ id: 'fake_a', otherwise: { do: 'fail', kind: 'failed' } }),
        new ScriptedEars({ id: 'fake_b' }),
      ],
      { id: 'local' },
    );
    const outer = createSpeechToTextChain([
      new ScriptedEars({ id: 'fake_c', otherwise: { do: 'fail', kind: 'timeout' } }),
      inner,
    ]);
    expect(await outer.transcribe(utterance, quiet())).toMatchObject({
      provider: 'fake_b',
      skipped: [
        { provider: 'fake_c', reason: 'timeout' },
        { provider: 'fake_a', reason: 'failed' },
      ],
    });
  });

  it('needs one provider at least', () => {
    expect(() => createSpeechToTextChain([])).toThrow(RangeError);
  });
});
