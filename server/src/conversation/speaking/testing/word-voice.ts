import type { ManualClock } from '../../../providers/fake/manual-clock.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../../providers/spec/tts.ts';

export interface WordVoiceOptions {
  readonly id?: string;
  readonly clock: ManualClock;
  /** In [0, 1), the same row again for the same seed. */
  readonly random: () => number;
  readonly givesTimes: boolean;
  /** One shape for all, so that none has to be found in the sound, which takes longer than all else. */
  readonly givesMouth?: boolean;
  readonly sampleRate?: number;
  /** How long a syllable takes, on average. */
  readonly syllableMs?: number;
  /** How much syllables differ, as a share. */
  readonly unevenness?: number;
  /** How long it takes before its first sound of a sentence. */
  readonly latencyMs?: number;
  /** How long it takes for a second of sound, in seconds. */
  readonly slowness?: number;
  readonly pieceMs?: number;
}

/** A word and when its sound begins and ends within the sentence. */
export interface SoundedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A voice whose words are known to the millisecond, whether it tells or not. */
export interface WordVoice extends TextToSpeech {
  readonly asked: readonly SpeechRequest[];
  /** The words of each sentence as they lie in its sound, by what was asked. */
  readonly truth: ReadonlyMap<string, readonly SoundedWord[]>;
  /** Longest row of sentences that it worked on at once. */
  readonly mostAtOnce: number;
}

export function createWordVoice(options: WordVoiceOptions): WordVoice {
  const { id = 'fake_words', clock, random, givesTimes, sampleRate = 16_000, syllableMs = 170 } = options;
  const { unevenness = 0.25, givesMouth = false, latencyMs = 0, slowness = 0, pieceMs = 100 } = options;
  const asked: SpeechRequest[] = [];
  const truth = new Map<string, readonly SoundedWord[]>();
  let atOnce = 0;
  let mostAtOnce = 0;
  const samplesIn = (ms: number) => Math.round((ms * sampleRate) / 1_000);

  const layOut = ({ text, speed = 1 }: SpeechRequest) => {
    let nowMs = 30 + random() * 120;
    const words: SoundedWord[] = [];
    for (const [word] of text.matchAll(/\S+/g)) {
      const letters = word.match(/[a-z]/gi)?.length ?? 0;
      const syllables = word.match(/\p{Script=Hangul}/gu)?.length ?? Math.max(1, letters * 0.35);
      const lengthMs = (syllables * syllableMs * (1 + unevenness * (random() * 2 - 1))) / speed;
      words.push({ text: word, startMs: nowMs, endMs: nowMs + lengthMs });
      nowMs += lengthMs + (/[,.!?]$/.test(word) ? 150 + random() * 250 : 0);
    }
    return { words, totalMs: (words.at(-1)?.endMs ?? 0) + 50 + random() * 200 };
  };

  async function* synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    asked.push(request);
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    try {
      const { words, totalMs } = layOut(request);
      truth.set(request.text, words);
      const sound = new Int16Array(samplesIn(totalMs));
      for (const { startMs, endMs } of words) sound.fill(3_000, samplesIn(startMs), samplesIn(endMs));
      if (latencyMs > 0) await clock.sleep(latencyMs, signal);
      if (givesMouth) yield { type: 'viseme', viseme: 'A', startMs: 0 };
      const marks = givesTimes ? [...words] : [];
      let textOffset = 0;
      for (let at = 0; at < sound.length; at += samplesIn(pieceMs)) {
        const samples = sound.subarray(at, at + samplesIn(pieceMs));
        const endMs = ((at + samples.length) * 1_000) / sampleRate;
        if (slowness > 0) await clock.sleep((slowness * samples.length * 1_000) / sampleRate, signal);
        while (marks.length > 0 && marks[0]!.startMs < endMs) {
          const { text, startMs } = marks.shift()!;
          textOffset = request.text.indexOf(text, textOffset);
          yield { type: 'word', text, startMs, textOffset };
          textOffset += text.length;
        }
        yield { type: 'audio', samples, sampleRate };
      }
    } finally {
      atOnce--;
    }
  }

  return {
    kind: 'tts',
    revision: `${id}:1`,
    info: { id, name: id, cost: 'free', local: true, standIn: true, languages: [], needs: '' },
    asked,
    truth,
    get mostAtOnce() {
      return mostAtOnce;
    },
    availability: () => ({ available: true }),
    voices: () => [{ id, name: id, languages: [] }],
    synthesize,
  };
}
