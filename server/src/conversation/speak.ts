import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../providers/spec/tts.ts';
import { AbortedError } from '../lib/abort.ts';
import { createSentenceCutter, type SentenceCutterOptions } from '../language/sentences.ts';

/** How to say it: everything of a request but its text. */
export type SpeakingStyle = Omit<SpeechRequest, 'text'> & SentenceCutterOptions;

export type SpokenEvent =
  /** A sentence begins; the audio after it is its sound. `sentence` counts from 0. */
  | { readonly type: 'sentence-start'; readonly sentence: number; readonly text: string }
  /** Sound and times of the sentence begun last; times count from its first sample. */
  | SpeechChunk
  | { readonly type: 'sentence-end'; readonly sentence: number };

/** What is said in one breath through `speak`: pieces of text, as a dialogue yields them. */
export type TextPieces = Iterable<string> | AsyncIterable<string>;

/**
 * Speaks text while it is still being written: cuts sentences (the first one early), gives each to the voice as soon as
 * it is whole, and yields the sound in order. Ending the iteration early stops the voice and the text.
 *
 * @throws ProviderError when no voice can speak a sentence; AbortedError when `signal` aborts.
 */
export async function* speak(
  pieces: TextPieces,
  voice: TextToSpeech,
  { early = true, ...style }: SpeakingStyle,
  signal: AbortSignal,
): AsyncGenerator<SpokenEvent, void, void> {
  let count = 0;
  for await (const text of sentencesOf(pieces, early)) {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const sentence = count++;
    yield { type: 'sentence-start', sentence, text };
    for await (const chunk of voice.synthesize({ ...style, text }, signal)) yield chunk;
    yield { type: 'sentence-end', sentence };
  }
}

async function* sentencesOf(pieces: TextPieces, early: boolean): AsyncGenerator<string, void, void> {
  const cutter = createSentenceCutter({ early });
  for await (const piece of pieces) yield* cutter.push(piece);
  yield* cutter.flush();
}
