// `npm run dev`: the server from its sources, started anew on every change, and the pages with hot reload.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fail, makeReady, root } from './lib/bootstrap.mjs';

await makeReady([]).catch(fail);

const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs');
const vite = path.join(root, 'node_modules/vite/bin/vite.js');
const children = [
  spawn(
    process.execPath,
    [tsx, 'watch', '--conditions=malbeot:source', 'server/src/main.ts', 'serve', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(process.execPath, [vite], { cwd: path.join(root, 'web'), stdio: 'inherit' }),
];
const stop = () => children.forEach((child) => child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('close', stop);
