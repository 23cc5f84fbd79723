import type { VisemeFrame } from '@malbeot/protocol';
import { fromPcm16, toPcm16 } from '../../audio/pcm.ts';
import { createResampler, type Resampler } from '../../audio/resample.ts';
import { createVisemeTracker, type TimedViseme, type VisemeTracker } from '../../language/visemes.ts';
import { childOf } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Turnstile } from '../../lib/turnstile.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../providers/spec/tts.ts';
import type { SpokenPart } from './spoken-part.ts';
import { createVoiceCutter } from './voice-cutter.ts';
import { createVoiceLine, type LineSentence, type VoiceLine } from './voice-line.ts';
import { createVoiceTexts, type VoiceText } from './voice-text.ts';

export type { SpokenPart } from './spoken-part.ts';

export interface SpeakReplyOptions {
  readonly voice: TextToSpeech;
  readonly style: Omit<SpeechRequest, 'text' | 'language'>;
  /** BCP 47. */
  readonly language: string;
  /** Where sentences wait for their turn at the voice; they don't when absent. */
  readonly turns?: Turnstile;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** With less sound than this left to hear, more than one sentence is made ahead. */
const SHORT_MS = 1_500;
const LONGEST_PIECE_MS = 100;

/** A sentence of the reply, with the white space before it. */
interface ReplySentence extends LineSentence {
  readonly text: string;
  readonly textOffset: number;
  readonly voiceTextPlaces: VoiceText;
}

/**
 * Speaks a reply while it is still being written. Its first clause goes to the voice in the very call of the delta that ends it;
 * while one sentence is taken, the next one is made. Sound comes in order and never from two voices at once: where another
 * provider takes over in mid-sentence its sound is brought to the rate of the sentence. Ending the iteration stops the voice and
 * the deltas.
 *
 * @throws {ProviderError} when no voice can speak a sentence; what the deltas throw; both after all that came before.
 * AbortedError when `signal` aborts.
 */
export async function* speakReply(
  deltas: AsyncIterable<string>,
  { voice, style, language, turns, clock, timers }: SpeakReplyOptions,
  signal: AbortSignal,
): AsyncGenerator<SpokenPart, void, void> {
  const node = childOf(signal);
  const line = createVoiceLine<ReplySentence>(
    { voice, style: { ...style, language }, turns, shortMs: SHORT_MS, clock, timers },
    node.signal,
  );
  const reading = deltas[Symbol.asyncIterator]();
  void cutReply(reading, line, language, node.signal);
  const spoken = { language, speed: style.speed ?? 1 };
  let source: { readonly provider: string; readonly revision: string } | undefined;
  const isNew = (other: { readonly provider: string; readonly revision: string }) =>
    other.provider !== source?.provider || other.revision !== source.revision;
  try {
    let sentence: SentenceSpeaker | undefined;
    for (let step = await line.next(); step !== undefined; step = await line.next()) {
      sentence ??= createSentenceSpeaker(step.sentence, spoken);
      const { chunk } = step;
      if (chunk === null) {
        yield* sentence.end();
        sentence = undefined;
        continue;
      }
      if (chunk.type === 'source' ? isNew(chunk) : source === undefined && chunk.type === 'audio') {
        const { id } = voice.info;
        const told =
          chunk.type === 'source' ? chunk : { provider: id, revision: voice.revision, skipped: [] };
        source = told;
        yield { type: 'source', provider: told.provider, revision: told.revision, skipped: told.skipped };
      }
      yield* sentence.take(chunk);
    }
  } finally {
    node.abort();
    node.unlink();
    // Not waited for: whoever writes may hang.
    reading.return?.().catch(() => {});
  }
}

/** Cuts the deltas into sentences for the line. Never rejects. */
async function cutReply(
  deltas: AsyncIterator<string>,
  line: VoiceLine<ReplySentence>,
  language: string,
  signal: AbortSignal,
): Promise<void> {
  const cutter = createVoiceCutter({ early: true });
  const texts = createVoiceTexts(language);
  /** What is not given to the line yet, and where it begins in the reply. */
  let rest = '';
  let restOffset = 0;
  const add = (text: string): void => {
    const end = rest.indexOf(text) + text.length;
    const voiceTextPlaces = texts.next(rest.slice(0, end));
    line.add({
      text: rest.slice(0, end),
      textOffset: restOffset,
      voiceText: voiceTextPlaces.text,
      voiceTextPlaces,
    });
    rest = rest.slice(end);
    restOffset += end;
  };
  try {
    for (let next = await deltas.next(); next.done !== true; next = await deltas.next()) {
      if (signal.aborted) return;
      rest += next.value;
      cutter.push(next.value).forEach(add);
      const room = line.room();
      if (room !== undefined) await room;
    }
    cutter.flush().forEach(add);
    line.end();
  } catch (error) {
    line.end(error);
  }
}

/** What the voice gives for one sentence, as parts of the reply. */
interface SentenceSpeaker {
  take(chunk: SpeechChunk): Iterable<SpokenPart>;
  end(): Iterable<SpokenPart>;
}

function createSentenceSpeaker(
  sentence: ReplySentence,
  { language, speed }: { readonly language: string; readonly speed: number },
): SentenceSpeaker {
  const { text, textOffset, voiceText, voiceTextPlaces } = sentence;
  const tracker: VisemeTracker = createVisemeTracker({ text: voiceText, language });
  let sampleRate: number | undefined;
  let resampler: { readonly from: number; readonly stage: Resampler } | undefined;
  let samplesSoFar = 0;
  /** Marks from before the first sound. */
  let early: SpokenPart[] = [];

  function* pieces(samples: Int16Array): Generator<SpokenPart, void, void> {
    const longest = Math.floor((sampleRate! * LONGEST_PIECE_MS) / 1_000);
    for (let at = 0; at < samples.length; at += longest) {
      const piece = samples.subarray(at, at + longest);
      samplesSoFar += piece.length;
      yield { type: 'audio', samples: piece };
      // After the sound, so that nothing holds up the first piece.
      yield* visemes(tracker.push({ type: 'audio', samples: piece, sampleRate: sampleRate! }));
    }
  }

  function* endResampler(): Generator<SpokenPart, void, void> {
    const rest = resampler?.stage.flush();
    resampler = undefined;
    if (rest !== undefined) yield* pieces(toPcm16(rest));
  }

  function* takeAudio(chunk: Extract<SpeechChunk, { type: 'audio' }>): Generator<SpokenPart, void, void> {
    if (sampleRate === undefined) {
      sampleRate = chunk.sampleRate;
      yield { type: 'sentence-start', text, textOffset, sampleRate, speed };
      yield* early;
      early = [];
    }
    if (resampler !== undefined && resampler.from !== chunk.sampleRate) yield* endResampler();
    if (chunk.sampleRate === sampleRate) return yield* pieces(chunk.samples);
    resampler ??= {
      from: chunk.sampleRate,
      stage: createResampler(chunk.sampleRate, sampleRate),
    };
    yield* pieces(toPcm16(resampler.stage.push(fromPcm16(chunk.samples))));
  }

  const marks = (chunk: Exclude<SpeechChunk, { type: 'audio' }>): SpokenPart[] => {
    const parts = visemes(tracker.push(chunk));
    if (chunk.type !== 'word' || !Number.isFinite(chunk.startMs)) return parts;
    if (!(chunk.textOffset >= 0 && chunk.textOffset < voiceText.length)) return parts;
    const place = textOffset + voiceTextPlaces.placeOf(Math.floor(chunk.textOffset));
    return [...parts, { type: 'word', text: chunk.text, startMs: chunk.startMs, textOffset: place }];
  };

  return {
    *take(chunk) {
      if (chunk.type === 'audio') return yield* takeAudio(chunk);
      const parts = marks(chunk);
      if (sampleRate === undefined) early.push(...parts);
      else yield* parts;
    },
    *end() {
      if (sampleRate === undefined) {
        yield { type: 'unspoken', text, textOffset };
        return;
      }
      yield* endResampler();
      const durationMs = (samplesSoFar * 1_000) / sampleRate;
      yield* visemes(tracker.end(durationMs));
      yield { type: 'sentence-end', durationMs };
    },
  };
}

function visemes(timed: readonly TimedViseme[]): SpokenPart[] {
  if (timed.length === 0) return [];
  const frames: VisemeFrame[] = timed.map(({ viseme, startMs }) => ({ at_ms: Math.round(startMs), viseme }));
  return [{ type: 'visemes', frames }];
}
