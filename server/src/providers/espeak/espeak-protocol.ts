import type { FromChild, HostErrorKind, ToChild } from '../../lib/child-host-channel.ts';
import type { Frame } from '../../lib/child-host-frames.ts';

/** What the espeak host is asked for; its README has the protocol. */
export interface EspeakRequest {
  readonly text: string;
  readonly voice: string;
  readonly wordsPerMinute: number;
  readonly pitch: number;
}

/** `at` and `length` count code points of the text. */
export type EspeakMark =
  | { readonly type: 'word'; readonly startMs: number; readonly at: number; readonly length: number }
  | { readonly type: 'phoneme'; readonly startMs: number; readonly symbol: string };

export type EspeakPart =
  | { readonly type: 'marks'; readonly marks: readonly EspeakMark[] }
  | { readonly type: 'sound'; readonly samples: Int16Array };

const KIND_JSON = 1;
const KIND_SOUND = 2;
const ID_BYTES = 4;

/** A request or a cancel as a frame. */
export function encodeEspeak(message: ToChild<EspeakRequest>): Frame {
  const body = message.type === 'cancel' ? message : { type: 'speak', id: message.id, ...message.request };
  return { kind: KIND_JSON, payload: Buffer.from(JSON.stringify(body)) };
}

type EspeakMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'marks'; readonly id: number; readonly marks: readonly EspeakMark[] }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number | null; readonly code: string; readonly message: string };

const ERROR_KINDS: Readonly<Record<string, HostErrorKind>> = {
  invalid_input: 'invalid_input',
  overloaded: 'unavailable',
};

/**
 * A frame of the host as a message; undefined for one of a kind that we do not know.
 *
 * @throws {Error} for what no espeak host sends, and for a frame of ours that the host could not read.
 */
export function decodeEspeak({ kind, payload }: Frame): FromChild<EspeakPart> | undefined {
  if (kind === KIND_SOUND) {
    const samples = new Int16Array((payload.length - ID_BYTES) >> 1);
    payload.copy(new Uint8Array(samples.buffer), 0, ID_BYTES);
    return { type: 'part', id: payload.readUInt32BE(0), part: { type: 'sound', samples } };
  }
  if (kind !== KIND_JSON) return undefined;
  const message = JSON.parse(payload.toString('utf8')) as EspeakMessage;
  switch (message.type) {
    case 'ready':
      return { type: 'ready' };
    case 'marks':
      return { type: 'part', id: message.id, part: { type: 'marks', marks: message.marks } };
    case 'end':
      return { type: 'end', id: message.id };
    case 'error':
      if (message.id === null) throw new Error(message.message);
      return {
        type: 'error',
        id: message.id,
        kind: ERROR_KINDS[message.code] ?? 'failed',
        message: message.message,
      };
    default:
      return undefined;
  }
}
