import { describe, expect, it } from 'vitest';
import { AUDIO_FRAME_HEADER_BYTES, decodeAudioFrame, encodeAudioFrame } from './audio-frame.ts';

describe('a frame of sound', () => {
  it('is one byte of kind, two numbers and the sound, little-endian', () => {
    const bytes = encodeAudioFrame({
      audioId: 0x0403_0201,
      sequence: 0xffff_fffe,
      payload: Uint8Array.of(9, 8),
    });
    expect([...bytes]).toEqual([1, 1, 2, 3, 4, 0xfe, 0xff, 0xff, 0xff, 9, 8]);
    expect(decodeAudioFrame(bytes)).toEqual({
      audioId: 0x0403_0201,
      sequence: 0xffff_fffe,
      payload: Uint8Array.of(9, 8),
    });
  });

  it('is read where it lies, without a copy', () => {
    const inside = new Uint8Array(30).subarray(7, 20);
    inside.set(encodeAudioFrame({ audioId: 5, sequence: 6, payload: Uint8Array.of(1, 2, 3, 4) }));
    const frame = decodeAudioFrame(inside)!;
    expect(frame).toMatchObject({ audioId: 5, sequence: 6 });
    expect(frame.payload.buffer).toBe(inside.buffer);
    expect([...frame.payload]).toEqual([1, 2, 3, 4]);
  });

  it('may be empty', () => {
    const bytes = encodeAudioFrame({ audioId: 1, sequence: 0, payload: new Uint8Array(0) });
    expect(decodeAudioFrame(bytes)!.payload).toHaveLength(0);
  });

  it.each([
    [[]],
    [[1]],
    [Array.from({ length: AUDIO_FRAME_HEADER_BYTES - 1 }, () => 1)],
    [[2, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])('is not %j', (bytes) => expect(decodeAudioFrame(Uint8Array.from(bytes))).toBeNull());
});
