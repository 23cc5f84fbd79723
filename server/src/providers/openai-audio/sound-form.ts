import { sniffMedia } from '../../audio/sniff.ts';

/** What a server sends as speech. */
export type SoundForm =
  | { readonly type: 'pcm'; readonly sampleRate: number }
  | { readonly type: 'wav' }
  | { readonly type: 'mp3' }
  /** `what` is a name for people. */
  | { readonly type: 'other'; readonly what: string };

/** Bytes from which {@link soundForm} can tell. */
export const SOUND_HEAD_BYTES = 16;

/** Kinds of file that are told from raw samples by their first bytes without doubt. */
const PLAIN_SIGNATURES = ['Ogg', 'FLAC', 'MP4 or M4A', 'WebM or Matroska', 'AIFF', 'CAF', 'gzip', 'ZIP'];

/**
 * What an answer to `/audio/speech` holds. Samples without a header were asked for; some servers send a file all the same, some
 * name a type that it is not: the first bytes win where they are clear, the name where they are not.
 *
 * @param contentType The header; empty where there is none.
 * @param head The first {@link SOUND_HEAD_BYTES} bytes, or all when there are fewer.
 * @param sampleRate Of bare samples where the header names none.
 */
export function soundForm(contentType: string, head: Uint8Array, sampleRate: number): SoundForm {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const seen = sniffMedia(head);
  if (seen === 'WAV') return { type: 'wav' };
  if (isText(type) || (seen === 'text' && !type.startsWith('audio/'))) return { type: 'other', what: 'text' };
  if (seen !== null && PLAIN_SIGNATURES.includes(seen)) return { type: 'other', what: seen };
  const isBare = /^audio\/(pcm|x-pcm|l16|raw|basic)$/.test(type);
  if (!isBare && isMp3(head)) return { type: 'mp3' };
  if (/^audio\/(aac|aacp|x-aac|ogg|opus|flac|webm|mp4)$/.test(type) && seen === 'AAC') {
    return { type: 'other', what: seen };
  }
  const named = Number(/;\s*rate=(\d{4,6})\b/i.exec(contentType)?.[1] ?? sampleRate);
  return { type: 'pcm', sampleRate: named >= 8_000 && named <= 192_000 ? named : sampleRate };
}

function isText(type: string): boolean {
  return type.startsWith('text/') || /^application\/(.+\+)?(json|xml)$/.test(type);
}

/** A tag in front, or a whole header of MPEG layer III: its first bytes alone also begin quiet samples. */
function isMp3(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  if (first === 0x49 && second === 0x44 && third === 0x33) return true;
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  const bitrate = third >> 4;
  return isLayer3 && bitrate !== 0 && bitrate !== 15 && (third & 0x0c) !== 0x0c;
}
