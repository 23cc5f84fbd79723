import { AbortedError } from '../../lib/abort.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import type { HearingStream, SpeechToText } from '../../providers/spec/stt.ts';
import type { SimulatedPerson } from './simulated-person.ts';

export interface SimulatedEarsOptions {
  readonly clock: ManualClock;
  readonly person: SimulatedPerson;
  /** Time from the end of a word until the ears know it; 120 ms. */
  readonly wordDelayMs?: number;
  /** Time that the end of an utterance takes; 60 ms. */
  readonly finishMs?: number;
  /** False for ears that take whole utterances only; true. */
  readonly streams?: boolean;
  /** Throws instead of hearing, where it gives an error. */
  readonly failure?: () => Error | null;
}

/** What was said so shortly before the ears were opened still reaches them, by what the microphone kept. */
const KEPT_MS = 400;

/** Ears that hear what the person says, as real ones would: late, and word by word. */
export function createSimulatedEars(options: SimulatedEarsOptions): SpeechToText {
  const { clock, person, wordDelayMs = 120, finishMs = 60, streams = true, failure = () => null } = options;
  const provider = 'fake_ears';
  const said = (fromMs: number, toMs: number) =>
    person
      .wordsBetween(fromMs, toMs)
      .map(({ text }) => text)
      .join(' ');
  const transcription = (text: string) => ({
    text,
    language: 'ko',
    confidence: text === '' ? null : 0.9,
    provider,
  });
  const refuse = () => {
    const error = failure();
    if (error !== null) throw error;
  };

  const openStream = (_language: string | null, signal: AbortSignal): HearingStream => {
    const fromMs = clock.monotonicMs() - KEPT_MS;
    const partials = new BoundedQueue<string>(1_000);
    let known = '';
    let callOff = () => {};
    const look = () => {
      const now = said(fromMs, clock.monotonicMs() - wordDelayMs);
      if (now !== known) partials.tryPush((known = now));
      callOff = clock.after(20, look);
    };
    look();
    const close = () => {
      callOff();
      partials.close();
      signal.removeEventListener('abort', close);
    };
    signal.addEventListener('abort', close, { once: true });
    return {
      push: () => {},
      partials,
      async finish(finishing) {
        refuse();
        const text = said(fromMs, clock.monotonicMs());
        await clock.sleep(finishMs, finishing);
        if (signal.aborted) throw new AbortedError(signal.reason);
        close();
        return transcription(text);
      },
      close,
    };
  };

  return {
    kind: 'stt',
    info: {
      id: provider,
      name: 'Simulated ears',
      cost: 'free',
      local: true,
      standIn: true,
      languages: [],
      needs: '',
    },
    availability: () => ({ available: true }),
    async transcribe({ samples }, signal) {
      refuse();
      const toMs = clock.monotonicMs();
      const text = said(toMs - samples.length / 16 - 100, toMs);
      await clock.sleep(finishMs, signal);
      return transcription(text);
    },
    ...(streams ? { openStream } : {}),
  };
}
