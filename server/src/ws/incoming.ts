import {
  decodeAudioFrame,
  type ClientMessage,
  type ConversationErrorCode,
  type ServerMessage,
} from '@malbeot/protocol';
import { createUplink, type Uplink } from '../audio/uplink.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import { readClientMessage } from './client-messages.ts';
import type { TalkCounts } from './talk-counts.ts';
import { BAD_MESSAGES_WITHIN_MS, CLOSE_CODES, MAX_BAD_MESSAGES } from './talk-limits.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Sound may come half as fast again as it is spoken, and five seconds of it at once after a lost connection. */
const SOUND_PER_SECOND_MS = 1_500;
const SOUND_AT_ONCE_MS = 5_000;
const FRAMES_PER_SECOND = 400;
const FRAMES_AT_ONCE = 1_000;
const MESSAGES_PER_SECOND = 100;
const MESSAGES_AT_ONCE = 200;
const TEXTS_PER_SECOND = 5;
/** The same error is told once in this time. */
const TELL_AGAIN_MS = 1_000;

/** What one connection brings in. */
export interface Incoming {
  text(text: string): void;
  bytes(bytes: Uint8Array): void;
  close(): void;
}

export interface IncomingOptions {
  readonly conversation: Conversation;
  readonly clock: Clock;
  readonly counts: TalkCounts;
  readonly tell: (message: ServerMessage) => void;
  /** Where the client was; null for every other first message. */
  readonly onFirst: (lastSeq: number | null) => void;
  readonly closeConnection: (code: number, reason: string) => void;
}

/** Reads what a client sends, keeps it within bounds, and hands it to the conversation. Nothing a client sends makes it throw. */
export function createIncoming(options: IncomingOptions): Incoming {
  const { conversation, clock, counts, tell, onFirst, closeConnection } = options;
  const sound = createTokenBucket({ perSecond: SOUND_PER_SECOND_MS, burst: SOUND_AT_ONCE_MS, clock });
  const frames = createTokenBucket({ perSecond: FRAMES_PER_SECOND, burst: FRAMES_AT_ONCE, clock });
  const messages = createTokenBucket({ perSecond: MESSAGES_PER_SECOND, burst: MESSAGES_AT_ONCE, clock });
  const texts = createTokenBucket({ perSecond: TEXTS_PER_SECOND, burst: TEXTS_PER_SECOND, clock });
  const badAtMs: number[] = [];
  const toldAtMs = new Map<ConversationErrorCode, number>();
  let uplink: Uplink | null = null;
  let isFirst = true;
  let isClosed = false;
  let toldNotStarted = false;

  const complain = (code: ConversationErrorCode, message: string) =>
    tell({ type: 'error', data: { code, message, fatal: false } });

  const complainSometimes = (code: ConversationErrorCode, message: string) => {
    const nowMs = clock.monotonicMs();
    const before = toldAtMs.get(code);
    if (before !== undefined && nowMs - before < TELL_AGAIN_MS) return;
    toldAtMs.set(code, nowMs);
    complain(code, message);
  };

  const complainOfMessage = (message: string) => {
    counts.badMessages++;
    const nowMs = clock.monotonicMs();
    while (badAtMs.length > 0 && nowMs - badAtMs[0]! >= BAD_MESSAGES_WITHIN_MS) badAtMs.shift();
    badAtMs.push(nowMs);
    complain('BAD_MESSAGE', message);
    if (badAtMs.length <= MAX_BAD_MESSAGES) return;
    isClosed = true;
    closeConnection(CLOSE_CODES.policy, 'too many bad messages');
  };

  const first = (lastSeq: number | null) => {
    if (!isFirst) return;
    isFirst = false;
    onFirst(lastSeq);
  };

  const take = (message: ClientMessage) => {
    switch (message.type) {
      case 'start':
        return start(message.data);
      case 'text':
        if (texts.take(1)) conversation.type(message.data.message);
        else
          complainSometimes(
            'TOO_FAST',
            `More than ${TEXTS_PER_SECOND} texts came in a second; this one was not read.`,
          );
        return;
      case 'played':
        return conversation.played(message.data.audio_id, message.data.ms);
      case 'interrupt':
        return conversation.interrupt();
      case 'end':
        return conversation.endSpeech();
      case 'ping':
        return tell({ type: 'pong', data: { at: message.data.at ?? null } });
      case 'resume':
        return complainOfMessage('resume: it has to be the first message of a connection.');
    }
  };

  const start = (data: Extract<ClientMessage, { type: 'start' }>['data']) => {
    uplink?.close();
    uplink = createUplink({
      sampleRate: data.sample_rate,
      codec: data.codec,
      allow: (ms) => sound.take(ms),
    });
    conversation.open({
      handsFree: data.hands_free ?? true,
      speechRate: data.speech_rate ?? 1,
      ...(data.echo_cancelled === undefined ? {} : { isEchoCancelled: data.echo_cancelled }),
    });
  };

  const notStarted = () => {
    if (toldNotStarted) return;
    toldNotStarted = true;
    complain('NOT_STARTED', 'Sound came before "start"; it is not heard.');
  };

  return {
    text(text) {
      if (isClosed) return;
      if (!messages.take(1)) {
        first(null);
        return complainSometimes(
          'TOO_FAST',
          `More than ${MESSAGES_PER_SECOND} messages came in a second; some were not read.`,
        );
      }
      let message: ClientMessage;
      try {
        message = readClientMessage(text);
      } catch (error) {
        first(null);
        return complainOfMessage(detailOf(error));
      }
      if (isFirst && message.type === 'resume') return first(message.data.last_seq);
      first(null);
      take(message);
    },
    bytes(bytes) {
      if (isClosed) return;
      first(null);
      if (!frames.take(1)) {
        return complainSometimes('TOO_FAST', `More than ${FRAMES_PER_SECOND} frames came in a second.`);
      }
      const frame = decodeAudioFrame(bytes);
      if (frame === null) {
        return complainOfMessage(
          'A binary message is 1, u32 audio_id, u32 sequence and the sound, little-endian.',
        );
      }
      if (uplink === null) return notStarted();
      const result = uplink.push(frame);
      switch (result.type) {
        case 'sound':
          if (result.samples.length > 0) conversation.hear(result.samples);
          return;
        case 'late':
          return;
        case 'too-fast':
          counts.droppedSoundMs += result.ms;
          return complainSometimes(
            'TOO_FAST',
            'Sound comes faster than it can be spoken; some was not heard.',
          );
        case 'bad':
          return complainSometimes('BAD_AUDIO', result.problem);
      }
    },
    close() {
      isClosed = true;
      uplink?.close();
      uplink = null;
    },
  };
}

/** What is wrong, in the words of the socket: the body of a request is the data of a message here. */
function detailOf(error: unknown): string {
  if (error instanceof AppError) return error.message.replace(/^body\b/, 'data');
  return 'This message can not be read.';
}
