import type { SpeechChunk } from '../providers/spec/tts.ts';
import { alignSounds, loudestLevel } from './align-sounds.ts';
import { createMouthRow, type TimedViseme } from './mouth-row.ts';
import { mouthOfPhoneme } from './phoneme-mouths.ts';
import { createSoundFrames, FRAME_MS, type SoundFrame } from './sound-frames.ts';
import { toSpokenText } from './spoken-text.ts';
import { soundsOfText } from './text-mouths.ts';

export type { TimedViseme } from './mouth-row.ts';

export interface SpokenText {
  /** What is spoken, as it was asked for. */
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
}

/**
 * Shapes of the mouth for a stream of speech, in one form whoever speaks: from the voice's own shapes where it gives them, else
 * from its phonemes, else from the text, laid out between the times of its words, or where it gives none of those either, over
 * the whole sound by what is heard in it.
 */
export interface VisemeTracker {
  /** The shapes that are known now; their times never run back. Keeps none of the samples. */
  push(chunk: SpeechChunk): readonly TimedViseme[];
  /**
   * The rest, with the mouth at rest at the end. For a voice without any times this is all of it.
   *
   * @param durationMs Of the whole sound.
   */
  end(durationMs: number): readonly TimedViseme[];
}

interface Word {
  readonly startMs: number;
  readonly textOffset: number;
  readonly length: number;
}

/** A gap between words that is shorter does not close the mouth. */
const SHORTEST_REST_MS = 80;
/** So far below the vowels the mouth of an unknown language is at rest. */
const OPEN_DECIBELS = 18;
const LOUD_FRAMES = 500;
/** A shape that lasts less is gone before a screen has shown it. */
const SHORTEST_SHAPE_MS = 20;

export function createVisemeTracker(spoken: SpokenText): VisemeTracker {
  return new Tracker(spoken);
}

class Tracker implements VisemeTracker {
  readonly #spoken: SpokenText;
  readonly #sound = createSoundFrames();
  readonly #row = createMouthRow();
  #evidence: 'visemes' | 'phonemes' | 'none' = 'none';
  /** Words that are not laid out yet; the last one waits for the next one's start. */
  #words: Word[] = [];
  /** What is not covered by anything yet: the text from here, the sound from here. */
  #textFrom = 0;
  #soundFromMs = 0;
  #last: TimedViseme | undefined;

  constructor(spoken: SpokenText) {
    this.#spoken = spoken;
  }

  push(chunk: SpeechChunk): readonly TimedViseme[] {
    switch (chunk.type) {
      case 'source':
        return this.#changeVoice();
      case 'audio':
        this.#sound.push(chunk.samples, chunk.sampleRate);
        return this.#inOrder(this.#finishedWords());
      case 'word':
        this.#addWord({ ...chunk, length: chunk.text.length });
        return [];
      case 'phoneme':
        if (this.#evidence === 'visemes') return [];
        this.#evidence = 'phonemes';
        return this.#inOrder(
          this.#row.push(mouthOfPhoneme(chunk.symbol, this.#spoken.language), chunk.startMs),
        );
      case 'viseme':
        this.#evidence = 'visemes';
        return this.#inOrder([chunk]);
    }
  }

  end(durationMs: number): readonly TimedViseme[] {
    const rest = this.#evidence === 'none' ? this.#layOutRest(durationMs) : [];
    return this.#inOrder([...rest, { viseme: 'rest', startMs: durationMs }]);
  }

  /** Another voice goes on, and may tell more or less than the one before. */
  #changeVoice(): readonly TimedViseme[] {
    const nowMs = this.#sound.durationMs;
    // Where nothing tells how much of the text was said, all of it is laid out over all of the sound.
    const isKnown = this.#words.length > 0 || this.#textFrom > 0;
    if (nowMs === 0 || (this.#evidence === 'none' && !isKnown)) return [];
    const rest = this.#evidence === 'none' ? this.#layOutWords(nowMs) : [];
    const last = this.#words.at(-1);
    if (last !== undefined) this.#textFrom = last.textOffset + last.length;
    this.#words = [];
    this.#soundFromMs = nowMs;
    this.#evidence = 'none';
    this.#row.reset();
    return this.#inOrder(rest);
  }

  #addWord(word: Word): void {
    const isFirst = this.#words.length === 0 && word.textOffset > this.#textFrom;
    if (isFirst && word.startMs > this.#soundFromMs) {
      // A voice may leave out the times of some words: what stands before is said before.
      const length = word.textOffset - this.#textFrom;
      this.#words.push({ startMs: this.#soundFromMs, textOffset: this.#textFrom, length });
    }
    this.#words.push(word);
  }

  /** Words whose whole sound has come. */
  #finishedWords(): TimedViseme[] {
    if (this.#evidence !== 'none') {
      this.#words.splice(0, this.#words.length - 1);
      return [];
    }
    const visemes: TimedViseme[] = [];
    while (this.#words.length > 1 && this.#sound.durationMs >= this.#words[1]!.startMs) {
      visemes.push(...this.#layOutNextWord(this.#words[1]!));
    }
    return visemes;
  }

  #layOutRest(durationMs: number): TimedViseme[] {
    if (this.#words.length > 0) return this.#layOutWords(durationMs);
    return this.#layOut(this.#spoken.text.slice(this.#textFrom), this.#soundFromMs, durationMs);
  }

  #layOutWords(endMs: number): TimedViseme[] {
    const end = { startMs: endMs, textOffset: this.#spoken.text.length };
    const visemes: TimedViseme[] = [];
    while (this.#words.length > 0) visemes.push(...this.#layOutNextWord(this.#words[1] ?? end));
    return visemes;
  }

  /** The first word, up to the one behind it. */
  #layOutNextWord(next: Pick<Word, 'startMs' | 'textOffset'>): TimedViseme[] {
    const word = this.#words.shift()!;
    this.#textFrom = word.textOffset + word.length;
    this.#soundFromMs = next.startMs;
    const isLast = this.#words.length === 0;
    // The last word that is known is not the last of the text when another voice takes over.
    const textEnd = isLast ? this.#textFrom : Math.max(this.#textFrom, next.textOffset);
    return this.#layOut(this.#spoken.text.slice(word.textOffset, textEnd), word.startMs, next.startMs);
  }

  /** `text` between two times. */
  #layOut(text: string, fromMs: number, toMs: number): TimedViseme[] {
    const from = Math.round(fromMs / FRAME_MS);
    const to = Math.round(toMs / FRAME_MS);
    const frames = this.#sound.frames.slice(from, to);
    // How loud the voice is shows in more than one word.
    const loud = loudestLevel(this.#sound.frames.slice(Math.max(0, Math.min(from, to - LOUD_FRAMES)), to));
    const isKorean = /^ko\b/i.test(this.#spoken.language);
    const sounds = soundsOfText(isKorean ? toSpokenText(text) : text);
    if (sounds.length === 0) return byLoudness(frames, loud, fromMs);
    if (frames.length === 0) {
      const step = (toMs - fromMs) / sounds.length;
      return sounds.flatMap(({ mouth }, at) => this.#row.push(mouth, fromMs + at * step));
    }
    const { startsMs, endMs } = alignSounds(sounds, frames, loud);
    const visemes = sounds.flatMap(({ mouth }, at) => {
      const lengthMs = (startsMs[at + 1] ?? endMs) - startsMs[at]!;
      if (mouth === 'rest' && lengthMs < SHORTEST_REST_MS) return [];
      return this.#row.push(mouth, fromMs + startsMs[at]!);
    });
    const isRest = toMs - fromMs - endMs >= SHORTEST_REST_MS;
    return isRest ? [...visemes, ...this.#row.push('rest', fromMs + endMs)] : visemes;
  }

  /** Without what repeats; a shape too short to be seen leaves its time to the one behind it, where that is known. */
  #inOrder(visemes: readonly TimedViseme[]): TimedViseme[] {
    const ordered: TimedViseme[] = [];
    let sinceMs: number | undefined;
    for (const [at, { viseme, startMs }] of visemes.entries()) {
      if (viseme === (this.#last?.viseme ?? 'rest')) {
        sinceMs = undefined;
        continue;
      }
      const beginMs = Math.max(sinceMs ?? startMs, this.#last?.startMs ?? 0);
      const next = visemes[at + 1];
      const isSeen =
        next === undefined || next.viseme === viseme || next.startMs - beginMs >= SHORTEST_SHAPE_MS;
      sinceMs = isSeen ? undefined : beginMs;
      if (!isSeen) continue;
      this.#last = { viseme, startMs: beginMs };
      ordered.push(this.#last);
    }
    return ordered;
  }
}

/** For a text that we can't read: the mouth opens with the voice. */
function byLoudness(frames: readonly SoundFrame[], loud: number, fromMs: number): TimedViseme[] {
  const visemes: TimedViseme[] = [];
  const steps = SHORTEST_REST_MS / FRAME_MS;
  for (let at = 0; at < frames.length; at += steps) {
    const level = Math.max(...frames.slice(at, at + steps).map((frame) => frame.level));
    visemes.push({ viseme: level > loud - OPEN_DECIBELS ? 'A' : 'rest', startMs: fromMs + at * FRAME_MS });
  }
  return visemes;
}
