import { HostError } from '../lib/child-host-channel.ts';
import { readCheckedFile, type CheckedFile } from '../lib/read-checked-file.ts';
import { createLogMel, MEL_BANDS, MEL_FRAMES } from '../providers/smart-turn/log-mel.ts';

/** The loaded model. */
export interface SmartTurn {
  /** Probability, 0..1, that what is said in the last 8 s of `samples` (mono, 16,000 Hz) is finished. */
  judge(samples: Float32Array): Promise<number>;
}

const INPUT = 'input_features';

/**
 * Loads the model and asks it once about silence, so that the first real question does not take longer than the others.
 *
 * @throws {HostError} `unavailable`, with what is wrong with the file, or that it is another kind of model.
 */
export async function loadSmartTurn(model: CheckedFile): Promise<SmartTurn> {
  const bytes = await readCheckedFile(model);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const logMel = createLogMel();
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const [output = ''] = session.outputNames;
    const judge = async (samples: Float32Array): Promise<number> => {
      const features = new Tensor('float32', logMel(samples), [1, MEL_BANDS, MEL_FRAMES]);
      const answer = (await session.run({ [INPUT]: features }, [output]))[output]?.data;
      const probability = answer instanceof Float32Array && answer.length === 1 ? answer[0]! : Number.NaN;
      if (!(probability >= 0 && probability <= 1))
        throw new TypeError('The model answered something else than one probability.');
      return probability;
    };
    await judge(new Float32Array(0));
    return { judge };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HostError('unavailable', `The model is none of Smart Turn: ${reason}`);
  }
}
