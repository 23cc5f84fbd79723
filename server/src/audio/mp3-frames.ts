/** Cuts bytes that come piece by piece into whole MP3 frames. */
export interface Mp3Frames {
  /** The frames that `bytes` complete, each with its header. */
  push(bytes: Uint8Array): Uint8Array[];
  /** The last frame, which nothing follows that would confirm it. */
  flush(): Uint8Array[];
  /** How many frames have come out. */
  readonly count: number;
}

/** Kilobits a second by the index in a header of layer III (ISO 11172-3 2.4.2.3, ISO 13818-3 2.4.2.3). */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
const RATES_1 = [44_100, 48_000, 32_000] as const;
const HEADER_BYTES = 4;
const TAG_HEADER_BYTES = 10;
/** Where no frame begins within so many bytes, there is none. */
const MOST_BYTES_WITHOUT_FRAME = 65_536;
/** A picture of an album can be this large; no tag is larger. */
const MOST_TAG_BYTES = 32 * 1024 ** 2;

interface FrameHeader {
  readonly bytes: number;
  /** What stays the same for all frames of one file: version, layer and sample rate. */
  readonly kind: number;
}

/** @param failure Makes the error to throw for what is no MP3. */
export function createMp3Frames(failure: (message: string) => Error): Mp3Frames {
  let rest = new Uint8Array(0);
  let count = 0;
  let tagBytesLeft = 0;
  let bytesWithoutFrame = 0;
  /** The kind of the frames so far; null until two in a row agree. */
  let kind: number | null = null;

  const drop = (bytes: number) => {
    rest = rest.subarray(bytes);
    bytesWithoutFrame += bytes;
    if (bytesWithoutFrame <= MOST_BYTES_WITHOUT_FRAME) return;
    throw failure(count === 0 ? 'It is no MP3.' : 'The MP3 goes on with something that is none.');
  };

  /** Passes over a tag at the start of `rest`; false when there is none. */
  const startsTag = (): boolean => {
    if (!startsWith(rest, 'ID3') || rest.length < TAG_HEADER_BYTES) return false;
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (rest[at]! & 0x7f), 0);
    const hasFooter = (rest[5]! & 0x10) !== 0;
    tagBytesLeft = TAG_HEADER_BYTES + size + (hasFooter ? TAG_HEADER_BYTES : 0);
    if (tagBytesLeft > MOST_TAG_BYTES) throw failure('The MP3 begins with a tag that is too large.');
    return true;
  };

  const takeTag = () => {
    const taken = Math.min(tagBytesLeft, rest.length);
    rest = rest.subarray(taken);
    tagBytesLeft -= taken;
  };

  /** The next whole frame; undefined when more bytes are needed. */
  const next = (isEnd: boolean): Uint8Array | undefined => {
    while (true) {
      takeTag();
      if (tagBytesLeft > 0 || rest.length < HEADER_BYTES) return undefined;
      if (!isEnd && startsWith(rest, 'ID3') && rest.length < TAG_HEADER_BYTES) return undefined;
      if (startsTag()) continue;
      const header = readHeader(rest);
      if (header === null || (kind !== null && header.kind !== kind)) {
        drop(nextSync(rest));
        continue;
      }
      if (rest.length < header.bytes) {
        if (!isEnd) return undefined;
        drop(1);
        continue;
      }
      if (kind === null) {
        // Any two bytes may look like a header: the first counts only with a second one behind it.
        if (rest.length < header.bytes + HEADER_BYTES && !isEnd) return undefined;
        const second = readHeader(rest.subarray(header.bytes));
        const isLast = isEnd && rest.length === header.bytes;
        if (second?.kind !== header.kind && !isLast) {
          drop(1);
          continue;
        }
        kind = header.kind;
      }
      const frame = rest.subarray(0, header.bytes);
      rest = rest.subarray(header.bytes);
      bytesWithoutFrame = 0;
      count++;
      return frame;
    }
  };

  const drain = (isEnd: boolean): Uint8Array[] => {
    const frames: Uint8Array[] = [];
    for (let frame = next(isEnd); frame !== undefined; frame = next(isEnd)) frames.push(frame);
    return frames;
  };

  return {
    get count() {
      return count;
    },
    push(bytes) {
      const whole = new Uint8Array(rest.length + bytes.length);
      whole.set(rest);
      whole.set(bytes, rest.length);
      rest = whole;
      return drain(false);
    },
    flush: () => drain(true),
  };
}

/** Null for what is no header of layer III. */
function readHeader(bytes: Uint8Array): FrameHeader | null {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0xff || (bytes[1]! & 0xe0) !== 0xe0) return null;
  const version = (bytes[1]! >> 3) & 3;
  const layer = (bytes[1]! >> 1) & 3;
  const bitrate = (version === 3 ? BITRATES_1 : BITRATES_2)[bytes[2]! >> 4];
  const rate = RATES_1[(bytes[2]! >> 2) & 3];
  if (version === 1 || layer !== 1 || !bitrate || rate === undefined) return null;
  const padding = (bytes[2]! >> 1) & 1;
  // Versions 1, 2 and 2.5: each has half the rate of the one before.
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = version === 3 ? 1152 : 576;
  return {
    bytes: Math.floor((samples * bitrate * 125) / sampleRate) + padding,
    kind: ((bytes[1]! & 0xfe) << 8) | (bytes[2]! & 0x0c),
  };
}

/** How many bytes lie before the next that may begin a frame or a tag; at least one. */
function nextSync(bytes: Uint8Array): number {
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] === 0xff || (bytes[at] === 0x49 && startsWith(bytes.subarray(at), 'ID3'))) return at;
  }
  return bytes.length;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
