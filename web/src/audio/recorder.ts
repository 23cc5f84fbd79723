import type { AudioError } from './audio-error.ts';
import { createEndpointer, levelOf, type EndpointerOptions } from './endpointer.ts';
import { CAPTURE_RATE, openMicrophone, type Microphone } from './microphone.ts';
import { createRecording, createRingBuffer, type Recording } from './sample-buffer.ts';
import { encodeWav } from './wav.ts';

/**
 * - `closed`: the microphone is off.
 * - `opening`: the browser is being asked for it.
 * - `ready`: it is open; only the pre-roll is kept.
 * - `recording`: an utterance is being kept until `stop`.
 * - `full`: as `recording`, but the limit is reached and nothing more is kept.
 * - `listening`: hands-free, waiting for speech.
 * - `hearing`: hands-free, someone speaks.
 */
export type RecorderState = 'closed' | 'opening' | 'ready' | 'recording' | 'full' | 'listening' | 'hearing';

export interface RecorderOptions {
  /** RMS of the last 20 ms, 0 to 1, while the microphone is open. */
  readonly onLevel?: (level: number) => void;
  readonly onState?: (state: RecorderState) => void;
  /** Hands-free: one utterance, as `stop` gives it. */
  readonly onUtterance?: (wav: Blob) => void;
  /** The microphone went away; the state is `closed` by then. Errors of a call are thrown by that call. */
  readonly onError?: (error: AudioError) => void;
  /** Longest utterance. Default 60,000. */
  readonly maxMs?: number;
  /** Sound kept from before the start, so that no first syllable is lost. Default 300. */
  readonly preRollMs?: number;
  readonly endpointer?: EndpointerOptions;
}

/** Captures utterances as WAV, 16-bit PCM mono at 16 kHz. */
export interface Recorder {
  readonly state: RecorderState;
  /** Opens the microphone without keeping anything. @throws {AudioError} */
  open(): Promise<void>;
  /** Begins an utterance, opening the microphone if need be. @throws {AudioError} */
  start(): Promise<void>;
  /** Ends the utterance and gives it; without one, a WAV without samples. The microphone stays open. */
  stop(): Promise<Blob>;
  /** Drops the utterance or ends hands-free listening; the microphone stays open. */
  cancel(): void;
  /** Hands-free: each utterance goes to `onUtterance` until `cancel` or `close`. @throws {AudioError} */
  listen(): Promise<void>;
  /** Turns the microphone off. It can be opened again. */
  close(): void;
}

export function createRecorder(options: RecorderOptions = {}): Recorder {
  const { onLevel, onState, onUtterance, onError, maxMs = 60_000, preRollMs = 300 } = options;
  const { onsetMs = 100 } = options.endpointer ?? {};
  const preRoll = createRingBuffer(samplesIn(preRollMs));
  // Hands-free learns of speech only after its onset, which must not be lost either.
  const handsFreePreRoll = createRingBuffer(samplesIn(preRollMs + onsetMs));
  const endpointer = createEndpointer(options.endpointer);
  let state: RecorderState = 'closed';
  let microphone: Microphone | undefined;
  let opening: { readonly done: Promise<void>; readonly controller: AbortController } | undefined;
  let recording: Recording | undefined;
  /** Counts `start`, `listen` and what ends them, so that a button let go while the browser still asks starts nothing. */
  let intention = 0;

  function become(next: RecorderState): void {
    if (next === state) return;
    state = next;
    onState?.(next);
  }

  function onSamples(samples: Float32Array): void {
    const level = levelOf(samples);
    onLevel?.(level);
    switch (state) {
      case 'closed':
      case 'opening':
      case 'full':
        return;
      case 'ready':
        endpointer.learn(level);
        return preRoll.push(samples);
      case 'recording':
        recording?.push(samples);
        if (recording?.full === true) become('full');
        return;
      case 'listening':
        handsFreePreRoll.push(samples);
        if (endpointer.push(level) === 'speech-start') begin(handsFreePreRoll.take(), 'hearing');
        return;
      case 'hearing':
        recording?.push(samples);
        if (endpointer.push(level) === 'speech-end' || recording?.full === true) endUtterance();
    }
  }

  function begin(before: Float32Array, next: 'recording' | 'hearing'): void {
    recording = createRecording(samplesIn(maxMs));
    recording.push(before);
    become(next);
  }

  function endUtterance(): void {
    const wav = takeWav();
    endpointer.reset();
    become('listening');
    onUtterance?.(wav);
  }

  function takeWav(): Blob {
    const samples = recording?.join() ?? new Float32Array(0);
    recording = undefined;
    return new Blob([encodeWav(samples, CAPTURE_RATE)], { type: 'audio/wav' });
  }

  function drop(): void {
    recording = undefined;
    preRoll.clear();
    handsFreePreRoll.clear();
    endpointer.reset();
  }

  function open(): Promise<void> {
    if (microphone !== undefined) return Promise.resolve();
    opening ??= beginOpening();
    return opening.done;
  }

  function beginOpening() {
    const controller = new AbortController();
    become('opening');
    return { controller, done: finishOpening(controller.signal) };
  }

  async function finishOpening(signal: AbortSignal): Promise<void> {
    try {
      const opened = await openMicrophone({ onSamples, onLost, signal });
      if (signal.aborted) {
        opened.close();
        signal.throwIfAborted();
      }
      microphone = opened;
      opening = undefined;
      become('ready');
    } catch (error) {
      if (!signal.aborted) {
        opening = undefined;
        become('closed');
      }
      throw error;
    }
  }

  function onLost(error: AudioError): void {
    close();
    onError?.(error);
  }

  function close(): void {
    intention += 1;
    opening?.controller.abort();
    opening = undefined;
    microphone?.close();
    microphone = undefined;
    drop();
    become('closed');
  }

  return {
    get state() {
      return state;
    },
    open,
    async start() {
      intention += 1;
      const mine = intention;
      await open();
      if (mine !== intention || state === 'recording' || state === 'full') return;
      const before = preRoll.take();
      drop();
      begin(before, 'recording');
    },
    stop() {
      intention += 1;
      const wav = takeWav();
      if (microphone !== undefined) become('ready');
      return Promise.resolve(wav);
    },
    cancel() {
      intention += 1;
      drop();
      if (microphone !== undefined) become('ready');
    },
    async listen() {
      intention += 1;
      const mine = intention;
      await open();
      if (mine !== intention || state === 'listening' || state === 'hearing') return;
      // A button that turned out to be tapped and not held: what was said meanwhile still counts.
      const said = recording?.join() ?? new Float32Array(0);
      drop();
      handsFreePreRoll.push(said);
      become('listening');
    },
    close,
  };
}

function samplesIn(ms: number): number {
  return Math.round((ms * CAPTURE_RATE) / 1000);
}
