/** What is to be said, and how. */
export interface VoiceRequest {
  readonly text: string;
  readonly language: string;
  readonly voice?: string;
  /** The provider to ask first. */
  readonly provider?: string;
  /** 1 is normal; 0.25 to 4. */
  readonly speed?: number;
  /** 1 is normal; 0.5 to 2. */
  readonly pitch?: number;
  /** Factor on the amplitude at normal loudness; 1 is normal. */
  readonly volume?: number;
  /** `voi_…` of the custom voice to speak with. */
  readonly reference?: string;
}

/** A voice that is being made, known by an id nobody can guess. */
export interface StartedVoice {
  /** `vox_…`, for `/api/voice/tts/{file_id}`. */
  readonly fileId: string;
  /** The provider expected to speak. */
  readonly provider: string;
}

/** A finished voice file. */
export interface VoiceFile {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** Strong, quoted: as the `ETag` header wants it. */
  readonly etag: string;
  readonly provider: string;
}

export type VoiceFormat = 'wav' | 'mp3' | 'ogg';

/**
 * Spoken answers by id, over a content-addressed cache bounded in bytes. Ids live one hour; any process can make the sound
 * for an id that another one gave.
 */
export interface VoiceFiles {
  /** Gives an id and begins to make the sound. Null when no voice can run now, or voices are switched off. */
  start(request: VoiceRequest): Promise<StartedVoice | null>;
  /**
   * The sound, waited for at most `waitMs`. Null when the id is unknown or its hour is over.
   *
   * @throws {AppError} VOICE_NOT_READY when it is not ready in time, PROVIDER_UNAVAILABLE when no voice could speak it.
   */
  read(fileId: string, format: VoiceFormat, waitMs: number, signal: AbortSignal): Promise<VoiceFile | null>;
  /** Takes back every id and every sound of the custom voice `reference`: `read` answers null from here on. */
  forget(reference: string): Promise<void>;
  /** Deletes expired ids and, oldest first, sound beyond the cache's bytes; answers how much. */
  sweep(
    signal: AbortSignal,
  ): Promise<{ readonly ids: number; readonly files: number; readonly bytes: number }>;
  /** Ends what is being made. */
  close(): Promise<void>;
}
