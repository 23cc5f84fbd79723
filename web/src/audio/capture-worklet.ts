/**
 * Runs in the audio thread: mixes to mono and posts blocks of 20 ms. It imports nothing, so that one small file of the
 * page's own origin is all that `addModule` needs.
 */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessorShape): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

interface AudioWorkletProcessorShape {
  process(inputs: readonly (readonly Float32Array[])[]): boolean;
}

class CaptureProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorShape {
  readonly #blockLength = Math.round(sampleRate / 50);
  #block = new Float32Array(this.#blockLength);
  #filled = 0;
  #open = true;

  constructor() {
    super();
    this.port.addEventListener('message', () => {
      this.#open = false;
    });
    this.port.start();
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channels = inputs[0] ?? [];
    const length = channels[0]?.length ?? 0;
    for (let index = 0; index < length; index++) {
      let sum = 0;
      for (const channel of channels) sum += channel[index]!;
      this.#block[this.#filled] = sum / channels.length;
      this.#filled += 1;
      if (this.#filled === this.#blockLength) this.#send();
    }
    return this.#open;
  }

  #send(): void {
    const block = this.#block;
    this.#block = new Float32Array(this.#blockLength);
    this.#filled = 0;
    this.port.postMessage(block, [block.buffer]);
  }
}

registerProcessor('malbeot-capture', CaptureProcessor);
