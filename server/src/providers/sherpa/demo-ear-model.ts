import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { EarManifest } from './speech-host-protocol.ts';

/** The model that comes with the server; the same distance from `src` and from `dist`. */
const SHIPPED = fileURLToPath(new URL('../../../models/demo-ear/', import.meta.url));

/** What the demo ear's files have to be, in `directory` (the shipped ones when left out). */
export function demoEarModel(directory: string = SHIPPED): Extract<EarManifest, { family: 'zipformer-ctc' }> {
  return {
    id: 'demo-ear',
    family: 'zipformer-ctc',
    threads: 1,
    files: {
      model: {
        path: join(directory, 'demo-ear.onnx'),
        size: 4_971_099,
        sha256: '7facc4563fb74afc95778086d53a4686f2ce113f1810d6d063bd9d4508c6cc1b',
      },
      tokens: {
        path: join(directory, 'tokens.txt'),
        size: 475,
        sha256: '80a1774696a48086ac59b53b4d4c479878faaa290afc692376672307db2ec35e',
      },
    },
  };
}
