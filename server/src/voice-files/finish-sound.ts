import { normaliseLoudness, VOICE_LOUDNESS, type LoudnessTarget } from '../audio/loudness.ts';
import { toDecibels } from '../audio/level.ts';
import { fromPcm16, joinPcm16, toPcm16 } from '../audio/pcm.ts';
import { resample } from '../audio/resample.ts';
import { encodeWav } from '../audio/wav.ts';

/** A stretch of sound as a voice gave it: mono PCM16. */
export interface SoundPiece {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** The loudness of every voice, moved by `volume`, a factor on the amplitude; the peaks stay below the same limit. */
export function loudnessFor(volume = 1): LoudnessTarget {
  return { ...VOICE_LOUDNESS, lufs: VOICE_LOUDNESS.lufs + toDecibels(volume) };
}

/** Pieces of sound, in order and at least one, as one WAV file at -16 LUFS times `volume` and the rate of the first piece. */
export function finishSound(pieces: readonly SoundPiece[], volume = 1): Uint8Array {
  const { sampleRate } = pieces[0]!;
  // A voice that takes over may speak at another rate; the file has one.
  const alike = pieces.map((piece) =>
    piece.sampleRate === sampleRate
      ? piece.samples
      : toPcm16(resample(fromPcm16(piece.samples), piece.sampleRate, sampleRate)),
  );
  const loud = normaliseLoudness(fromPcm16(joinPcm16(alike)), sampleRate, loudnessFor(volume));
  return encodeWav(toPcm16(loud), sampleRate);
}
