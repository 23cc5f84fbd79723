/** Sound as it comes out of a file that is still coming in: mono. */
export interface DecodedPiece {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Hertz. */
  readonly sampleRate: number;
}

/** Decodes a file that comes in pieces, cut anywhere. */
export interface PieceDecoder {
  /** The sound that `bytes` complete. @throws when they are no such file. */
  push(bytes: Uint8Array): DecodedPiece | null;
  /** What is left when nothing more comes. */
  flush?(): DecodedPiece | null;
  /** Gives its memory back. */
  free?(): void;
}
