/** Why there is no sound to be had. */
export type AudioErrorKind =
  /** No microphone is connected. */
  | 'no-microphone'
  /** The person or the browser said no. */
  | 'permission-refused'
  /** Another program holds the microphone. */
  | 'device-busy'
  /** The microphone went away while it was in use. */
  | 'device-lost'
  /** The page came over plain HTTP, where browsers give no microphone. */
  | 'insecure-context'
  /** The browser can't do it at all. */
  | 'unsupported'
  /** The sound can't be decoded. */
  | 'bad-sound';

/** `kind` decides what the page says; `message` is for the console. */
export class AudioError extends Error {
  override readonly name = 'AudioError';
  readonly kind: AudioErrorKind;

  constructor(kind: AudioErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

/** What `getUserMedia` throws, in our words. */
export function microphoneError(cause: unknown): AudioError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  switch (name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new AudioError('no-microphone', 'No microphone was found.', cause);
    case 'NotAllowedError':
    case 'SecurityError':
      return new AudioError('permission-refused', 'The microphone was not allowed.', cause);
    case 'NotReadableError':
    case 'AbortError':
      return new AudioError('device-busy', 'The microphone could not be started.', cause);
    default:
      return new AudioError('unsupported', 'The browser gave no microphone.', cause);
  }
}
