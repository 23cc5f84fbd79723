// `npm run kiosk -- --server URL`: the kiosk in the terminal, with the client package built if it is stale.
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';
import { runInForeground } from './lib/command.mjs';

await makeReady(['client']).catch(fail);
process.exit(
  await runInForeground(process.execPath, [
    path.join(root, 'client/dist/cli.js'),
    'kiosk',
    ...process.argv.slice(2),
  ]),
);
