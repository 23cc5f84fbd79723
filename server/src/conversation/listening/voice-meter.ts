import type { VoiceActivityDetector } from '../../providers/spec/vad.ts';
import { createEnergyGate } from './energy-gate.ts';
import { FRAME_MS, FRAME_SAMPLES, type VoiceFrame } from './voice-frame.ts';

/** Judges the sound of one open microphone, frame by frame. */
export interface VoiceMeter {
  /** Sound at 16,000 Hz, mono in [-1, 1], of any length. What is no number counts as 0, what lies beyond is clipped. */
  push(samples: Float32Array): void;
  /** Milliseconds of sound that were pushed and are not judged yet; what is short of a frame does not count. */
  readonly backlogMs: number;
  /** Nothing is emitted after it. Idempotent. */
  close(): void;
}

export interface VoiceMeterOptions {
  readonly detector: VoiceActivityDetector;
  /** Every frame of the sound, in order; called from within `push` where nothing has to be waited for. */
  readonly onFrame: (frame: VoiceFrame) => void;
  /** Once for every row of failures of the detector. The frames in it are judged by their energy. */
  readonly onTrouble: (error: unknown) => void;
}

const SPEECH_STARTS = 0.5;
const SPEECH_LASTS = 0.35;
/** So long after the last frame with speech every frame is asked about: 320 ms. */
const TAIL_FRAMES = 10;
/** The same after the last loud one, for the gap before a plosive of a word that is not known for one yet. */
const LOUD_TAIL_FRAMES = 4;
/** Below this the model is sure that there is no voice. */
const SURELY_NONE = 0.1;
/** Frames before a voice that the model hears first. It knows a voice by what was before. */
const CONTEXT_FRAMES = 4;
/**
 * After so many frames that it was not asked about the model forgets the voice that it heard: 192 ms. With one in its memory it
 * takes the next breath for more of it.
 */
const FORGOTTEN_FRAMES = 6;
/** Frames that wait for the detector; of more, the oldest are judged by their energy. 10 s. */
const MOST_WAITING = 312;
/** Who stands out of the room by so much is taken for a voice where nobody else can tell. */
const VOICE_BY_ENERGY_DB = 12;
const PROBABLY_VOICE = 0.6;

/** `open` until it is known, `none` where the model is sure that there is no voice, `room` where it was not asked. */
type Verdict = 'open' | 'speech' | 'unsure' | 'none' | 'room';

interface Waiting {
  /** Number of the frame, from 0. */
  readonly index: number;
  readonly samples: Float32Array;
  readonly levelDb: number;
  readonly byEnergy: number;
  /** Undefined until it is known. */
  probability: number | undefined;
}

/**
 * Cuts what is pushed into frames and judges them: those that hold nothing but the room by their energy, the others by the
 * detector.
 *
 * @throws {RangeError} for a detector with frames of another length.
 */
export function createVoiceMeter(
  { detector, onFrame, onTrouble }: VoiceMeterOptions,
  signal: AbortSignal,
): VoiceMeter {
  if (detector.frameSamples !== FRAME_SAMPLES) {
    throw new RangeError(
      `${detector.info.id} takes frames of ${detector.frameSamples} samples, not ${FRAME_SAMPLES}.`,
    );
  }
  let session = detector.open();
  const calls = new AbortController();
  const isClosed = () => calls.signal.aborted;
  const gate = createEnergyGate();
  const waiting: Waiting[] = [];
  /** Frames just before that nobody was asked about. */
  const context: Float32Array[] = [];
  /**
   * By number of the frame, the last few. Looked at {@link TAIL_FRAMES} later and not as soon as it is known, so that the same
   * sound is judged alike however long the detector takes.
   */
  const recent = Array.from({ length: TAIL_FRAMES }, () => ({ verdict: 'room' as Verdict, soundDb: 0 }));
  let frame = new Float32Array(FRAME_SAMPLES);
  let filled = 0;
  let frames = 0;
  let loudAt = -Infinity;
  let askedAt = 0;
  let hasHeardVoice = false;
  let isSpeech = false;
  let isTroubled = false;

  function take(samples: Float32Array): void {
    const index = frames++;
    const earlier = recent[index % TAIL_FRAMES]!;
    if (earlier.verdict === 'speech') gate.startOver();
    else if (earlier.verdict === 'none') gate.getUsedTo(earlier.soundDb);
    gate.measure(samples);
    const { levelDb, soundDb } = gate;
    if (gate.isLoud) loudAt = index;
    // Where it is not known even now, the detector is behind: to ask it more would not help it.
    const spoke = earlier.verdict === 'speech' || (earlier.verdict === 'open' && isSpeech);
    const isAsked = spoke || index - loudAt <= LOUD_TAIL_FRAMES;
    recent[index % TAIL_FRAMES] = { verdict: isAsked ? 'open' : 'room', soundDb };
    if (!isAsked) {
      context.push(samples);
      if (context.length > CONTEXT_FRAMES) context.shift();
      if (waiting.length === 0) emit(index, samples, levelDb, 0);
      else wait({ index, samples, levelDb, byEnergy: 0, probability: 0 });
      return;
    }
    if (hasHeardVoice && index - askedAt > FORGOTTEN_FRAMES && waiting.length === 0) {
      hasHeardVoice = false;
      session.close();
      session = detector.open();
    }
    askedAt = index;
    // Nobody waits for what the detector says of these: they were emitted as room.
    for (const before of context.splice(0)) session.accept(before, calls.signal).catch(() => {});
    const byEnergy = gate.overFloorDb >= VOICE_BY_ENERGY_DB ? PROBABLY_VOICE : 0;
    const entry: Waiting = { index, samples, levelDb, byEnergy, probability: undefined };
    wait(entry);
    session.accept(samples, calls.signal).then(
      (probability) => {
        isTroubled = false;
        answer(entry, probability);
      },
      (error: unknown) => {
        if (isClosed()) return;
        answer(entry, byEnergy);
        if (isTroubled) return;
        isTroubled = true;
        onTrouble(error);
      },
    );
  }

  function wait(entry: Waiting): void {
    waiting.push(entry);
    if (waiting.length <= MOST_WAITING) return;
    waiting[0]!.probability ??= waiting[0]!.byEnergy;
    emitKnown();
  }

  function answer(entry: Waiting, probability: number): void {
    entry.probability ??= probability;
    emitKnown();
  }

  function emitKnown(): void {
    while (waiting[0]?.probability !== undefined) {
      const { index, samples, levelDb, probability } = waiting.shift()!;
      emit(index, samples, levelDb, probability!);
    }
  }

  function emit(index: number, samples: Float32Array, levelDb: number, probability: number): void {
    isSpeech = probability >= (isSpeech ? SPEECH_LASTS : SPEECH_STARTS);
    hasHeardVoice ||= isSpeech;
    // One that is judged so late that its place is taken by another has nothing to say any more.
    const place = recent[index % TAIL_FRAMES]!;
    if (frames - index <= TAIL_FRAMES && place.verdict === 'open') place.verdict = verdictOf(probability);
    onFrame({ endMs: (index + 1) * FRAME_MS, levelDb, probability, isSpeech, samples });
  }

  function verdictOf(probability: number): Verdict {
    if (isSpeech) return 'speech';
    return probability < SURELY_NONE ? 'none' : 'unsure';
  }

  function close(): void {
    if (isClosed()) return;
    signal.removeEventListener('abort', close);
    waiting.length = 0;
    calls.abort();
    session.close();
  }

  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });

  return {
    push(samples) {
      for (let at = 0; at < samples.length && !isClosed();) {
        const count = Math.min(samples.length - at, FRAME_SAMPLES - filled);
        copyClipped(samples, at, frame, filled, count);
        at += count;
        filled += count;
        if (filled < FRAME_SAMPLES) return;
        const full = frame;
        frame = new Float32Array(FRAME_SAMPLES);
        filled = 0;
        take(full);
      }
    },
    get backlogMs() {
      return waiting.length * FRAME_MS;
    },
    close,
  };
}

function copyClipped(
  from: Float32Array,
  start: number,
  to: Float32Array,
  place: number,
  count: number,
): void {
  for (let index = 0; index < count; index++) {
    const sample = from[start + index]!;
    // What is no number is neither above nor below.
    to[place + index] = sample >= -1 && sample <= 1 ? sample : sample > 1 ? 1 : sample < -1 ? -1 : 0;
  }
}
