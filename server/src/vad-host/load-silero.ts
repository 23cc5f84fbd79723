import { readCheckedFile } from '../lib/read-checked-file.ts';
import type { SileroModel } from '../providers/silero/vad-host-protocol.ts';
import { createSilero, type Silero } from './silero.ts';

/**
 * Loads the model. What is handed to the native library is what was checked, byte by byte: a damaged model ends the process.
 *
 * @throws {HostError} `unavailable`, naming the file and what is wrong with it.
 */
export async function loadSilero(model: SileroModel): Promise<Silero> {
  const bytes = await readCheckedFile(model);
  const runtime = await import('onnxruntime-node');
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return createSilero(session, runtime.Tensor);
}
