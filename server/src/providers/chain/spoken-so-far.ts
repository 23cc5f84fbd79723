import { ProviderError, type Skipped } from '../spec/provider.ts';
import type { SpeechChunk } from '../spec/tts.ts';
import { joint } from './joint.ts';
import { createQuietSpans } from './quiet-spans.ts';
import { isSpeakable, nextUnsaid, spokenMs, type TimedPlace } from './said.ts';

type SourceChunk = Extract<SpeechChunk, { type: 'source' }>;
type AudioChunk = Extract<SpeechChunk, { type: 'audio' }>;
/** A chunk with a time. */
type MarkChunk = Extract<SpeechChunk, { startMs: number }>;

/** One answer, whoever gives it: what was given of it, on one line of time. */
export interface SpokenSoFar {
  /** Whose sound was given last; undefined before the first one. */
  readonly speaker: string | undefined;
  /** A voice begins to say what is left. `skipped` may grow until its first sound. */
  begin(provider: string, revision: string, skipped: readonly Skipped[]): VoicePart;
  /** The silence before another voice; nothing when there was none since the last one. */
  joint(): SpeechChunk[];
}

/** What one voice gives of an answer. Its times and places are brought into those of the whole. */
export interface VoicePart {
  /** What this voice has to say. */
  readonly text: string;
  readonly hasSound: boolean;
  /** Milliseconds of sound so far in which something is said. */
  readonly spokenMs: number;
  /**
   * What can be passed on now that `chunk` has come. Nothing before the first sound; a time only with the sound that it lies
   * in, so that none is left over when the voice breaks off.
   *
   * @throws {ProviderError} `failed` for sound that nobody can play.
   */
  take(chunk: SpeechChunk): SpeechChunk[];
  /** What was held back, when the voice has ended. @throws {ProviderError} `failed` when it had something to say and did not. */
  end(): SpeechChunk[];
  /** The voice failed: works out what is left. True when nothing is. `slowness` as in `nextUnsaid`. */
  breakOff(slowness: number | undefined): boolean;
}

const SLOWEST_RATE = 8_000;
const FASTEST_RATE = 192_000;

export function createSpokenSoFar(wholeText: string): SpokenSoFar {
  /** Place in the whole text from which on nothing was said. */
  let place = 0;
  /** Sound given so far, silence at joints included. */
  let totalMs = 0;
  /** The last sound since the last joint. */
  let last: AudioChunk | undefined;
  let speaker: string | undefined;

  return {
    get speaker() {
      return speaker;
    },

    joint() {
      if (last === undefined) return [];
      const { samples, sampleRate } = last;
      const silence = joint(samples.at(-1)!, sampleRate);
      last = undefined;
      totalMs += (silence.length * 1_000) / sampleRate;
      return [{ type: 'audio', samples: silence, sampleRate }];
    },

    begin(provider, revision, skipped) {
      const text = wholeText.slice(place);
      const startMs = totalMs;
      const startPlace = place;
      const words: TimedPlace[] = [];
      const pauses: number[] = [];
      let source: SourceChunk = { type: 'source', provider, revision, skipped: [...skipped] };
      let held: MarkChunk[] = [];
      let givenMs = 0;
      const quiet = createQuietSpans();
      let sampleRate: number | undefined;
      let isTold = false;

      /** Brings a time of this voice onto the line of the whole. */
      const shifted = (mark: MarkChunk): MarkChunk => ({
        ...mark,
        startMs: startMs + mark.startMs,
        ...(mark.type === 'word' ? { textOffset: startPlace + mark.textOffset } : {}),
      });

      const release = (isDue: (mark: MarkChunk) => boolean): MarkChunk[] => {
        const due = held.filter(isDue);
        held = held.filter((mark) => !isDue(mark));
        return due.map(shifted);
      };

      const announce = (): SourceChunk[] => {
        if (isTold) return [];
        isTold = true;
        return [source];
      };

      const takeMark = (mark: MarkChunk): SpeechChunk[] => {
        if (!Number.isFinite(mark.startMs)) return [];
        if (mark.type === 'word') words.push(mark);
        if (isPause(mark)) pauses.push(mark.startMs);
        held.push(mark);
        return isTold ? release((other) => other.startMs <= givenMs) : [];
      };

      const takeAudio = (audio: AudioChunk): SpeechChunk[] => {
        if (!isPlayable(audio) || (sampleRate ?? audio.sampleRate) !== audio.sampleRate) {
          throw new ProviderError('failed', provider, 'it gave sound that can not be played');
        }
        if (audio.samples.length === 0) return [];
        sampleRate = audio.sampleRate;
        quiet.push(audio.samples, sampleRate);
        const before = announce();
        givenMs += (audio.samples.length * 1_000) / sampleRate;
        totalMs = startMs + givenMs;
        last = audio;
        speaker = provider;
        return [...before, ...release((mark) => mark.startMs < givenMs), audio];
      };

      return {
        text,
        get hasSound() {
          return isTold;
        },
        get spokenMs() {
          return spokenMs({ startMs: 0, endMs: givenMs }, quiet.spans());
        },
        take(chunk) {
          switch (chunk.type) {
            case 'audio':
              return takeAudio(chunk);
            case 'source':
              // Of a chain within the chain; it sends another one where a voice of its own takes over.
              source = { ...chunk, skipped: [...skipped, ...chunk.skipped] };
              return isTold ? [source] : [];
            case 'word':
            case 'phoneme':
            case 'viseme':
              return takeMark(chunk);
          }
        },
        end() {
          if (!isTold && isSpeakable(text)) throw new ProviderError('failed', provider, 'it gave no sound');
          return [...announce(), ...release(() => true)];
        },
        breakOff(slowness) {
          if (!isTold) return false;
          place = startPlace + nextUnsaid({ text, givenMs, words, pauses, quiet: quiet.spans(), slowness });
          return place >= wholeText.length;
        },
      };
    },
  };
}

function isPlayable({ samples, sampleRate }: AudioChunk): boolean {
  return (
    samples instanceof Int16Array &&
    Number.isInteger(sampleRate) &&
    sampleRate >= SLOWEST_RATE &&
    sampleRate <= FASTEST_RATE
  );
}

function isPause(mark: MarkChunk): boolean {
  return (
    (mark.type === 'phoneme' && mark.symbol === '') || (mark.type === 'viseme' && mark.viseme === 'rest')
  );
}
