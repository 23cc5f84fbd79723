import type { InstalledModel } from '../operations/models.ts';
import { demoEarModel } from '../providers/sherpa/demo-ear-model.ts';

/** Models that come with the server. */
export function builtInModels(): readonly InstalledModel[] {
  const { id, files } = demoEarModel();
  return [
    {
      id,
      kind: 'ears',
      languages: ['ko'],
      licence: 'Apache-2.0',
      builtIn: true,
      files: Object.values(files),
    },
  ];
}
