/**
 * Runs in the audio thread: plays numbered sounds one after the other and tells how far the loudspeaker has come. It imports
 * nothing but types, so that one small file of the page's own origin is all that `addModule` needs.
 */
import type { PlaybackOrder, PlaybackReport } from './playback-messages.ts';

declare const sampleRate: number;
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessorShape): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

interface AudioWorkletProcessorShape {
  process(inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean;
}

interface Piece {
  readonly audioId: number;
  readonly samples: Float32Array;
}

/** Where a sound stands: this many of its samples. */
interface Place {
  readonly audioId: number;
  readonly position: number;
}

const framesIn = (ms: number) => Math.round((ms * sampleRate) / 1000);

const FADE_FRAMES = framesIn(15);
const REPORT_FRAMES = framesIn(100);
const FIRST_LEAD_FRAMES = framesIn(60);
const LONGEST_LEAD_FRAMES = framesIn(240);
/** More after a sound that ran dry, less after one that did not. */
const LEAD_UP_FRAMES = framesIn(40);
const LEAD_DOWN_FRAMES = framesIn(5);

class PlaybackProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorShape {
  #pieces: Piece[] = [];
  /** Samples taken from the first piece. */
  #taken = 0;
  #queued = 0;
  #endedId = -1;
  /** The sound that plays or played last, and how much of it was rendered. */
  #rendered: Place | null = null;
  /** What was rendered and is on its way to the loudspeaker, oldest first. */
  #underway: (Place & { readonly dueAt: number })[] = [];
  #heard: Place | null = null;
  #reported: Place | null = null;
  #reportedAt = 0;
  #latency = 0;
  #isWaiting = true;
  #waited = 0;
  #lead = FIRST_LEAD_FRAMES;
  #ranDry = false;
  #gain = 1;
  #gainTarget = 1;
  #gainStep = 0;
  /** The last of a stopped sound, already faded out. */
  #tail = new Float32Array(0);
  #tailTaken = 0;
  #open = true;

  constructor() {
    super();
    this.port.addEventListener('message', ({ data }: MessageEvent<PlaybackOrder>) => this.#obey(data));
    this.port.start();
  }

  process(_: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const output = outputs[0]?.[0];
    if (output === undefined) return this.#open;
    this.#render(output);
    this.#addTail(output);
    this.#notice();
    return this.#open || this.#tailTaken < this.#tail.length;
  }

  #obey(order: PlaybackOrder): void {
    switch (order.type) {
      case 'sound':
        this.#pieces.push(order);
        this.#queued += order.samples.length;
        return;
      case 'end':
        this.#endedId = order.audioId;
        return;
      case 'gain':
        this.#gainTarget = order.gain;
        this.#gainStep = (order.gain - this.#gain) / Math.max(1, framesIn(order.rampMs));
        return;
      case 'latency':
        this.#latency = framesIn(order.ms);
        return;
      case 'stop':
        return this.#stop();
      case 'close':
        this.#open = false;
    }
  }

  #render(output: Float32Array): void {
    if (this.#isWaiting && !this.#mayBegin(output.length)) return;
    let filled = 0;
    while (filled < output.length) {
      const piece = this.#pieces[0];
      if (piece === undefined) break;
      const before = this.#rendered?.audioId === piece.audioId ? this.#rendered.position : 0;
      if (before === 0) this.#beginSound();
      const count = Math.min(output.length - filled, piece.samples.length - this.#taken);
      for (let index = 0; index < count; index++) {
        this.#stepGain();
        output[filled + index] = piece.samples[this.#taken + index]! * this.#gain;
      }
      filled += count;
      this.#takeSamples(count);
      this.#rendered = { audioId: piece.audioId, position: before + count };
      this.#underway.push({ ...this.#rendered, dueAt: currentFrame + filled + this.#latency });
    }
    if (filled < output.length) this.#runOut();
  }

  /** A start is put off until a late piece would leave no gap, but never for long: the rest may be lost. */
  #mayBegin(frames: number): boolean {
    const last = this.#pieces.at(-1);
    if (last === undefined) return false;
    this.#waited += frames;
    const isWhole = last.audioId <= this.#endedId;
    if (!isWhole && this.#queued < this.#lead && this.#waited < 2 * this.#lead) return false;
    this.#isWaiting = false;
    this.#waited = 0;
    return true;
  }

  #beginSound(): void {
    if (!this.#ranDry) this.#lead = Math.max(FIRST_LEAD_FRAMES, this.#lead - LEAD_DOWN_FRAMES);
    this.#ranDry = false;
  }

  #runOut(): void {
    this.#isWaiting = true;
    if (this.#rendered === null || this.#rendered.audioId <= this.#endedId) return;
    this.#ranDry = true;
    this.#lead = Math.min(LONGEST_LEAD_FRAMES, this.#lead + LEAD_UP_FRAMES);
  }

  #takeSamples(count: number): void {
    this.#taken += count;
    this.#queued -= count;
    if (this.#taken < this.#pieces[0]!.samples.length) return;
    this.#pieces.shift();
    this.#taken = 0;
  }

  #stepGain(): void {
    if (this.#gain === this.#gainTarget) return;
    this.#gain += this.#gainStep;
    const isPast = this.#gainStep >= 0 ? this.#gain >= this.#gainTarget : this.#gain <= this.#gainTarget;
    if (isPast) this.#gain = this.#gainTarget;
  }

  /** What is rendered already will be heard; the next few milliseconds fade, and all the rest is dropped. */
  #stop(): void {
    const count = Math.min(FADE_FRAMES, this.#isWaiting ? 0 : this.#queued);
    const tail = new Float32Array(count);
    for (let index = 0; index < count; index++) {
      tail[index] = this.#pieces[0]!.samples[this.#taken]! * this.#gain * (1 - (index + 1) / count);
      this.#takeSamples(1);
    }
    this.#tail = tail;
    this.#tailTaken = 0;
    this.#pieces = [];
    this.#taken = 0;
    this.#queued = 0;
    this.#underway = [];
    this.#isWaiting = true;
    this.#waited = 0;
    this.#gain = 1;
    this.#gainTarget = 1;
    this.#heard = this.#rendered;
    this.#report(true);
    this.#rendered = null;
    this.#heard = null;
    this.#reported = null;
    this.#tell({ type: 'silent' });
  }

  #addTail(output: Float32Array): void {
    const count = Math.min(output.length, this.#tail.length - this.#tailTaken);
    for (let index = 0; index < count; index++) output[index]! += this.#tail[this.#tailTaken + index]!;
    this.#tailTaken += count;
  }

  /** Tells what has reached the loudspeaker by now. */
  #notice(): void {
    const { length } = this.#underway;
    while (this.#underway.length > 0 && this.#underway[0]!.dueAt <= currentFrame) {
      const { audioId, position } = this.#underway.shift()!;
      // The end of one sound is told before the beginning of the next.
      if (this.#heard !== null && this.#heard.audioId !== audioId) this.#report(true);
      this.#heard = { audioId, position };
    }
    if (length === 0) return;
    const isDone = this.#underway.length === 0 && this.#pieces.length === 0;
    if (isDone || currentFrame - this.#reportedAt >= REPORT_FRAMES) this.#report(isDone);
    if (isDone) this.#tell({ type: 'silent' });
  }

  #report(isLast: boolean): void {
    const heard = this.#heard;
    if (heard === null) return;
    if (this.#reported?.audioId === heard.audioId && this.#reported.position === heard.position) return;
    this.#reported = heard;
    this.#reportedAt = currentFrame;
    this.#tell({ type: 'played', audioId: heard.audioId, ms: (heard.position * 1000) / sampleRate, isLast });
  }

  #tell(report: PlaybackReport): void {
    this.port.postMessage(report);
  }
}

registerProcessor('malbeot-playback', PlaybackProcessor);
