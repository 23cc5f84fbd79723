import { createSoundEdges, type SoundEdges } from './sound-edges.ts';
import { timeWords, weightOf, type SpokenSentence } from './word-times.ts';

/** How quickly each voice speaks, learned from its finished sentences. */
export interface VoicePaces {
  /** Milliseconds for one unit of a word's weight, at normal speed. */
  paceMs(voice: string): number;
  /** A sentence of so much weight took so long, at normal speed. */
  learn(voice: string, lengthMs: number, weight: number): void;
}

export interface StartedSentence {
  readonly text: string;
  /** In the reply, where the text before it ended. */
  readonly textOffset: number;
  /** On the line of the loudspeaker. */
  readonly atMs: number;
  /** How quickly it is spoken; 1 is normal. */
  readonly speed: number;
}

/** What one reply says, and where in its sound. */
export interface PlayedLedger {
  /** A sentence begins. */
  sentence(sentence: StartedSentence): void;
  /** Sound of this sentence. */
  audio(samples: Int16Array, sampleRate: number): void;
  /** A word of this sentence: milliseconds from its first sample, place in the reply. */
  word(startMs: number, textOffset: number): void;
  /** Who speaks from here on. */
  voice(provider: string): void;
  /** The sentence is over. */
  sentenceEnd(): void;
  unspoken(text: string): void;
  /** The reply as far as it was given here. */
  said(): string;
  /** What of the reply is said when the loudspeaker is at `placeMs` of its line: whole words, half of the last one at least. */
  heardAt(placeMs: number): string;
}

/** A Korean syllable of an ordinary voice, which counts as much as so many syllables that were heard. */
const USUAL_PACE_MS = 165;
const USUAL_WEIGHT = 8;
/** What earlier sentences count beside the latest. */
const EARLIER_SHARE = 0.7;
const MOST_VOICES = 20;
/** Rounding on the way from samples to milliseconds. */
const ALL_BUT_MS = 1;

export function createVoicePaces(): VoicePaces {
  const heard = new Map<string, { readonly lengthMs: number; readonly weight: number }>();
  const nothing = { lengthMs: 0, weight: 0 };
  return {
    paceMs(voice) {
      const { lengthMs, weight } = heard.get(voice) ?? nothing;
      return (lengthMs + USUAL_WEIGHT * USUAL_PACE_MS) / (weight + USUAL_WEIGHT);
    },
    learn(voice, lengthMs, weight) {
      const before = heard.get(voice) ?? nothing;
      heard.delete(voice);
      heard.set(voice, {
        lengthMs: before.lengthMs * EARLIER_SHARE + lengthMs,
        weight: before.weight * EARLIER_SHARE + weight,
      });
      if (heard.size > MOST_VOICES) heard.delete(heard.keys().next().value!);
    },
  };
}

interface Stretch extends StartedSentence {
  readonly edges: SoundEdges;
  readonly words: { startMs: number; textOffset: number }[];
  voice: string;
  isTimed: boolean;
  soundMs: number;
  isOver: boolean;
}

export function createPlayedLedger(paces: VoicePaces): PlayedLedger {
  const sentences: Stretch[] = [];
  let text = '';
  let voice = '';

  const asSpoken = ({ edges, ...sentence }: Stretch): SpokenSentence => ({
    ...sentence,
    beginMs: edges.beginMs,
    endMs: edges.endMs,
    pauses: edges.pauses,
  });
  /** How much of a sentence is said `playedMs` after its begin, in UTF-16 units. */
  const heardOf = (sentence: Stretch, playedMs: number): number => {
    let heard = 0;
    const usualMs = paces.paceMs(sentence.voice) / sentence.speed;
    for (const { end, startMs, endMs } of timeWords(asSpoken(sentence), usualMs)) {
      if (playedMs < (startMs + endMs) / 2) break;
      heard = end;
    }
    return heard;
  };

  return {
    sentence(started) {
      text += started.text;
      sentences.push({
        ...started,
        edges: createSoundEdges(),
        words: [],
        voice,
        isTimed: false,
        soundMs: 0,
        isOver: false,
      });
    },
    audio(samples, sampleRate) {
      const sentence = sentences.at(-1)!;
      sentence.edges.push(samples, sampleRate);
      sentence.soundMs += (samples.length * 1_000) / sampleRate;
    },
    word(startMs, textOffset) {
      const sentence = sentences.at(-1)!;
      sentence.words.push({ startMs, textOffset: textOffset - sentence.textOffset });
      sentence.isTimed = true;
    },
    voice(provider) {
      voice = provider;
      const sentence = sentences.at(-1);
      if (sentence === undefined || sentence.isOver) return;
      sentence.voice = provider;
      sentence.isTimed = false;
    },
    sentenceEnd() {
      const sentence = sentences.at(-1)!;
      sentence.isOver = true;
      const { beginMs, endMs } = sentence.edges;
      paces.learn(sentence.voice, (endMs - beginMs) * sentence.speed, weightOf(sentence.text));
    },
    unspoken(unspokenText) {
      text += unspokenText;
    },
    said: () => text,
    heardAt(placeMs) {
      let heard = 0;
      for (const [index, sentence] of sentences.entries()) {
        const playedMs = placeMs - sentence.atMs;
        if (playedMs <= 0) break;
        if (sentence.isOver && playedMs >= sentence.soundMs - ALL_BUT_MS) {
          // What is only shown behind it belongs to it.
          heard = sentences[index + 1]?.textOffset ?? text.length;
          continue;
        }
        const words = heardOf(sentence, playedMs);
        if (words > 0) heard = sentence.textOffset + words;
        break;
      }
      return text.slice(0, heard);
    },
  };
}
