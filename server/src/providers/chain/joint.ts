const JOINT_MS = 120;
/** Long enough that the end of a cut sound does not click. */
const RAMP_MS = 5;

/** The short silence between two voices, from the `lastSample` of the first one down. */
export function joint(lastSample: number, sampleRate: number): Int16Array {
  const samples = new Int16Array(Math.round((JOINT_MS * sampleRate) / 1_000));
  const ramp = Math.round((RAMP_MS * sampleRate) / 1_000);
  for (let index = 0; index < ramp; index++)
    samples[index] = Math.round(lastSample * (1 - (index + 1) / ramp));
  return samples;
}
