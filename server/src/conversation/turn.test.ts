import { describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { ProviderError } from '../providers/spec/provider.ts';
import type { SpeechToText } from '../providers/spec/stt.ts';
import { createTurnSpan } from '../telemetry/turn-span.ts';
import type { Dialogue } from './dialogue.ts';
import type { Heard } from './heard.ts';
import { runTurn, type TurnEvent, type TurnSource } from './turn.ts';

interface Tap {
  readonly tapped: string;
}

function createEars(text: string | Error): SpeechToText {
  return {
    kind: 'stt',
    info: { id: 'ears', name: 'Ears', cost: 'free', local: true, standIn: true, languages: [], needs: '' },
    availability: () => ({ available: true }),
    transcribe: () =>
      text instanceof Error
        ? Promise.reject(text)
        : Promise.resolve({
            text,
            language: 'ko',
            confidence: 0.5,
            provider: 'ears',
            skipped: [{ provider: 'deaf', reason: 'timeout' }],
          }),
  };
}

function createEcho() {
  const inputs: (Heard | Tap)[] = [];
  let closed = 0;
  const dialogue: Dialogue<Heard | Tap> = {
    mind: 'echo',
    async *respond(input) {
      inputs.push(input);
      try {
        await Promise.resolve();
        yield { type: 'text-delta', text: 'one' };
        yield { type: 'text-delta', text: 'two' };
      } finally {
        closed++;
      }
    },
  };
  return { dialogue, inputs, closed: () => closed };
}

const context = { sessionId: 'ses', turnId: 'trn', language: 'ko', state: null };
const sound: TurnSource<Tap> = {
  type: 'audio',
  utterance: { samples: new Float32Array(16), language: 'ko' },
};

async function run(
  source: TurnSource<Tap>,
  ears: SpeechToText,
  echo = createEcho(),
  signal = new AbortController().signal,
) {
  const span = createTurnSpan(systemClock);
  const events: TurnEvent[] = [];
  for await (const event of runTurn(source, { ears, dialogue: echo.dialogue, span }, context, signal))
    events.push(event);
  return { events, echo, stages: Object.keys(span.stagesMs()) };
}

describe('runTurn', () => {
  it('hears, tells what was heard and by whom, then responds', async () => {
    const { events, echo, stages } = await run(sound, createEars('콜라 하나'));
    const heard = { text: '콜라 하나', language: 'ko', source: 'voice', confidence: 0.5 };
    expect(events).toEqual([
      { type: 'transcript', heard, provider: 'ears', skipped: [{ provider: 'deaf', reason: 'timeout' }] },
      { type: 'text-delta', text: 'one' },
      { type: 'text-delta', text: 'two' },
    ]);
    expect(echo.inputs).toEqual([heard]);
    expect(stages).toEqual(['ears', 'mind', 'total']);
  });

  it('takes words without ears, and taps as they are', async () => {
    const deaf = createEars(new Error('not to be asked'));
    const words = await run({ type: 'text', text: '콜라', language: 'ko', confidence: null }, deaf);
    expect(words.events[0]).toMatchObject({ type: 'transcript', provider: null });
    const tapped = await run({ type: 'tap', tap: { tapped: 'cola' } }, deaf);
    expect(tapped.echo.inputs).toEqual([{ tapped: 'cola' }]);
    expect(tapped.events.map(({ type }) => type)).toEqual(['text-delta', 'text-delta']);
  });

  it('asks nobody when no words were heard', async () => {
    const { events, echo } = await run(sound, createEars(''));
    expect(events).toMatchObject([{ type: 'no-speech', provider: 'ears' }]);
    expect(echo.inputs).toEqual([]);
  });

  it('passes on what the ears fail with', async () => {
    const failure = new ProviderError('unavailable', 'ears', 'Gone.');
    await expect(run(sound, createEars(failure))).rejects.toBe(failure);
  });

  it('stops the dialogue when aborted, and when nobody reads on', async () => {
    const stop = new AbortController();
    const echo = createEcho();
    const ports = { ears: createEars(''), dialogue: echo.dialogue, span: createTurnSpan(systemClock) };
    const tap: TurnSource<Tap> = { type: 'tap', tap: { tapped: 'x' } };
    const aborted = (async () => {
      for await (const _ of runTurn(tap, ports, context, stop.signal)) stop.abort();
    })();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    for await (const _ of runTurn(tap, ports, context, new AbortController().signal)) break;
    expect(echo.closed()).toBe(2);
    await expect(run(tap, createEars(''), echo, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
