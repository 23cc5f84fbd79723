import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import { timeSpoken, type TimedWord } from './spoken-words.ts';

export interface SimulatedLoudspeakerOptions {
  readonly clock: ManualClock;
  /** How often it tells how far it got; 100 ms. */
  readonly reportEveryMs?: number;
  /** Sound that waits before it begins; 60 ms. */
  readonly startBufferMs?: number;
  readonly onPlayed: (audioId: number, ms: number) => void;
}

/** One sound as it was really heard. */
export interface PlayedSound {
  readonly turnId: string;
  readonly text: string;
  readonly playedMs: number;
  readonly sentMs: number;
}

/** The person's end of the line: plays sounds one after the other, quieter or not at all when it is told to. */
export interface SimulatedLoudspeaker {
  begin(sound: {
    readonly turnId: string;
    readonly audioId: number;
    readonly sampleRate: number;
    readonly text: string;
  }): void;
  sound(audioId: number, samples: Int16Array): void;
  duck(decibels: number): void;
  restore(): void;
  stop(): void;
  /** It plays, but tells nobody from now on. */
  fallSilent(): void;
  readonly isPlaying: boolean;
  /** Decibels it is turned down by. */
  readonly duckedBy: number;
  /** Decibels it was turned down by at a moment. */
  duckedAt(atMs: number): number;
  played(): readonly PlayedSound[];
  /** Adds what it plays from `fromMs` on to `into`, which is 16 kHz; true when it plays then. */
  mixInto(into: Float32Array, fromMs: number, gain: number): boolean;
  /** Words of which most was heard between two moments. */
  wordsBetween(fromMs: number, toMs: number): readonly TimedWord[];
}

interface Sound {
  readonly turnId: string;
  readonly audioId: number;
  readonly rate: number;
  readonly text: string;
  /** From its first sample on. */
  readonly words: readonly TimedWord[];
  /** Pieces of it, each with when it is played. */
  readonly pieces: { readonly startMs: number; readonly samples: Int16Array }[];
  sentMs: number;
  /** Nothing is heard from this moment on. */
  stoppedAtMs: number;
}

const MICROPHONE_RATE = 16_000;
const lengthOf = (samples: Int16Array, rate: number) => (samples.length / rate) * 1000;

export function createSimulatedLoudspeaker(options: SimulatedLoudspeakerOptions): SimulatedLoudspeaker {
  const { clock, reportEveryMs = 100, startBufferMs = 60, onPlayed } = options;
  const sounds: Sound[] = [];
  /** When all that came is played. */
  let endsAtMs = Number.NEGATIVE_INFINITY;
  let duckedBy = 0;
  const ducks: { readonly atMs: number; readonly decibels: number }[] = [];
  const turnDown = (decibels: number) => {
    duckedBy = decibels;
    ducks.push({ atMs: clock.monotonicMs(), decibels });
  };
  let isReporting = false;
  /** Words on sounds that end, which are said no more once it is stopped. */
  const callsOff = new Set<() => void>();
  let isSilent = false;

  const playedMs = ({ pieces, rate, stoppedAtMs }: Sound, atMs = clock.monotonicMs()) =>
    pieces.reduce(
      (sum, { startMs, samples }) =>
        sum + Math.max(0, Math.min(Math.min(atMs, stoppedAtMs) - startMs, lengthOf(samples, rate))),
      0,
    );
  const current = () =>
    sounds.findLast(({ pieces }) => (pieces[0]?.startMs ?? Infinity) <= clock.monotonicMs());
  const report = (sound: Sound) => {
    if (!isSilent) onPlayed(sound.audioId, Math.round(playedMs(sound)));
  };
  const run = () => {
    const sound = current();
    if (sound !== undefined) report(sound);
    const leftMs = endsAtMs - clock.monotonicMs();
    isReporting = leftMs > 0;
    if (isReporting) clock.after(Math.min(reportEveryMs, leftMs), run);
  };

  return {
    get isPlaying() {
      return endsAtMs > clock.monotonicMs();
    },
    get duckedBy() {
      return duckedBy;
    },
    duckedAt: (atMs) => ducks.findLast((duck) => duck.atMs <= atMs)?.decibels ?? 0,
    begin({ turnId, audioId, sampleRate, text }) {
      const { words } = timeSpoken(text);
      const sound = { turnId, audioId, rate: sampleRate, text, words };
      sounds.push({ ...sound, pieces: [], sentMs: 0, stoppedAtMs: Infinity });
    },
    sound(audioId, samples) {
      const sound = sounds.findLast((other) => other.audioId === audioId);
      if (sound === undefined || sound.stoppedAtMs !== Infinity) return;
      const now = clock.monotonicMs();
      const startMs = endsAtMs > now ? endsAtMs : now + startBufferMs;
      const isFirst = sound.pieces.length === 0;
      sound.pieces.push({ startMs, samples });
      const lengthMs = lengthOf(samples, sound.rate);
      sound.sentMs += lengthMs;
      endsAtMs = startMs + lengthMs;
      const before = sounds.at(-2);
      // Every sound is told of when it ends: just before the next one begins.
      if (isFirst && before !== undefined && startMs > now) {
        const callOff = clock.after(startMs - now, () => {
          callsOff.delete(callOff);
          report(before);
        });
        callsOff.add(callOff);
      }
      if (isReporting) return;
      isReporting = true;
      clock.after(Math.min(reportEveryMs, endsAtMs - now), run);
    },
    duck: turnDown,
    restore() {
      turnDown(0);
    },
    stop() {
      const now = clock.monotonicMs();
      const sound = current();
      for (const each of sounds) each.stoppedAtMs = Math.min(each.stoppedAtMs, now);
      for (const callOff of callsOff) callOff();
      callsOff.clear();
      turnDown(0);
      const wasPlaying = endsAtMs > now;
      endsAtMs = Number.NEGATIVE_INFINITY;
      if (sound !== undefined && wasPlaying) report(sound);
    },
    fallSilent() {
      isSilent = true;
    },
    played: () =>
      sounds.map((sound) => ({
        turnId: sound.turnId,
        text: sound.text,
        playedMs: playedMs(sound),
        sentMs: sound.sentMs,
      })),
    mixInto(into, fromMs, gain) {
      const toMs = fromMs + (into.length / MICROPHONE_RATE) * 1000;
      const scale = gain / 32_768;
      let isHeard = false;
      for (let index = sounds.length - 1; index >= 0; index--) {
        const { pieces, rate, stoppedAtMs } = sounds[index]!;
        for (let place = pieces.length - 1; place >= 0; place--) {
          const { startMs, samples } = pieces[place]!;
          if (startMs >= toMs || stoppedAtMs <= fromMs) continue;
          if (startMs + lengthOf(samples, rate) <= fromMs) return isHeard;
          isHeard = true;
          const step = rate / MICROPHONE_RATE;
          let from = ((fromMs - startMs) / 1000) * rate;
          for (let at = 0; at < into.length; at++, from += step) {
            if (from >= 0 && from < samples.length) into[at]! += samples[from | 0]! * scale;
          }
        }
      }
      return isHeard;
    },
    wordsBetween(fromMs, toMs) {
      const heard: TimedWord[] = [];
      for (const { pieces, words, stoppedAtMs } of sounds) {
        const beganMs = pieces[0]?.startMs ?? Infinity;
        const lastMs = Math.min(toMs, stoppedAtMs);
        if (beganMs > lastMs || beganMs + (words.at(-1)?.endMs ?? 0) < fromMs) continue;
        for (const word of words) {
          const startMs = beganMs + word.startMs;
          const endMs = beganMs + word.endMs;
          if (fromMs <= (startMs + endMs) / 2 && endMs <= lastMs)
            heard.push({ text: word.text, startMs, endMs });
        }
      }
      return heard;
    },
  };
}
