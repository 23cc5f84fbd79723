import { OpusDecoder } from 'opus-decoder';
import { damagedAudio } from './decoded-audio.ts';
import type { SoundCollector } from './sound-collector.ts';

/** Opus is decoded at its own rate, whatever it was recorded at. */
const OPUS_RATE = 48_000;
const MAX_CHANNELS = 8;
const HEAD_BYTES = 19;

interface OpusHead {
  readonly channels: number;
  readonly preSkip: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  readonly channelMappingTable: number[];
}

/** Decodes packets of Opus one after the other; `head` is the identification header (RFC 7845, 5.1). */
export async function decodeOpus(
  head: Uint8Array | undefined,
  packets: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  collector: SoundCollector,
): Promise<void> {
  const decoder = new OpusDecoder({ ...readOpusHead(head), sampleRate: OPUS_RATE });
  try {
    await decoder.ready;
    for await (const packet of packets) {
      // A packet of nothing stands for one that was lost.
      if (packet.length === 0) continue;
      const { channelData, errors } = decoder.decodeFrame(packet);
      collector.count(1, errors.length > 0 ? 1 : 0);
      collector.add(channelData, OPUS_RATE);
    }
  } finally {
    decoder.free();
  }
}

/** @throws {AppError} AUDIO_UNREADABLE when the header says what can't be. */
export function readOpusHead(head: Uint8Array | undefined): OpusHead {
  if (head === undefined || head.length < HEAD_BYTES) {
    throw damagedAudio('The file ends inside the header of its Opus sound.');
  }
  const channels = head[9]!;
  const preSkip = head[10]! | (head[11]! << 8);
  const isMapped = head[18] !== 0;
  if (channels < 1 || channels > (isMapped ? MAX_CHANNELS : 2)) {
    throw damagedAudio(
      `The file says it has ${channels} channels of Opus; 1 to ${MAX_CHANNELS} are possible.`,
    );
  }
  if (!isMapped) {
    return {
      channels,
      preSkip,
      streamCount: 1,
      coupledStreamCount: channels - 1,
      channelMappingTable: channels === 1 ? [0] : [0, 1],
    };
  }
  const streamCount = head[19] ?? 0;
  const coupledStreamCount = head[20] ?? 0;
  const channelMappingTable = [...head.subarray(21, 21 + channels)];
  const decoded = streamCount + coupledStreamCount;
  const fits =
    streamCount >= 1 &&
    coupledStreamCount <= streamCount &&
    channelMappingTable.length === channels &&
    channelMappingTable.every((index) => index < decoded || index === 255);
  if (!fits) throw damagedAudio('The header of the Opus sound contradicts itself.');
  return { channels, preSkip, streamCount, coupledStreamCount, channelMappingTable };
}
