import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-node';

import { FRAME_SAMPLES, type JudgeRequest } from '../providers/silero/vad-host-protocol.ts';

/** The loaded model, with what it remembers of every microphone. */
export interface Silero {
  /** Probability of speech of every frame, in the order in which they were given. */
  judge(request: JudgeRequest): Promise<Float32Array>;
  /** How many microphones it remembers. */
  readonly microphones: number;
}

/** The model hears the end of the frame before in front of every frame; without it, it hears nothing at all. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + FRAME_SAMPLES;
/** Its memory has two layers. */
const LAYER_SIZE = 128;
const SAMPLE_RATE = 16_000n;

interface Remembered {
  readonly layers: readonly [Float32Array, Float32Array];
  readonly context: Float32Array;
}

const fromSilence = (): Remembered => ({
  layers: [new Float32Array(LAYER_SIZE), new Float32Array(LAYER_SIZE)],
  context: new Float32Array(CONTEXT_SAMPLES),
});

/** What it needs of the native library. */
type Session = Pick<InferenceSession, 'run'>;

export function createSilero(session: Session, TensorOf: TensorConstructor): Silero {
  const remembered = new Map<number, Remembered>();
  const sampleRate = new TensorOf('int64', BigInt64Array.of(SAMPLE_RATE), []);

  /** Runs one frame of each of several microphones: one run of many rows takes a third of what a run a frame does. */
  async function run(rows: readonly number[], request: JudgeRequest, probabilities: Float32Array) {
    const count = rows.length;
    const memories = rows.map((row) => memoryOf(request.microphones[row]!));
    const input = new Float32Array(count * INPUT_SAMPLES);
    const state = new Float32Array(2 * count * LAYER_SIZE);
    for (const [place, row] of rows.entries()) {
      const { layers, context } = memories[place]!;
      const frame = request.samples.subarray(row * FRAME_SAMPLES, (row + 1) * FRAME_SAMPLES);
      input.set(context, place * INPUT_SAMPLES);
      input.set(frame, place * INPUT_SAMPLES + CONTEXT_SAMPLES);
      context.set(frame.subarray(FRAME_SAMPLES - CONTEXT_SAMPLES));
      for (const [layer, values] of layers.entries()) state.set(values, (layer * count + place) * LAYER_SIZE);
    }
    const answer = await session.run({
      input: new TensorOf('float32', input, [count, INPUT_SAMPLES]),
      state: new TensorOf('float32', state, [2, count, LAYER_SIZE]),
      sr: sampleRate,
    });
    const output = floatsOf(answer['output'], count);
    const stateAfter = floatsOf(answer['stateN'], 2 * count * LAYER_SIZE);
    for (const [place, row] of rows.entries()) {
      probabilities[row] = output[place]!;
      for (const [layer, values] of memories[place]!.layers.entries()) {
        const start = (layer * count + place) * LAYER_SIZE;
        values.set(stateAfter.subarray(start, start + LAYER_SIZE));
      }
    }
  }

  function memoryOf(microphone: number): Remembered {
    const known = remembered.get(microphone) ?? fromSilence();
    remembered.set(microphone, known);
    return known;
  }

  return {
    get microphones() {
      return remembered.size;
    },
    async judge(request) {
      for (const microphone of request.closed) remembered.delete(microphone);
      const probabilities = new Float32Array(request.microphones.length);
      for (const rows of rounds(request.microphones)) await run(rows, request, probabilities);
      return probabilities;
    },
  };
}

/** The rows in rounds: the first frame of every microphone, then the second of those that have one, and so on. */
function rounds(microphones: Uint32Array): readonly number[][] {
  const all: number[][] = [];
  const seen = new Map<number, number>();
  for (const [row, microphone] of microphones.entries()) {
    const round = seen.get(microphone) ?? 0;
    seen.set(microphone, round + 1);
    (all[round] ??= []).push(row);
  }
  return all;
}

function floatsOf(tensor: Tensor | undefined, length: number): Float32Array {
  const data = tensor?.data;
  if (!(data instanceof Float32Array) || data.length !== length)
    throw new TypeError('The model answered something else than Silero does.');
  return data;
}
