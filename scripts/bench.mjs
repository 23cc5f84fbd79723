// `npm run bench`: builds what is stale, then measures it beside its baselines.
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';
import { runInForeground } from './lib/command.mjs';

await makeReady(['server', 'web']).catch(fail);
process.exit(
  await runInForeground(
    process.execPath,
    [
      '--conditions=malbeot:source',
      '--import',
      'tsx',
      path.join(root, 'bench/run.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root },
  ),
);
