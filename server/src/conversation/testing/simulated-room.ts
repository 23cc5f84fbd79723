import type { SimulatedLoudspeaker } from './simulated-loudspeaker.ts';
import type { SimulatedPerson } from './simulated-person.ts';
import { amplitudeOf, soundOf } from './simulated-sound.ts';
import type { TimedWord } from './spoken-words.ts';

export interface SimulatedRoomOptions {
  /** What sounds all the time; `lively` is a quiet room with breaths and clicks. */
  readonly noise: 'quiet' | 'lively' | 'fan' | 'music';
  /** Of that, in dB below full scale. */
  readonly noiseDb: number;
  /** How much of the loudspeaker comes back into the microphone, in dB; null for a headset. */
  readonly leakDb: number | null;
  /** How long it takes to come back. */
  readonly leakDelayMs: number;
}

/** What one piece of the microphone's sound holds. */
export interface RoomSound {
  readonly samples: Float32Array;
  /** How sure a good detector would be that somebody speaks in it. */
  readonly speech: number;
  /** When it was taken: the moment of its last sample. */
  readonly endMs: number;
}

/** The air around a microphone. */
export interface SimulatedRoom {
  /** What the microphone took in the `count` samples before `endMs`, which is about now. */
  take(count: number, endMs: number): RoomSound;
  /** Words that a microphone here could pick up between two moments, whoever said them. */
  wordsBetween(fromMs: number, toMs: number): readonly TimedWord[];
  /** When sound that came from {@link take} was taken: the moment of its first sample; null for any other. */
  momentOf(samples: Float32Array): number | null;
}

/** Loudness of who speaks half a metre away. */
const PERSON_DB = -20;
/** Echo quieter than this over the room is understood by nobody. */
const AUDIBLE_OVER_NOISE_DB = 6;
/** A voice as it leaves the loudspeaker. */
const VOICE_DB = -20;
const RATE_PER_MS = 16;

export function createSimulatedRoom(
  options: SimulatedRoomOptions & {
    readonly person: SimulatedPerson;
    readonly loudspeaker: SimulatedLoudspeaker;
    readonly random: () => number;
  },
): SimulatedRoom {
  const { person, loudspeaker, random, noise, noiseDb, leakDb, leakDelayMs } = options;
  const isLively = noise === 'lively';
  const background = soundOf(isLively || noise === 'quiet' ? 'hiss' : noise);
  const noiseGain = amplitudeOf(noiseDb);
  const personGain = amplitudeOf(PERSON_DB);
  const leakGain = leakDb === null ? 0 : amplitudeOf(leakDb);
  const isEchoAudible = leakDb !== null && VOICE_DB + leakDb > noiseDb + AUDIBLE_OVER_NOISE_DB;
  const speech = soundOf('person');
  const moments = new Map<number, number>();
  let taken = Math.floor(random() * background.length);
  let event: { readonly sound: Float32Array; readonly gain: number; at: number } | undefined;
  let nextEventMs = isLively ? 1_000 * random() : Infinity;

  /** Breaths and clicks of a room with somebody in it. */
  const disturb = (samples: Float32Array, now: number) => {
    if (event === undefined && now >= nextEventMs) {
      const isBreath = random() < 0.6;
      const gain = amplitudeOf(isBreath ? -42 - 6 * random() : -28 - 8 * random());
      event = { sound: soundOf(isBreath ? 'breath' : 'click'), gain, at: 0 };
      nextEventMs = now + 500 + 3_000 * random();
    }
    if (event === undefined) return;
    for (let at = 0; at < samples.length && event.at < event.sound.length; at++)
      samples[at]! += event.sound[event.at++]! * event.gain;
    if (event.at >= event.sound.length) event = undefined;
  };

  return {
    take(count, endMs) {
      const samples = new Float32Array(count);
      const startMs = endMs - count / RATE_PER_MS;
      taken = mixRound(background, taken, samples, noiseGain);
      if (isLively) disturb(samples, endMs);
      const isEcho =
        leakGain > 0 &&
        loudspeaker.mixInto(samples, startMs - leakDelayMs, leakGain * amplitudeOf(-loudspeaker.duckedBy));
      const somebody = person.soundAt((startMs + endMs) / 2);
      if (somebody !== null) {
        const sound = somebody === 'voice' ? speech : soundOf('breath');
        mixRound(sound, Math.round(startMs * RATE_PER_MS), samples, personGain);
      }
      // So little that nobody hears it, and no two pieces begin alike.
      samples[0]! += (moments.size % 10_000) * 1e-7;
      moments.set(markOf(samples, 0), startMs);
      const isHeardEcho = isEcho && isEchoAudible && loudspeaker.duckedBy === 0;
      return { samples, endMs, speech: certainty(somebody, isHeardEcho) };
    },
    wordsBetween(fromMs, toMs) {
      const said = person.wordsBetween(fromMs, toMs);
      if (!isEchoAudible) return said;
      const echo = loudspeaker
        .wordsBetween(fromMs - leakDelayMs, toMs - leakDelayMs)
        .map(({ text, startMs, endMs }) => ({
          text,
          startMs: startMs + leakDelayMs,
          endMs: endMs + leakDelayMs,
        }))
        // Half a word of it is none, and who is nearer is heard instead.
        .filter(({ startMs, endMs }) => {
          const middleMs = (startMs + endMs) / 2;
          const isLoud = loudspeaker.duckedAt(middleMs - leakDelayMs) === 0;
          return startMs >= fromMs && isLoud && person.soundAt(middleMs) === null;
        });
      return [...said, ...echo].sort((one, other) => one.endMs - other.endMs);
    },
    momentOf(samples) {
      for (let at = 0; at < samples.length; at++) {
        const moment = moments.get(markOf(samples, at));
        if (moment !== undefined) return moment - at / RATE_PER_MS;
      }
      return null;
    },
  };
}

/** Adds a sound that goes round and round, from a place of it on. Gives the place after the last. */
function mixRound(sound: Float32Array, from: number, into: Float32Array, gain: number): number {
  let place = from % sound.length;
  for (let at = 0; at < into.length; at++) {
    into[at]! += sound[place]! * gain;
    place = place + 1 === sound.length ? 0 : place + 1;
  }
  return place;
}

/** Two samples in a row tell one piece of sound from all others. */
function markOf(samples: Float32Array, at: number): number {
  return samples[at]! * 4_096 + samples[at + 1]!;
}

function certainty(somebody: 'voice' | 'cough' | null, isEcho: boolean): number {
  if (somebody === 'voice' || isEcho) return 0.95;
  return somebody === 'cough' ? 0.7 : 0.02;
}
