import { childOf } from '../../lib/abort.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import type { ProviderInfo } from '../../providers/spec/provider.ts';
import type { HearingStream, SpeechToText } from '../../providers/spec/stt.ts';
import { breakdown, noFaults, refusal, SLOW_MS, type FaultSource } from './simulated-faults.ts';
import type { SimulatedRoom } from './simulated-room.ts';

export interface SimulatedEarsOptions {
  readonly clock: ManualClock;
  readonly room: Pick<SimulatedRoom, 'wordsBetween' | 'momentOf'>;
  readonly language?: string;
  /** Time from the sound of a word until the ears know it; 120 ms. */
  readonly wordDelayMs?: number;
  /** Time that the end of an utterance takes; 60 ms. */
  readonly finishMs?: number;
  /** False for ears that take whole utterances only; true. */
  readonly streams?: boolean;
  /** True for ears that guess at words of which they heard half; false. */
  readonly guesses?: boolean;
  readonly faults?: FaultSource;
  /** Told of all that they know of an utterance, each time it changes. */
  readonly onKnown?: (text: string) => void;
}

/** Words on the edge of what was recorded. */
const EDGE_MS = 40;
const RATE_PER_MS = 16;

const info: ProviderInfo = {
  id: 'fake_ears',
  name: 'Simulated ears',
  cost: 'free',
  local: false,
  standIn: true,
  languages: [],
  needs: '',
};

/** Ears that hear what is said in a room, in the sound that they get, as real ones would: late, and word by word. */
export function createSimulatedEars(options: SimulatedEarsOptions): SpeechToText {
  const { clock, room, language = 'ko', wordDelayMs = 120, finishMs = 60, streams = true } = options;
  const { guesses = false, faults = noFaults, onKnown = () => {} } = options;

  const wordsIn = (fromMs: number, toMs: number, gaps: Gaps) =>
    room
      .wordsBetween(fromMs - EDGE_MS, toMs + EDGE_MS)
      .filter(({ startMs, endMs }) => !gaps.isWithin((startMs + endMs) / 2))
      .map(({ text }) => text);
  const wordsSoFar = (fromMs: number, toMs: number, gaps: Gaps) => {
    const half = guesses ? room.wordsBetween(toMs, toMs + 600)[0] : undefined;
    const isHalfHeard =
      half !== undefined &&
      half.startMs + 200 < toMs &&
      half.text.length > 2 &&
      !gaps.isWithin(half.startMs + 100);
    return [
      ...wordsIn(fromMs, toMs, gaps),
      ...(isHalfHeard ? [half.text.slice(0, half.text.length >> 1)] : []),
    ].join(' ');
  };
  const transcription = (fromMs: number | null, lengthMs: number, gaps: Gaps) => {
    const text = fromMs === null ? '' : wordsIn(fromMs, fromMs + lengthMs, gaps).join(' ');
    onKnown(text);
    return { text, language, confidence: text === '' ? null : 0.9, provider: info.id };
  };
  const meet = async (signal: AbortSignal) => {
    const fault = faults();
    if (fault === 'fail') throw refusal(info.id);
    if (fault === 'deaf') await new Promise(() => {});
    if (fault === 'hang') await clock.sleep(3_600_000, signal);
    if (fault === 'slow') await clock.sleep(SLOW_MS, signal);
    await clock.sleep(finishMs, signal);
    if (fault === 'die') throw breakdown(info.id);
  };

  const openStream = (_language: string | null, signal: AbortSignal): HearingStream => {
    const partials = new BoundedQueue<string>(1_000);
    let fromMs: number | null = null;
    let heardMs = 0;
    const gaps = createGaps();
    let known = '';
    const callsOff = new Set<() => void>();
    const closing = new AbortController();
    const close = () => {
      closing.abort();
      for (const callOff of callsOff) callOff();
      callsOff.clear();
      partials.close();
      signal.removeEventListener('abort', close);
    };
    signal.addEventListener('abort', close, { once: true });
    return {
      push(samples) {
        fromMs ??= room.momentOf(samples);
        if (fromMs !== null) gaps.add(samples, fromMs + heardMs);
        heardMs += samples.length / RATE_PER_MS;
        if (fromMs === null) return;
        const now = wordsSoFar(fromMs, fromMs + heardMs, gaps);
        if (now === known) return;
        known = now;
        const callOff = clock.after(wordDelayMs, () => {
          callsOff.delete(callOff);
          onKnown(now);
          partials.tryPush(now);
        });
        callsOff.add(callOff);
      },
      partials,
      async finish(finishing) {
        const node = childOf(finishing);
        closing.signal.addEventListener('abort', () => node.abort(), { once: true });
        try {
          await meet(node.signal);
          return transcription(fromMs, heardMs, gaps);
        } finally {
          node.unlink();
          close();
        }
      },
      close,
    };
  };

  return {
    kind: 'stt',
    info,
    availability: () => ({ available: true }),
    async transcribe({ samples }, signal) {
      const fromMs = room.momentOf(samples);
      const lengthMs = samples.length / RATE_PER_MS;
      const gaps = createGaps();
      if (fromMs !== null) gaps.add(samples, fromMs);
      await meet(signal);
      return transcription(fromMs, lengthMs, gaps);
    },
    ...(streams ? { openStream } : {}),
  };
}

/** Where the sound of an utterance is digital silence. */
interface Gaps {
  add(samples: Float32Array, fromMs: number): void;
  isWithin(atMs: number): boolean;
}

const GAP_BLOCK = 160;

function createGaps(): Gaps {
  const starts: number[] = [];
  const lengthMs = GAP_BLOCK / RATE_PER_MS;
  return {
    add(samples, fromMs) {
      for (let at = 0; at + GAP_BLOCK <= samples.length; at += GAP_BLOCK) {
        let end = at;
        while (end < at + GAP_BLOCK && samples[end] === 0) end++;
        if (end === at + GAP_BLOCK) starts.push(fromMs + at / RATE_PER_MS);
      }
    },
    isWithin: (atMs) => starts.some((startMs) => startMs <= atMs && atMs <= startMs + lengthMs * 1.5),
  };
}
