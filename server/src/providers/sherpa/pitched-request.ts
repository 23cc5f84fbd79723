import type { SynthesizeRequest } from './speech-host-protocol.ts';

/** A sentence to be spoken higher or lower than the model speaks it. */
export interface PitchedRequest extends SynthesizeRequest {
  /** 1 is normal. The sound gets shorter by the same factor: `speed` has to make up for it. */
  readonly pitch?: number;
}
