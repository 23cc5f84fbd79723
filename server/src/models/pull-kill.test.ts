import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openPullBench, type PullBench } from './testing/pull-bench.ts';
import { verifyModel } from './verify-model.ts';

const child = fileURLToPath(new URL('testing/pull-child.ts', import.meta.url));

/** Runs a pull in a process of its own and kills it at the first line that begins so; true when it got there. */
async function pullUntil(bench: PullBench, line: string): Promise<boolean> {
  const running = spawn(
    process.execPath,
    ['--conditions=malbeot:source', '--import', 'tsx', child, `${bench.mirror.url}/source`, bench.folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(running, 'exit');
  let isKilled = false;
  for await (const said of createInterface({ input: running.stdout })) {
    if (isKilled || !said.startsWith(line)) continue;
    isKilled = running.kill('SIGKILL');
  }
  await ended;
  return isKilled;
}

it.each(['fetch tiny.tar.bz2', 'check tiny.tar.bz2', 'fetch vocoder.onnx', 'check vocoder.onnx', 'unpack'])(
  'is whole after all when a process was killed at "%s"',
  { timeout: 120_000 },
  async (line) => {
    const bench = await openPullBench();
    try {
      bench.mirror.setPiece(3_000);
      expect(await pullUntil(bench, line)).toBe(true);
      // At the end of the unpacking it may have been too quick; then the model is whole.
      const left = bench.installed();
      if (left !== null) expect(bench.isTrue()).toBe(true);
      const model = await bench.pull();
      expect(bench.isTrue()).toBe(true);
      expect((await verifyModel(model, new AbortController().signal)).problems).toEqual([]);
    } finally {
      await bench.close();
    }
  },
);
