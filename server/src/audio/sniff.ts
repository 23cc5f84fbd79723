/** What bytes are, by their beginning: a name for people, or null when it is nothing known. */
export function sniffMedia(bytes: Uint8Array): string | null {
  const ascii = (start: number, text: string): boolean => {
    for (let index = 0; index < text.length; index++) {
      if (bytes[start + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  };
  if (ascii(0, 'RIFF')) {
    if (ascii(8, 'WAVE')) return 'WAV';
    if (ascii(8, 'AVI ')) return 'AVI video';
    if (ascii(8, 'WEBP')) return 'a WebP picture';
    return 'a RIFF file without WAVE in it';
  }
  if (ascii(0, 'RIFX')) return 'big-endian WAV (RIFX)';
  if (ascii(0, 'riff')) return 'Wave64';
  if (ascii(0, 'OggS')) return 'Ogg';
  if (ascii(0, 'fLaC')) return 'FLAC';
  if (ascii(0, 'ID3')) return 'MP3';
  if (bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0) return 'AAC';
  if (bytes[0] === 0xff && (bytes[1]! & 0xe0) === 0xe0 && (bytes[1]! & 0x06) !== 0) return 'MP3';
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3)
    return 'WebM or Matroska';
  if (ascii(4, 'ftyp')) return 'MP4 or M4A';
  if (ascii(0, 'FORM') && (ascii(8, 'AIFF') || ascii(8, 'AIFC'))) return 'AIFF';
  if (ascii(0, '.snd')) return 'AU';
  if (ascii(0, 'caff')) return 'CAF';
  if (ascii(0, '#!AMR')) return 'AMR';
  if (bytes[0] === 0x30 && bytes[1] === 0x26 && bytes[2] === 0xb2 && bytes[3] === 0x75) return 'WMA or ASF';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (ascii(0, 'PK\u0003\u0004')) return 'ZIP';
  if (ascii(0, '%PDF')) return 'PDF';
  if (ascii(1, 'PNG')) return 'a PNG picture';
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'a JPEG picture';
  return looksLikeText(bytes) ? 'text' : null;
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 256);
  for (const byte of head) {
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f) return false;
  }
  try {
    // A cut through the last character is no reason to say it is not text.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
