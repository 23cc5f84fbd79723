const FRAME_MS = 20;
/** Frames in a row that make speech: a click is shorter. */
const SPEECH_FRAMES = 3;
/** RMS below which nothing counts as speech: -60 dB of full scale. */
const QUIETEST_SPEECH = 0.001;
/** How far above the quietest tenth of the sound speech lies at least: 8 dB. */
const ABOVE_NOISE = 2.5;
/** How far below its loudest moment speech may lie: 26 dB. Soft ends of words are not cut by loud middles. */
const BELOW_LOUDEST = 0.05;

/**
 * `samples` without the silence at both ends, but for `keepMs` of it. Where no speech can be told from the rest, all of it:
 * the server judges. A view of the same memory.
 */
export function trimSilence(
  samples: Float32Array<ArrayBuffer>,
  sampleRate: number,
  keepMs = 200,
): Float32Array<ArrayBuffer> {
  const frameLength = Math.round((sampleRate * FRAME_MS) / 1000);
  const levels = levelsOf(samples, frameLength);
  const sorted = levels.toSorted();
  const noise = sorted[Math.floor(sorted.length / 10)] ?? 0;
  const loudest = sorted.at(-1) ?? 0;
  const threshold = Math.max(QUIETEST_SPEECH, Math.min(noise * ABOVE_NOISE, loudest * BELOW_LOUDEST));
  const spoken = (frame: number) =>
    levels.slice(frame, frame + SPEECH_FRAMES).every((level) => level > threshold);
  const starts = Array.from({ length: Math.max(0, levels.length - SPEECH_FRAMES + 1) }, (_, frame) => frame);
  const first = starts.find(spoken);
  const last = starts.findLast(spoken);
  if (first === undefined || last === undefined) return samples;
  const kept = Math.round((sampleRate * keepMs) / 1000);
  const start = Math.max(0, first * frameLength - kept);
  const end = Math.min(samples.length, (last + SPEECH_FRAMES) * frameLength + kept);
  return samples.subarray(start, end);
}

/** RMS of each whole frame. */
function levelsOf(samples: Float32Array, frameLength: number): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / frameLength) }, (_, frame) => {
    let sum = 0;
    for (let index = frame * frameLength; index < (frame + 1) * frameLength; index++)
      sum += samples[index]! ** 2;
    return Math.sqrt(sum / frameLength);
  });
}
