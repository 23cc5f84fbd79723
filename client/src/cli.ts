#!/usr/bin/env node
import { readFile } from 'node:fs/promises';

import { runCommandLine } from './command-line/run-command-line.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`Ended by ${signal}.`)));
}
// A reader that has gone, such as `head`, is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  interrupted.abort(error);
});

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  interrupted: interrupted.signal,
  version: readVersion,
});
process.stdin.unref?.();

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
