import { BufferSource, EncodedPacketSink, Input, MP4, QTFF } from 'mediabunny';
import { damagedAudio } from './decoded-audio.ts';
import type { SoundTrack } from './sound-track.ts';

/**
 * Opens the first audio track of an MP4 file. Nothing outside of `bytes` is ever read.
 *
 * @throws {AppError} AUDIO_UNREADABLE when the container can not be read, or holds no sound.
 */
export async function openMp4Track(bytes: Uint8Array): Promise<SoundTrack> {
  // No other formats: some of them are lists of addresses.
  const input = new Input({ formats: [MP4, QTFF], source: new BufferSource(bytes) });
  const opened = await open(input).catch((error: unknown) => {
    throw damagedAudio(`The MP4 file can not be read; it may have been cut off. ${reasonOf(error)}`.trim());
  });
  if (opened === null) {
    throw damagedAudio(
      'The MP4 file has no sound in it, or was cut off before it says where: often at its end.',
    );
  }
  const { track, config } = opened;
  return {
    codec: track.codec,
    description: config?.description === undefined ? undefined : viewOf(config.description),
    async *packets() {
      const packets = new EncodedPacketSink(track).packets()[Symbol.asyncIterator]();
      while (true) {
        const next = await packets.next().catch(() => null);
        // At a tear: what came before is whole.
        if (next === null || next.done === true) return;
        yield next.value.data;
      }
    },
  };
}

async function open(input: Input) {
  const track = await input.getPrimaryAudioTrack();
  if (track === null) return null;
  return { track, config: await track.getDecoderConfig() };
}

function viewOf(source: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message.length > 200 ? `${message.slice(0, 200)}…` : message;
}
