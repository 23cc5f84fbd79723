import { childOf } from '../../lib/abort.ts';
import { within, type Timers } from '../../lib/timers.ts';
import type { Clock } from '../../lib/clock.ts';
import { UTTERANCE_SAMPLE_RATE, type SpeechToText, type Transcription } from '../../providers/spec/stt.ts';
import type { UtteranceSound } from './open-hearing-sound.ts';

export interface PassOptions {
  readonly ears: SpeechToText;
  readonly language: string | null;
  readonly sound: UtteranceSound;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly onHeard: (text: string) => void;
}

/** Hears a growing utterance again and again, one pass at a time. */
export interface Passes {
  /** More sound has come: begins a pass when one is due and none runs. */
  look(): void;
  /**
   * What a pass heard that had all of the sound but silence; waits for one that runs. Undefined when there is none, or it fails
   * or takes too long. No pass begins after it.
   *
   * @throws {AbortedError} when `signal` aborts.
   */
  whole(signal: AbortSignal): Promise<Transcription | undefined>;
  /** Calls off the pass that runs; the next `look` may begin another one. */
  rest(): void;
  /** Calls off the pass that runs; no other begins. */
  stop(): void;
}

interface Pass {
  /** Samples that it hears. */
  readonly samples: number;
  readonly heard: Promise<Transcription | undefined>;
  abort(): void;
}

const samplesOf = (ms: number) => (ms * UTTERANCE_SAMPLE_RATE) / 1000;

const FIRST_PASS_SAMPLES = samplesOf(400);
const NEXT_PASS_SAMPLES = samplesOf(300);
/** So much silence after a word: the ears know that it is over, and it may have been the last one. */
const PAUSE_SAMPLES = samplesOf(120);
/** A pass needs so much after the last sound to count as one that heard all. */
const MARGIN_SAMPLES = samplesOf(96);
/** Ears that take long get time for others: new sound for this many times what the last pass took. */
const REST_FACTOR = 2;
/** Where each pass costs money, the utterance has to have grown by this share. */
const PAID_GROWTH = 0.5;
/** Ears that fail so often in a row are left in peace until the end. */
const MOST_FAILURES = 2;
/** Nobody waits longer for a pass that runs when the utterance ends. */
const LONGEST_WAIT_MS = 3_000;

export function createPasses(
  { ears, language, sound, timers, clock, onHeard }: PassOptions,
  signal: AbortSignal,
): Passes {
  const growth = ears.info.cost === 'free' ? 0 : PAID_GROWTH;
  let running: Pass | undefined;
  /** Samples of the last pass that began. */
  let begun = 0;
  let last: { readonly samples: number; readonly heard: Transcription } | undefined;
  let restSamples = 0;
  let failures = 0;
  let isOver = false;

  const coversAll = (samples: number) =>
    samples === sound.length || samples >= sound.soundEnd + MARGIN_SAMPLES;

  const isDue = (): boolean => {
    if (isOver || running !== undefined || failures >= MOST_FAILURES) return false;
    // What is only silence has been heard already.
    if (sound.soundEnd === 0 || coversAll(begun)) return false;
    const isPause = sound.length - sound.soundEnd >= PAUSE_SAMPLES;
    if (begun === 0) return sound.length >= FIRST_PASS_SAMPLES || (isPause && sound.length > 0);
    if (isPause) return true;
    return sound.length - begun >= Math.max(NEXT_PASS_SAMPLES, restSamples, begun * growth);
  };

  const hear = async (samples: number, passSignal: AbortSignal): Promise<Transcription | undefined> => {
    const startedMs = clock.monotonicMs();
    try {
      const heard = await ears.transcribe({ samples: sound.copy(), language }, passSignal);
      failures = 0;
      if (passSignal.aborted) return undefined;
      last = { samples, heard };
      if (!isOver) onHeard(heard.text);
      return heard;
    } catch {
      // The whole is heard at the end; what is wrong with the ears shows there.
      failures += 1;
      return undefined;
    } finally {
      restSamples = samplesOf((clock.monotonicMs() - startedMs) * REST_FACTOR);
    }
  };

  const begin = () => {
    const node = childOf(signal);
    const samples = sound.length;
    begun = samples;
    const pass: Pass = {
      samples,
      heard: hear(samples, node.signal).finally(() => {
        node.unlink();
        if (running !== pass) return;
        running = undefined;
        look();
      }),
      abort() {
        node.abort();
        node.unlink();
        if (running === pass) running = undefined;
      },
    };
    running = pass;
  };

  const look = () => {
    if (isDue()) begin();
  };

  return {
    look,
    async whole(ending) {
      isOver = true;
      if (last !== undefined && coversAll(last.samples)) {
        running?.abort();
        return last.heard;
      }
      const pass = running;
      if (pass === undefined || !coversAll(pass.samples)) {
        pass?.abort();
        return undefined;
      }
      try {
        return await within(pass.heard, { limitMs: LONGEST_WAIT_MS, timers, signal: ending });
      } catch (error) {
        pass.abort();
        if (ending.aborted) throw error;
        return undefined;
      }
    },
    rest() {
      running?.abort();
    },
    stop() {
      isOver = true;
      running?.abort();
    },
  };
}
