/** The sound of a container, still compressed. */
export interface SoundTrack {
  /** `opus`, `vorbis`, `mp3`, `aac`, or whatever else the container calls it; null where it says nothing. */
  readonly codec: string | null;
  /** What the container says about the codec, in the codec's own form. */
  readonly description: Uint8Array | undefined;
  /** Packets in order. A file that was cut off or is damaged ends where it can not be read any more. */
  packets(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
