import type { Clock } from '../../../lib/clock.ts';
import type { SpeechChunk } from '../../spec/tts.ts';
import { wordNumber } from './numbered-text.ts';
import type { SimulatedVoice } from './simulated-voice.ts';

export interface Account {
  readonly wrongs: readonly string[];
  /** Words that more than one voice said whole: where the first of them gave times, and where it gave none. */
  readonly saidTwice: { readonly withTimes: number; readonly without: number };
  readonly longestGapMs: number;
  /** True when somebody failed on the way. */
  readonly hadFault: boolean;
  /** Who spoke, in order. */
  readonly speakers: readonly string[];
}

/** A word of which so much was heard in one piece counts as heard. */
const HEARD = 0.75;
const WHOLE = 0.99;

/** Plays what a chain gives as it comes, from the moment that it was asked, and keeps account. */
export function createListener({
  voices,
  clock,
  text,
}: {
  readonly voices: readonly SimulatedVoice[];
  readonly clock: Clock;
  readonly text: string;
}) {
  const words = text.split(' ');
  const wrongs: string[] = [];
  const speakers: string[] = [];
  /** Milliseconds heard of each word, by voice. */
  const heardMs = new Map<string, number>();
  let hadFault = false;
  let longestGapMs = 0;
  let givenMs = 0;
  let markMs = 0;
  /** When all that was given so far has been played, silences included; and when the last word ended. */
  let playedAt = clock.monotonicMs();
  let speechEndsAt = playedAt;

  function hearSound(samples: Int16Array, sampleRate: number): void {
    const lengthMs = (samples.length * 1_000) / sampleRate;
    const startsAt = Math.max(playedAt, clock.monotonicMs());
    givenMs += lengthMs;
    playedAt = startsAt + lengthMs;
    const value = samples.at(-1)!;
    // The joint of the chain: silence, and nobody's.
    if (value === 0) return;
    longestGapMs = Math.max(longestGapMs, startsAt - speechEndsAt);
    speechEndsAt = playedAt;
    // In a pause it is the number of the voice itself.
    const isPause = value < 1_000;
    const voice = voices[(isPause ? value : Math.floor(value / 1_000)) - 1];
    if (voice === undefined || voice.info.id !== speakers.at(-1)) {
      wrongs.push(`${voice?.info.id ?? 'nobody'} spoke while ${speakers.at(-1) ?? 'nobody'} had the word`);
      return;
    }
    if (isPause) return;
    const word = (value % 1_000) - 1;
    const key = `${word} ${voice.info.id}`;
    heardMs.set(key, (heardMs.get(key) ?? 0) + lengthMs);
  }

  return {
    hear(chunk: SpeechChunk): void {
      switch (chunk.type) {
        case 'source':
          speakers.push(chunk.provider);
          if (chunk.skipped.some(({ reason }) => reason !== 'circuit open')) hadFault = true;
          return;
        case 'audio':
          return hearSound(chunk.samples, chunk.sampleRate);
        case 'word':
          if (!text.startsWith(chunk.text, chunk.textOffset)) wrongs.push(`"${chunk.text}" is not there`);
          if (wordNumber(chunk.text) >= words.length) wrongs.push('a word of another text');
          break;
        case 'phoneme':
        case 'viseme':
      }
      if (chunk.startMs < markMs - 1e-6 || chunk.startMs > givenMs + 1e-6) {
        wrongs.push(`a time of ${chunk.startMs} ms after one of ${markMs} ms, with ${givenMs} ms given`);
      }
      markMs = chunk.startMs;
    },

    account(): Account {
      const saidTwice = { withTimes: 0, without: 0 };
      words.forEach((word, place) => {
        const shares = voices.map(
          (voice) => (heardMs.get(`${place} ${voice.info.id}`) ?? 0) / voice.wordMs(word),
        );
        if (Math.max(...shares) < HEARD) wrongs.push(`"${word}" was lost: ${shares.join(', ')}`);
        if (shares.some((share) => share > 1.01)) wrongs.push(`one voice said "${word}" again`);
        const whole = voices.filter((_, voice) => shares[voice]! >= WHOLE);
        if (whole.length < 2) return;
        const first = whole.find(
          ({ info }) => info.id === speakers.find((id) => whole.some((voice) => voice.info.id === id)),
        );
        saidTwice[first?.givesTimes === true ? 'withTimes' : 'without'] += 1;
      });
      return { wrongs, saidTwice, longestGapMs, hadFault, speakers };
    },
  };
}
