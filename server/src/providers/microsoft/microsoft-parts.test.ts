import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { edgeToken, TRUSTED_CLIENT_TOKEN } from './edge-token.ts';
import { createPcmDecoder } from './sound-decoders.ts';
import {
  decodeSpeechBytes,
  decodeSpeechText,
  encodeSpeechMessage,
  SpeechMessageError,
} from './speech-messages.ts';
import { escapeXml, isVoiceName, unescapeXml, withoutControls } from './ssml.ts';
import { cutIntoPieces } from './text-pieces.ts';

describe('edgeToken', () => {
  it('hashes the Windows file time of the five minutes', () => {
    const now = Date.UTC(2024, 10, 4, 15, 20, 12);
    const ticks = (now - 12_000 + 11_644_473_600_000) * 10_000;
    const text = `${BigInt(ticks)}${TRUSTED_CLIENT_TOKEN}`;
    expect(edgeToken(now)).toBe(createHash('sha256').update(text).digest('hex').toUpperCase());
    expect(edgeToken(now + 287_000)).toBe(edgeToken(now));
    expect(edgeToken(now + 288_000)).not.toBe(edgeToken(now));
  });
});

describe('speech messages', () => {
  it('come back as they were sent', () => {
    const message = { path: 'ssml', requestId: 'a1', contentType: 'application/ssml+xml' };
    const text = encodeSpeechMessage(message, '한 줄\r\n\r\n두 줄', 0);
    expect(text).toContain('X-Timestamp:1970-01-01T00:00:00.000Z\r\n');
    expect(decodeSpeechText(text)).toEqual({ ...message, text: '한 줄\r\n\r\n두 줄', bytes: null });
  });

  it('are read from bytes', () => {
    const headers = Buffer.from('X-RequestId:A1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n');
    const message = Buffer.concat([Buffer.of(0, headers.length), headers, Buffer.of(1, 2)]);
    expect(decodeSpeechBytes(message)).toEqual({
      path: 'audio',
      requestId: 'a1',
      contentType: 'audio/mpeg',
      text: null,
      bytes: Buffer.of(1, 2),
    });
    expect(() => decodeSpeechBytes(message.subarray(0, 20))).toThrow(SpeechMessageError);
  });
});

describe('SSML', () => {
  it('escapes and brings back', () => {
    const text = `<a b="c">'&'</a>`;
    expect(escapeXml(text)).not.toMatch(/[<>"']/);
    expect(unescapeXml(escapeXml(text))).toBe(text);
    expect(unescapeXml('&amp;lt; &nbsp;')).toBe('&lt; &nbsp;');
  });

  it('keeps the length when it takes out what XML forbids', () => {
    expect(withoutControls('a\u0000b\ud83dc😀\udc00\tz')).toBe('a b c😀 \tz');
  });

  it.each([
    ['ko-KR-SunHiNeural', true],
    ['en-US-AvaMultilingualNeural', true],
    ['zh-CN-liaoning-XiaobeiNeural', true],
    ['sr-Latn-RS-NicholasNeural', true],
    ['en-US-Ava:DragonHDLatestNeural', true],
    ["ko-KR-X'/><evil", false],
    ['alloy', false],
    ['', false],
  ])('%s may be a voice: %s', (name, may) => expect(isVoiceName(name)).toBe(may));
});

describe('cutIntoPieces', () => {
  it.each([
    ['sentences', '하나 둘. 셋 넷. 다섯', 24],
    ['words', '하나 둘 셋 넷 다섯 여섯', 20],
    ['nothing', '가나다라마바사아자차', 10],
    ['wide characters', '😀😀😀😀', 5],
    ['what XML makes long', '&&&&&&&&', 12],
  ])('keeps the whole at %s', (_, text, mostBytes) => {
    const pieces = cutIntoPieces(text, mostBytes);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const piece of pieces) {
      expect(text.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
      expect(Buffer.byteLength(escapeXml(piece.text))).toBeLessThanOrEqual(mostBytes);
      expect(Buffer.from(piece.text).toString()).toBe(piece.text);
    }
  });

  it('prefers the end of a sentence', () => {
    expect(cutIntoPieces('One two. Three four five six', 20).map(({ text }) => text)).toEqual([
      'One two. ',
      'Three four five six',
    ]);
  });
});

describe('createPcmDecoder', () => {
  it('puts a sample together that was cut in two', async () => {
    const decoder = await createPcmDecoder();
    const samples = [[1, 0, 2], [0], [255, 255, 0, 128]].flatMap((bytes) => [
      ...decoder.push(Uint8Array.from(bytes)),
    ]);
    expect(samples).toEqual([1, 2, -1, -32_768]);
    expect(decoder.flush()).toHaveLength(0);
  });
});
