import type { Heard } from '../providers/sherpa/speech-host-protocol.ts';

/** A loaded model that turns sound into text. */
export interface Recognizer {
  /** A whole utterance. `isCancelled` is asked where the work can be left off. */
  transcribe(
    samples: Float32Array,
    sampleRate: number,
    language: string | null,
    isCancelled: () => boolean,
  ): Promise<Heard>;
  /** Begins to hear while it is being said. Absent where the model takes whole utterances only. */
  open?(): OpenUtterance;
}

/** An utterance that is being said. Takes one call at a time. */
export interface OpenUtterance {
  /** Takes more sound and hears what it can of it. Returns all that was heard so far. */
  push(samples: Float32Array, sampleRate: number, isCancelled: () => boolean): Promise<string>;
  /** Hears the rest. */
  finish(isCancelled: () => boolean): Promise<Heard>;
}
