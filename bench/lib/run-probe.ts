import { fork } from 'node:child_process';
import path from 'node:path';
import type { Probes } from '../probe.ts';
import { root } from './processes.ts';

const LIMIT_MS = 120_000;

/**
 * Runs one measurement in a process of its own.
 *
 * @throws Error when it fails, or has not ended after `limitMs`, two minutes when absent.
 */
export function runProbe<Name extends keyof Probes>(
  name: Name,
  task: Parameters<Probes[Name]>[0],
  limitMs = LIMIT_MS,
): Promise<Awaited<ReturnType<Probes[Name]>>> {
  const child = fork(path.join(root, 'bench/probe.ts'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (answer: { result?: unknown; failure?: string }) => {
      child.disconnect();
      if (answer.failure === undefined) resolve(answer.result as Awaited<ReturnType<Probes[Name]>>);
      else reject(new Error(`The measurement "${name}" failed: ${answer.failure}`));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`The measurement "${name}" ended with ${signal ?? code}.`));
    });
    child.send({ name, task });
  });
}
