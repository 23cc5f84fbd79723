/** What the page tells the audio thread. */
export type PlaybackOrder =
  /** The next samples of a sound, in [-1, 1] at the rate of the context. */
  | { readonly type: 'sound'; readonly audioId: number; readonly samples: Float32Array<ArrayBuffer> }
  /** No more of this sound will come. */
  | { readonly type: 'end'; readonly audioId: number }
  | { readonly type: 'gain'; readonly gain: number; readonly rampMs: number }
  /** How long a rendered sample takes to the loudspeaker. */
  | { readonly type: 'latency'; readonly ms: number }
  | { readonly type: 'stop' }
  | { readonly type: 'close' };

/** What the audio thread tells the page. */
export type PlaybackReport =
  /** The loudspeaker has said this much of the sound; `isLast` when nothing more of it is on its way. */
  | { readonly type: 'played'; readonly audioId: number; readonly ms: number; readonly isLast: boolean }
  /** All that came was heard, or was stopped. */
  | { readonly type: 'silent' };
