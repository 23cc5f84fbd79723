import type { Conversation, MicrophoneUse } from '../../conversation/conversation.ts';
import type { Said } from '../../conversation/dialogue.ts';
import type { ConversationOutput } from '../../conversation/ports.ts';
import type { OpenTalk } from '../../experiences/experience.ts';

/** What was asked of a conversation, in order. */
export type Asked =
  | { readonly type: 'open'; readonly use: MicrophoneUse }
  | { readonly type: 'type'; readonly text: string }
  | { readonly type: 'played'; readonly audioId: number; readonly ms: number }
  | { readonly type: 'endSpeech' | 'interrupt' | 'close' };

/** A conversation that does nothing by itself: it notes what it is asked, and a test says what goes out. */
export interface FakeConversation extends Conversation {
  readonly output: ConversationOutput;
  readonly asked: readonly Asked[];
  /** Everything heard, joined. */
  heard(): Float32Array;
  readonly isClosed: boolean;
  said: Said[];
}

/** Answers every typed text with itself and two samples of sound when `echoes`. */
export function createFakeConversation(
  open: OpenTalk,
  output: ConversationOutput,
  { echoes = false, closesAfter = Promise.resolve() }: { echoes?: boolean; closesAfter?: Promise<void> } = {},
): FakeConversation {
  const asked: Asked[] = [];
  const heard: number[] = [];
  let isClosed = false;
  const conversation: FakeConversation = {
    sessionId: open.sessionId,
    output,
    asked,
    said: [...open.history],
    heard: () => Float32Array.from(heard),
    get isClosed() {
      return isClosed;
    },
    isBusy: false,
    open: (use) => void asked.push({ type: 'open', use }),
    hear: (samples) => void heard.push(...samples),
    endSpeech: () => void asked.push({ type: 'endSpeech' }),
    type(text) {
      asked.push({ type: 'type', text });
      conversation.said.push({ role: 'user', text });
      if (echoes) echo(text, output);
    },
    played: (audioId, ms) => void asked.push({ type: 'played', audioId, ms }),
    interrupt: () => void asked.push({ type: 'interrupt' }),
    history: () => conversation.said,
    async close() {
      isClosed = true;
      asked.push({ type: 'close' });
      await closesAfter;
    },
  };
  return conversation;
}

function echo(text: string, output: ConversationOutput): void {
  const turn_id = 'trn_1';
  output.send({ type: 'reply_delta', data: { turn_id, text } });
  output.send({ type: 'audio_start', data: { turn_id, audio_id: 1, sample_rate: 16_000, text } });
  output.audio(1, 0, Int16Array.of(1, 2));
  output.send({ type: 'audio_end', data: { audio_id: 1, duration_ms: 1 } });
  const timings = {
    endpoint_ms: null,
    final_ms: 0,
    first_token_ms: 0,
    first_audio_ms: 0,
    done_ms: 1,
    speculative: false,
  };
  const providers = { ears: null, mind: 'fake', voice: 'fake' };
  output.send({ type: 'reply_done', data: { turn_id, text, timings, providers } });
}
