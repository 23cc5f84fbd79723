import type { ManualClock } from '../../providers/fake/manual-clock.ts';
import type { TextToSpeech } from '../../providers/spec/tts.ts';
import { breakdown, noFaults, refusal, SLOW_MS, type FaultSource } from './simulated-faults.ts';
import { amplitudeOf, soundOf } from './simulated-sound.ts';
import { timeSpoken } from './spoken-words.ts';

export interface SimulatedVoiceOptions {
  readonly clock: ManualClock;
  readonly id?: `fake_${string}`;
  /** Until the first sound; 60 ms. */
  readonly firstSoundMs?: number;
  /** Whether it tells when it says which word; true. */
  readonly givesTimes?: boolean;
  /** 16,000 Hz. */
  readonly sampleRate?: number;
  /** How much quicker than it is heard the sound is made; 8 times. */
  readonly pace?: number;
  readonly faults?: FaultSource;
}

const VOICE_LEVEL = amplitudeOf(-20) * 32_767;
const PIECE_MS = 240;

/** A voice that speaks as the simulated person does: syllable after syllable, with a pause for each mark. */
export function createSimulatedVoice(options: SimulatedVoiceOptions): TextToSpeech {
  const { clock, id = 'fake_voice', firstSoundMs = 60, givesTimes = true } = options;
  const { sampleRate = 16_000, pace = 8, faults = noFaults } = options;
  const perMs = sampleRate / 1000;
  const sound = soundOf('voice', sampleRate);
  return {
    kind: 'tts',
    info: {
      id,
      name: 'Simulated voice',
      cost: 'free',
      local: false,
      standIn: true,
      languages: [],
      needs: '',
    },
    revision: `${id}:1`,
    availability: () => ({ available: true }),
    voices: () => [{ id: 'simulated', name: 'Simulated', languages: [] }],
    async *synthesize({ text, speed = 1 }, signal) {
      const fault = faults();
      if (fault === 'fail') throw refusal(id);
      if (fault === 'deaf') await new Promise(() => {});
      if (fault === 'hang') await clock.sleep(3_600_000, signal);
      await clock.sleep(firstSoundMs + (fault === 'slow' ? SLOW_MS : 0), signal);
      const { words, lengthMs } = timeSpoken(text);
      const samples = new Int16Array(Math.round((lengthMs * perMs) / speed));
      let searchFrom = 0;
      const all = words.map((word) => {
        const textOffset = text.indexOf(word.text, searchFrom);
        searchFrom = textOffset + word.text.length;
        const startMs = word.startMs / speed;
        const end = Math.min(samples.length, Math.round((word.endMs * perMs) / speed));
        const from = Math.round(startMs * perMs);
        for (let at = from, place = from % sound.length; at < end; at++) {
          samples[at] = sound[place]! * VOICE_LEVEL;
          place = place + 1 === sound.length ? 0 : place + 1;
        }
        return { type: 'word', text: word.text, startMs, textOffset } as const;
      });
      const marks = givesTimes ? all : [];
      const piece = Math.round(PIECE_MS * perMs);
      let told = 0;
      for (let at = 0; at < samples.length; at += piece) {
        if (fault === 'die' && at > 0) throw breakdown(id);
        const reachedMs = (at + piece) / perMs;
        while (told < marks.length && marks[told]!.startMs < reachedMs) yield marks[told++]!;
        yield { type: 'audio', samples: samples.subarray(at, at + piece), sampleRate };
        await clock.sleep(PIECE_MS / pace, signal);
      }
    },
  };
}
