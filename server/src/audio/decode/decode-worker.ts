import { parentPort } from 'node:worker_threads';
import { AppError } from '../../errors/app-error.ts';
import { decodeCompressed, type CompressedKind, type Decompressed } from './decode-compressed.ts';

/** A request to this thread; it works on one at a time. */
export interface DecodeRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly kind: CompressedKind;
  readonly maxDurationMs: number;
}

export type DecodeAnswer =
  /** Once, when everything is loaded: time counts from here. */
  | { readonly type: 'ready' }
  | { readonly type: 'decoded'; readonly decoded: Decompressed }
  /** The file's fault: an AppError, taken apart for the way. */
  | {
      readonly type: 'refused';
      readonly code: 'AUDIO_UNREADABLE' | 'UNSUPPORTED_MEDIA_TYPE';
      readonly detail: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'failed'; readonly message: string };

const port = parentPort!;
/** Libraries that tell of broken frames on the console would fill the log. */
for (const name of ['log', 'info', 'warn', 'error'] as const) console[name] = () => {};

port.on('message', ({ bytes, kind, maxDurationMs }: DecodeRequest) => {
  decodeCompressed(bytes, kind, maxDurationMs).then(
    (decoded) => {
      const sound = decoded.type === 'sound' ? decoded.samples : decoded.adts;
      port.postMessage({ type: 'decoded', decoded } satisfies DecodeAnswer, [sound.buffer]);
    },
    (error: unknown) => port.postMessage(toAnswer(error)),
  );
});

port.postMessage({ type: 'ready' } satisfies DecodeAnswer);

function toAnswer(error: unknown): DecodeAnswer {
  if (
    error instanceof AppError &&
    (error.code === 'AUDIO_UNREADABLE' || error.code === 'UNSUPPORTED_MEDIA_TYPE')
  ) {
    return {
      type: 'refused',
      code: error.code,
      detail: error.message,
      fields: error.options.fields ?? {},
    };
  }
  return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
}
