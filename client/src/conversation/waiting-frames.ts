/** Frames of the microphone while there is no connection: the last seconds of them. */
export interface WaitingFrames {
  add(frame: Uint8Array<ArrayBuffer>, ms: number): void;
  /** All of them, oldest first; none is left. */
  take(): Uint8Array<ArrayBuffer>[];
}

/** Keeps `maxMs` of sound; what is older goes. */
export function createWaitingFrames(maxMs: number): WaitingFrames {
  let frames: { readonly frame: Uint8Array<ArrayBuffer>; readonly ms: number }[] = [];
  let keptMs = 0;
  return {
    add(frame, ms) {
      frames.push({ frame, ms });
      keptMs += ms;
      while (keptMs > maxMs) keptMs -= frames.shift()!.ms;
    },
    take() {
      const taken = frames.map(({ frame }) => frame);
      frames = [];
      keptMs = 0;
      return taken;
    },
  };
}
