import type { Page } from 'playwright-core';

/** One sound that the page sent to its speakers. */
export interface Sounded {
  readonly kind: 'sound' | 'tone';
  /** Of the sound itself; 0 for a tone that the page makes. */
  readonly durationMs: number;
  /** RMS of the sound itself, 0 to 1; 1 for a tone. */
  readonly level: number;
  readonly ended: boolean;
}

declare global {
  // Only `var` makes a property of the global object.
  var soundedByPage: Sounded[];
}

/**
 * Notes every sound that the page starts, and plays it `speed` times as fast as it is (1 when absent). Call it before the page
 * is opened.
 */
export async function watchPlayback(page: Page, speed = 1): Promise<void> {
  await page.addInitScript(installWatch, speed);
}

/** The sounds that the page started so far, oldest first. */
export function sounded(page: Page): Promise<Sounded[]> {
  return page.evaluate(() => globalThis.soundedByPage);
}

/** Runs in the page: it may use nothing from this module. */
function installWatch(speed: number): void {
  globalThis.soundedByPage = [];
  // The microphone of the tests plays too; only what is heard through the speakers counts.
  const toSpeakers = new WeakSet<AudioNode>();
  // oxlint-disable-next-line typescript/unbound-method -- called with its node as `this` below
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...rest: unknown[]) => unknown;
  const forward = new WeakMap<AudioNode, AudioNode[]>();
  AudioNode.prototype.connect = function (this: AudioNode, ...rest: unknown[]) {
    const [target] = rest;
    if (target instanceof AudioDestinationNode) toSpeakers.add(this);
    if (target instanceof AudioNode) forward.set(this, [...(forward.get(this) ?? []), target]);
    return connect.apply(this, rest);
  } as typeof AudioNode.prototype.connect;
  const isHeard = (node: AudioNode): boolean =>
    toSpeakers.has(node) || (forward.get(node) ?? []).some(isHeard);

  const note = (source: AudioScheduledSourceNode, what: Pick<Sounded, 'kind' | 'durationMs' | 'level'>) => {
    const entry = { ...what, ended: false };
    globalThis.soundedByPage.push(entry);
    source.addEventListener('ended', () => {
      entry.ended = true;
    });
  };
  // oxlint-disable-next-line typescript/unbound-method -- called with its source as `this` below
  const startSound = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...rest) {
    if (isHeard(this) && this.buffer !== null) {
      this.playbackRate.value = speed;
      const samples = this.buffer.getChannelData(0);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const level = Math.sqrt(sum / samples.length);
      note(this, { kind: 'sound', durationMs: this.buffer.duration * 1000, level });
    }
    startSound.apply(this, rest);
  };
  // oxlint-disable-next-line typescript/unbound-method -- called with its source as `this` below
  const startTone = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, ...rest) {
    if (isHeard(this)) note(this, { kind: 'tone', durationMs: 0, level: 1 });
    startTone.apply(this, rest);
  };
}
