import { createVoiceCutter } from '../conversation/speaking/voice-cutter.ts';
import { createVoiceLine } from '../conversation/speaking/voice-line.ts';
import { childOf } from '../lib/abort.ts';
import { systemClock } from '../lib/clock.ts';
import { systemTimers } from '../lib/timers.ts';
import type { Turnstile } from '../lib/turnstile.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';

/** How to say it: everything of a request but its text. */
export type SpeakingStyle = Omit<SpeechRequest, 'text'>;

/** Whose voice it is from here on, or the next sound. */
export type Spoken = Extract<SpeechChunk, { readonly type: 'source' | 'audio' }>;

export interface SpeakAheadOptions {
  /** Cuts the first sentence at a clause already, for who waits for the first sound. */
  readonly early: boolean;
  /** Where sentences wait for their turn at the voice; they don't when absent. */
  readonly turns?: Turnstile | undefined;
  /** The longest that one sentence may take at the voice; 60,000 ms when absent. */
  readonly sentenceLimitMs?: number;
}

/**
 * Speaks `text`, which is known from the start, sentence by sentence, in order. While one sentence is being taken, the next one
 * is already with the voice; never more than that one, so a slow listener costs two sentences of memory and no turn at the voice.
 * Once somebody has taken over, the rest of the text stays with them. Ending the iteration stops the voice.
 *
 * @throws {ProviderError} when no voice can speak a sentence; `TimeoutError` after the limit; AbortedError when `signal` aborts.
 */
export async function* speakAhead(
  text: string,
  voice: TextToSpeech,
  style: SpeakingStyle,
  { early, turns, sentenceLimitMs }: SpeakAheadOptions,
  signal: AbortSignal,
): AsyncGenerator<Spoken, void, void> {
  const node = childOf(signal);
  const line = createVoiceLine(
    { voice, style, turns, limitMs: sentenceLimitMs, clock: systemClock, timers: systemTimers },
    node.signal,
  );
  let source: Extract<Spoken, { type: 'source' }> | undefined;
  try {
    const cutter = createVoiceCutter({ early });
    for (const voiceText of [...cutter.push(text), ...cutter.flush()]) line.add({ voiceText });
    line.end();
    for (let step = await line.next(); step !== undefined; step = await line.next()) {
      const { chunk } = step;
      if (chunk?.type === 'source') {
        // The same voice again is nothing new; who is passed over is told once.
        const isNew = chunk.provider !== source?.provider || chunk.revision !== source.revision;
        source = chunk;
        if (isNew) yield chunk;
      } else if (chunk?.type === 'audio') yield chunk;
    }
  } finally {
    node.abort();
    node.unlink();
  }
}
