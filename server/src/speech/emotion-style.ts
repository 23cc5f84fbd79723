import type { SpokenEmotion } from '@malbeot/protocol';

/** How an emotion moves a voice. */
export interface EmotionShift {
  /** Fractions of an octave, up or down. */
  readonly pitchOctaves: number;
  /** A factor on the speed. */
  readonly rate: number;
  /** A fraction of the loudness, more or less. */
  readonly volume: number;
}

/** What a request asks of a voice, 1 for each being normal. */
export interface VoiceStyle {
  /** 0.25 to 4. */
  readonly speed: number;
  /** 0.5 to 2. */
  readonly pitch: number;
  /** Factor on the amplitude at normal loudness. */
  readonly volume: number;
}

/** The five with numbers are the character's, who moves her voice by the same ones. Love has none there; it is joy by half, unhurried. */
export const EMOTION_SHIFTS: Readonly<Record<SpokenEmotion, EmotionShift>> = {
  neutral: { pitchOctaves: 0, rate: 1, volume: 0 },
  joy: { pitchOctaves: 0.2, rate: 1.1, volume: 0.1 },
  sadness: { pitchOctaves: -0.15, rate: 0.9, volume: -0.1 },
  anger: { pitchOctaves: 0.1, rate: 1.2, volume: 0.15 },
  fear: { pitchOctaves: 0.3, rate: 1.3, volume: -0.05 },
  surprise: { pitchOctaves: 0.25, rate: 1.15, volume: 0.05 },
  love: { pitchOctaves: 0.1, rate: 0.95, volume: 0 },
};

/** The emotions that a voice can be asked for. */
export const SPOKEN_EMOTIONS = Object.keys(EMOTION_SHIFTS) as readonly SpokenEmotion[];

const SPEED = { least: 0.25, most: 4 };
const PITCH = { least: 0.5, most: 2 };

/** Speed, pitch and volume for `emotion` on top of what was asked for, within what voices take. */
export function emotionStyle(
  emotion: SpokenEmotion,
  { speed = 1, pitch = 1 }: { readonly speed?: number | undefined; readonly pitch?: number | undefined } = {},
): VoiceStyle {
  const shift = EMOTION_SHIFTS[emotion];
  return {
    speed: within(speed * shift.rate, SPEED),
    pitch: within(pitch * 2 ** shift.pitchOctaves, PITCH),
    volume: 1 + shift.volume,
  };
}

/** Rounded to a thousandth, so that the same style is the same text in a cache's address. */
function within(value: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.round(Math.min(most, Math.max(least, value)) * 1000) / 1000;
}
