import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SileroModel } from './vad-host-protocol.ts';

/** The model that comes with the server; the same distance from `src` and from `dist`. */
const SHIPPED = fileURLToPath(new URL('../../../models/silero-vad/', import.meta.url));

/** What Silero's file has to be, in `directory` (the shipped one when left out). */
export function shippedModel(directory: string = SHIPPED): SileroModel {
  return {
    path: join(directory, 'silero_vad_v6.onnx'),
    size: 2_327_524,
    sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
  };
}
