import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const FRAME_HEAD_BYTES = 9;

interface Message {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What goes over the page's socket of live talk. */
export interface TalkWire {
  readonly received: Message[];
  readonly sent: Message[];
  /** True when the last piece of the microphone's sound was digital silence. */
  isSilent: boolean;
  /** Paths of the turns over HTTP, and of the sockets. */
  readonly turns: string[];
  readonly sockets: string[];
}

/** Listens in on the sockets that `page` opens from now on. */
export function tapTalk(page: Page): TalkWire {
  const wire: TalkWire = { received: [], sent: [], isSilent: false, turns: [], sockets: [] };
  page.on('request', (request) => {
    if (request.url().endsWith('/api/voice/process')) wire.turns.push(request.postData() ?? '');
  });
  page.on('websocket', (socket) => {
    wire.sockets.push(new URL(socket.url()).pathname);
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') wire.received.push(JSON.parse(payload) as Message);
    });
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string') wire.sent.push(JSON.parse(payload) as Message);
      else wire.isSilent = payload.subarray(FRAME_HEAD_BYTES).every((byte) => byte === 0);
    });
  });
  return wire;
}

/** What came of one type. */
export const got = (wire: TalkWire, type: string): Message[] =>
  wire.received.filter((message) => message.type === type);

/** Waits until all that was sent to the page was played to its end. */
export async function hasGoneQuiet(
  wire: TalkWire,
  patience: { readonly timeout: number },
  replies = 0,
): Promise<void> {
  await expect.poll(() => got(wire, 'reply_done').length, patience).toBeGreaterThanOrEqual(replies);
  await expect
    .poll(() => {
      const last = wire.received.findLast(({ type }) => type === 'audio_end');
      const { audio_id: id, duration_ms: ms } = last?.data ?? {};
      const played = wire.sent.findLast(({ type, data }) => type === 'played' && data['audio_id'] === id);
      return Number(ms) - Number(played?.data['ms'] ?? 0);
    }, patience)
    .toBeLessThan(50);
}
